// SPDX-License-Identifier: Apache-2.0
// A real dnsmasq on a loopback port, with the records that a test wants. It ends with this object.
#pragma once

#include "tests/support/temp_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
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
  static std::uint16_t free_port() {
    boost::asio::io_context context;
    boost::asio::ip::udp::socket socket{context, {boost::asio::ip::address_v4::loopback(), 0}};
    return socket.local_endpoint().port();
  }

  temp_dir dir_;
  const std::uint16_t port_;
  pid_t child_ = 0;
};

} // namespace argentum::test
