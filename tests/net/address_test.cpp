// SPDX-License-Identifier: Apache-2.0
#include "apps/net/address.hpp"

#include <doctest/doctest.h>

using namespace argentum;

TEST_CASE("host and port are told apart, IPv6 in brackets") {
  auto plain = net::parse_address("db.example:7000");
  REQUIRE(plain);
  CHECK(plain->host == "db.example");
  CHECK(plain->port == 7000);
  auto bracketed = net::parse_address("[::1]:0");
  REQUIRE(bracketed);
  CHECK(bracketed->host == "::1");
  CHECK(bracketed->port == 0);
}

TEST_CASE("what is no address is refused") {
  for (auto text : {"", ":", "host", "host:", ":7000", "host:70000", "host:-1", "host:7x", "::1:7000", "[]:1"}) {
    INFO(std::string{text});
    auto parsed = net::parse_address(text);
    REQUIRE_FALSE(parsed);
    CHECK(code_of(parsed.error()) == errc::invalid);
  }
}
