// SPDX-License-Identifier: Apache-2.0
// A real dnsmasq on a loopback port, with the records that a test wants. It ends with this object.
#pragma once

#include "tests/support/temp_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <random>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <vector>

extern char** environ;

namespace argentum::test {

class dns_server {
 public:
  dns_server() : port_(free_port()) {}
  ~dns_server() { stop(); }
  dns_server(const dns_server&) = delete;
  dns_server& operator=(const dns_server&) = delete;

  std::string address() const { return fmt::format("127.0.0.1:{}", port_); }

  /// Each record as an option: "--srv-host=NAME,TARGET,PORT,PRIORITY,WEIGHT", "--host-record=NAME,IP".
  void start(const std::vector<std::string>& records, int ttl) {
    stop();
    std::vector<std::string> words{"dnsmasq",
                                   "--keep-in-foreground",
                                   "--conf-file=/dev/null",
                                   "--no-resolv",
                                   "--no-hosts",
                                   "--bind-interfaces",
                                   "--listen-address=127.0.0.1",
                                   "--local=/example/",
                                   "--user=",
                                   "--pid-file=" + dir_.path() + "/pid"};
    words.push_back(fmt::format("--port={}", port_));
    words.push_back(fmt::format("--local-ttl={}", ttl));
    words.insert(words.end(), records.begin(), records.end());
    std::vector<char*> arguments;
    for (auto& each : words) arguments.push_back(each.data());
    arguments.push_back(nullptr);
    REQUIRE(posix_spawnp(&child_, "dnsmasq", nullptr, nullptr, arguments.data(), environ) == 0);
  }
  void stop() {
    if (child_ == 0) return;
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    child_ = 0;
  }

 private:
  /// Free for both protocols, and not of those that the system gives to clients.
  static std::uint16_t free_port() {
    boost::asio::io_context context;
    auto here = boost::asio::ip::address_v4::loopback();
    for (std::random_device random;;) {
      auto port = static_cast<std::uint16_t>(20'000 + random() % 10'000);
      boost::system::error_code in_use;
      boost::asio::ip::udp::socket udp{context, boost::asio::ip::udp::v4()};
      boost::asio::ip::tcp::acceptor tcp{context, boost::asio::ip::tcp::v4()};
      udp.bind({here, port}, in_use);
      if (!in_use) tcp.bind({here, port}, in_use);
      if (!in_use) return port;
    }
  }

  temp_dir dir_;
  const std::uint16_t port_;
  pid_t child_ = 0;
};

} // namespace argentum::test
