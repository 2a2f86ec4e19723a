// SPDX-License-Identifier: Apache-2.0
#include "actors/peer/handshake.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;

namespace {

hello named(std::string node, std::uint64_t process) {
  hello h;
  h.node = std::move(node);
  h.process = process;
  return h;
}

} // namespace

TEST_CASE("a stranger is welcome") {
  CHECK(!objection(named("a", 1), named("b", 2)));
}

TEST_CASE("a node refuses itself, also under another name") {
  CHECK(objection(named("a", 1), named("a", 1)).value().find("itself") != std::string::npos);
  CHECK(objection(named("a", 1), named("b", 1)).value().find("itself") != std::string::npos);
}

TEST_CASE("two nodes with one name are told apart by their process, and refused") {
  CHECK(objection(named("a", 1), named("a", 2)).value() == "two nodes have the name a");
}

TEST_CASE("a peer must have a name, one that cannot forge a log line") {
  CHECK(objection(named("a", 1), named("", 2)));
  auto refused = objection(named("a", 1), named("b\n2026-01-01 error: all is lost", 2));
  CHECK(refused.value() == "the peer gave no proper node name");
}

TEST_CASE("protocol ranges must overlap") {
  auto own = named("a", 1);
  own.protocol_min = 2;
  own.protocol_max = 4;
  auto peer = named("b", 2);
  auto with = [&](std::uint32_t low, std::uint32_t high) {
    peer.protocol_min = low;
    peer.protocol_max = high;
    return objection(own, peer).has_value();
  };
  CHECK(with(1, 1));
  CHECK(!with(1, 2));
  CHECK(!with(3, 3));
  CHECK(!with(4, 9));
  CHECK(with(5, 9));
}
