// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/replica_registry.hpp"
#include "messages/oracle_limits.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

register_replica registration(const std::string& node, std::vector<std::string> instances,
                              std::chrono::milliseconds ttl = limits::replica_ttl) {
  return {{node, node + ":1"}, std::move(instances), ttl};
}

std::vector<contact> all_of(const replica_registry& registry, const std::string& instance) {
  return registry.of(instance, "asker", 100);
}

const replica_registry::time_point start{};

} // namespace

TEST_CASE("replicas are found by instance until their time is over") {
  replica_registry registry;
  CHECK(registry.enter(registration("a", {"dns", "waf"}, 10s), start));
  CHECK(registry.enter(registration("b", {"dns"}, 20s), start));
  CHECK(all_of(registry, "dns").size() == 2);
  CHECK(all_of(registry, "waf") == std::vector{contact{"a", "a:1"}});
  CHECK(all_of(registry, "cdn").empty());
  registry.expire(start + 10s);
  CHECK(all_of(registry, "dns") == std::vector{contact{"b", "b:1"}});
  CHECK(all_of(registry, "waf").empty());
  CHECK(registry.size() == 1);
}

TEST_CASE("a registration replaces the one before it") {
  replica_registry registry;
  registry.enter(registration("a", {"dns", "waf"}), start);
  registry.enter({{"a", "elsewhere:2"}, {"waf"}, limits::replica_ttl}, start + 1s);
  CHECK(all_of(registry, "dns").empty());
  CHECK(all_of(registry, "waf") == std::vector{contact{"a", "elsewhere:2"}});
  registry.enter(registration("a", {}), start + 2s);
  CHECK(registry.size() == 0);
  CHECK(all_of(registry, "waf").empty());
}

TEST_CASE("a time to live has a bound, whatever is asked for") {
  replica_registry registry;
  registry.enter(registration("a", {"dns"}, std::chrono::hours{1000}), start);
  registry.expire(start + limits::replica_ttl);
  CHECK(registry.size() == 0);
}

TEST_CASE("a full registry refuses, and a repetition needs no room of its own") {
  replica_registry registry;
  std::vector<std::string> half;
  for (std::size_t i = 0; i < limits::registered_replicas_max / 2; ++i) half.push_back(fmt::format("i{}", i));
  CHECK(registry.enter(registration("a", half), start));
  CHECK(registry.enter(registration("b", half), start));
  CHECK(!registry.enter(registration("c", {"dns"}), start));
  CHECK(all_of(registry, "dns").empty());
  CHECK(registry.enter(registration("b", half), start));
  CHECK(registry.size() == limits::registered_replicas_max);
}

TEST_CASE("an asker is not told of itself; of many, each gets its own few, always the same") {
  replica_registry registry;
  for (int i = 0; i < 40; ++i) registry.enter(registration(fmt::format("n{}", i), {"dns"}), start);
  CHECK(registry.of("dns", "n7", 100).size() == 39);
  std::map<std::string, int> chosen;
  for (int asker = 0; asker < 400; ++asker) {
    auto name = fmt::format("asker{}", asker);
    auto few = registry.of("dns", name, 4);
    REQUIRE(few.size() == 4);
    CHECK(few == registry.of("dns", name, 4));
    for (const auto& each : few) ++chosen[each.node];
  }
  CHECK(chosen.size() == 40); // 40 each on average
  for (const auto& [node, times] : chosen) CHECK(times > 15);
}
