// SPDX-License-Identifier: Apache-2.0
#include "apps/net/udp_transport.hpp"
#include "messages/oracle_limits.hpp"
#include "tests/support/wait_until.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace argentum;
using namespace argentum::test;

namespace {

/// A socket at a port of the system's choice, and what it got.
class end {
 public:
  end(net::event_loops& loops, const std::string& host) : transport_(std::make_shared<net::udp_transport>(loops)) {
    auto opened = transport_->open({host, 0});
    REQUIRE(opened);
    address =
        fmt::format("{}:{}", host.find(':') == std::string::npos ? host : "[" + host + "]", transport_->port());
    transport_->start([this](datagram what) {
      std::lock_guard lock{mutex_};
      got_.push_back(std::move(what));
    });
  }
  ~end() { transport_->close(); }

  std::vector<datagram> got() const {
    std::lock_guard lock{mutex_};
    return got_;
  }
  net::udp_transport* operator->() const { return transport_.get(); }

  std::string address;

 private:
  std::shared_ptr<net::udp_transport> transport_;
  mutable std::mutex mutex_;
  std::vector<datagram> got_;
};

} // namespace

TEST_CASE("datagrams arrive whole, with the address to answer to") {
  net::event_loops loops{2};
  for (std::string host : {"127.0.0.1", "::1"}) {
    CAPTURE(host);
    end a{loops, host}, b{loops, host};
    std::string bytes(limits::datagram_bytes_max, '\0');
    bytes[7] = 'x';
    a->send(b.address, bytes);
    REQUIRE(wait_until([&] { return b.got().size() == 1; }));
    CHECK(b.got()[0].bytes == bytes);
    CHECK(b.got()[0].address == a.address);
    b->send(b.got()[0].address, "back");
    CHECK(wait_until([&] { return a.got().size() == 1; }));
  }
}

TEST_CASE("a name is resolved, and what is sent meanwhile may be lost") {
  net::event_loops loops{1};
  end a{loops, "127.0.0.1"}, b{loops, "127.0.0.1"};
  auto named = "localhost" + b.address.substr(b.address.rfind(':'));
  CHECK(wait_until([&] {
    a->send(named, "hello");
    return !b.got().empty();
  }));
}

TEST_CASE("what cannot be sent is lost in silence, and a large one never arrives") {
  net::event_loops loops{1};
  end a{loops, "127.0.0.1"}, b{loops, "127.0.0.1"};
  a->send("no address", "x");
  a->send("host.invalid:1", "x");
  a->send("[::1]:1", "x"); // another family
  a->send(b.address, std::string(limits::datagram_bytes_max + 1, 'l'));
  a->send(b.address, "last");
  REQUIRE(wait_until([&] { return !b.got().empty(); }));
  CHECK(b.got()[0].bytes == "last");
}

TEST_CASE("an address in use, or of nobody here, is an error for people") {
  net::event_loops loops{1};
  end a{loops, "127.0.0.1"};
  net::udp_transport other{loops};
  auto port = static_cast<std::uint16_t>(std::stoi(a.address.substr(a.address.rfind(':') + 1)));
  CHECK(code_of(other.open({"127.0.0.1", port}).error()) == errc::unavailable);
  CHECK(code_of(net::udp_transport{loops}.open({"host.invalid", 1}).error()) == errc::invalid);
}
