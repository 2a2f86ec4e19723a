// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/nearest.hpp"
#include "messages/oracle_limits.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

/// Datacenters stand on a line.
std::chrono::microseconds on_a_line(const coordinate& a, const coordinate& b) {
  return std::chrono::microseconds{static_cast<std::int64_t>(1000 * std::abs(a.at[0] - b.at[0]))};
}

near_member at(const std::string& node, const std::string& datacenter, double milliseconds,
               member_state state = member_state::alive) {
  near_member out;
  out.who.node = node;
  out.who.address = node + ":1";
  out.who.datacenter = datacenter;
  out.who.where.at[0] = milliseconds;
  out.who.state = state;
  return out;
}

struct place_and_rtt {
  std::string datacenter;
  std::chrono::milliseconds rtt;
  bool operator==(const place_and_rtt&) const = default;
};

std::vector<place_and_rtt> order(const nearest_reply& reply) {
  std::vector<place_and_rtt> out;
  for (const auto& each : reply.groups)
    out.push_back({each.datacenter, std::chrono::duration_cast<std::chrono::milliseconds>(each.rtt)});
  return out;
}

} // namespace

TEST_CASE("datacenters are ordered from the asker's own, which comes first") {
  nearest near{"ams", on_a_line};
  near.know({at("a1", "ams", 0), at("a2", "ams", 1), at("b1", "ber", 10), at("c1", "cdg", 12), at("c2", "cdg", 13),
             at("n1", "nrt", 200)});
  CHECK(order(near.answer({"leaf", "ber", {}}, {}))
        == std::vector<place_and_rtt>{{"ber", 0ms}, {"cdg", 3ms}, {"ams", 10ms}, {"nrt", 190ms}});
  CHECK(order(near.answer({"leaf", "ams", {}}, {}))
        == std::vector<place_and_rtt>{{"ams", 1ms}, {"ber", 10ms}, {"cdg", 12ms}, {"nrt", 200ms}});
  CHECK(near.answer({"leaf", "ber", {}}, {}).groups[2].upstreams.size() == 2);
}

TEST_CASE("who asks from a datacenter without members gets the order of the one that answers") {
  nearest near{"ber", on_a_line};
  near.know({at("a1", "ams", 0), at("b1", "ber", 10), at("c1", "cdg", 12)});
  CHECK(order(near.answer({"leaf", "nowhere", {}}, {}))
        == std::vector<place_and_rtt>{{"ber", 0ms}, {"cdg", 2ms}, {"ams", 10ms}});
}

TEST_CASE("what was measured counts more than what coordinates say") {
  nearest near{"ams", on_a_line};
  auto far = at("b1", "ber", 10);
  far.rtt = 80ms;
  near.know({at("a1", "ams", 0), far, at("c1", "cdg", 12)});
  CHECK(order(near.answer({"leaf", "ams", {}}, {}))
        == std::vector<place_and_rtt>{{"ams", 0ms}, {"cdg", 12ms}, {"ber", 80ms}});
  CHECK(order(near.answer({"leaf", "ber", {}}, {}))
        == std::vector<place_and_rtt>{{"ber", 0ms}, {"cdg", 2ms}, {"ams", 80ms}});
}

TEST_CASE("the dead are left out, suspects come last") {
  nearest near{"ams", on_a_line};
  near.know({at("s", "ams", 0, member_state::suspect), at("d", "ams", 0, member_state::dead),
             at("l", "ams", 0, member_state::left), at("a", "ams", 0), at("gone", "ber", 1, member_state::dead)});
  auto reply = near.answer({"leaf", "ams", {}}, {});
  REQUIRE(reply.groups.size() == 1);
  CHECK(reply.groups[0].upstreams == std::vector<contact>{{"a", "a:1"}, {"s", "s:1"}});
}

TEST_CASE("an answer is bounded: the nearest datacenters, some of each, a share for each instance") {
  nearest near{"dc0", on_a_line};
  std::vector<near_member> all;
  replica_registry registry;
  for (int i = 0; i < 400; ++i) all.push_back(at(fmt::format("n{}", i), fmt::format("dc{}", i / 20), i));
  for (int i = 0; i < 3000; ++i)
    registry.enter({{fmt::format("r{}", i), fmt::format("r{}:1", i)}, {"dns", "waf"}, 1min}, {});
  near.know(all);
  auto reply = near.answer({"leaf", "dc0", {"dns", "waf"}}, registry);
  REQUIRE(reply.groups.size() == limits::near_groups_max);
  CHECK(reply.groups.back().datacenter == fmt::format("dc{}", limits::near_groups_max - 1));
  for (const auto& each : reply.groups) CHECK(each.upstreams.size() == limits::near_contacts_max);
  CHECK(reply.replicas.size() == limits::near_replicas_max);
  CHECK(reply.replicas.front().instance == "dns");
  CHECK(reply.replicas.back().instance == "waf");
}
