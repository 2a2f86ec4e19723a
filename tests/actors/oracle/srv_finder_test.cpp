// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/srv_finder.hpp"
#include "messages/oracle_limits.hpp"
#include "tests/support/deterministic.hpp"

#include <caf/event_based_actor.hpp>
#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

using addresses = std::vector<std::string>;

srv_answer answer_of(std::vector<srv_answer::record> records, std::chrono::seconds ttl = 60s) {
  return {"name", std::move(records), ttl, {}};
}

const srv_answer failure{"name", {}, 0s, "no server"};
const srv_cache::question name{0, "name"};
const srv_cache::time_point start{1h};

/// When that name is asked again.
std::chrono::steady_clock::duration pause_after(const srv_answer& answer) {
  srv_cache cache{1};
  cache.want({name});
  cache.due(start);
  cache.heard({0, answer}, start);
  return cache.next_due() - start;
}

caf::behavior listening_proxy(caf::event_based_actor*, std::shared_ptr<std::vector<set_replicas>> told) {
  return {[told](const set_replicas& m) { told->push_back(m); }};
}

/// DNS servers of two datacenters, and a proxy that is told of replicas.
struct finder_fixture {
  test::deterministic sys;
  std::map<std::string, srv_answer> zone; ///< by name; no other exists
  bool down = false;
  std::vector<std::string> asked;
  std::shared_ptr<std::vector<set_replicas>> told = std::make_shared<std::vector<set_replicas>>();
  std::shared_ptr<node_metrics> metrics = std::make_shared<node_metrics>();
  srv_finder_actor finder;

  finder_fixture() {
    srv_resolver resolve = [this](std::string what, std::function<void(srv_answer)> then) {
      asked.push_back(what);
      auto answer = down ? failure : zone[what];
      answer.name = what;
      then(answer);
    };
    srv_finder_config config;
    config.places = {{"ams", "_argentum._tcp.{instance}.{datacenter}.example.", resolve},
                     {"ber", "{instance}.in.{datacenter}.example.", resolve}};
    config.metrics = metrics;
    finder = sys.spawn(srv_finder, config);
  }
  ~finder_fixture() { sys.stop(finder); }

  void add(const std::string& instance) {
    auto proxy = sys.spawn(listening_proxy, told);
    sys.tell(finder, add_proxy{instance, caf::actor_cast<proxy_lookup_port>(proxy)});
  }
  /// What the proxy knows of a rank.
  addresses known(std::uint32_t rank) const {
    addresses out;
    if (told->empty()) return out;
    for (const auto& each : told->back().replicas)
      if (each.rank == rank) out.push_back(each.address);
    return out;
  }
  static constexpr const char* ams = "_argentum._tcp.dns.ams.example.";
  static constexpr const char* ber = "dns.in.ber.example.";
};

} // namespace

TEST_CASE("a time to live is obeyed within its bounds, and the name asked again before it is over") {
  auto within = [](auto pause, auto ttl) { return pause >= ttl * 3 / 4 && pause < ttl; };
  CHECK(within(pause_after(answer_of({{"a:1", 0, 0}}, 100s)), 100s));
  CHECK(within(pause_after(answer_of({{"a:1", 0, 0}}, 0s)), std::chrono::milliseconds{limits::dns_ttl_min}));
  CHECK(within(pause_after(answer_of({{"a:1", 0, 0}}, 1000h)), std::chrono::seconds{limits::dns_ttl_max}));
  CHECK(within(pause_after(answer_of({}, 1000h)), std::chrono::milliseconds{limits::dns_negative_ttl}));
  CHECK(within(pause_after(failure), std::chrono::milliseconds{limits::dns_negative_ttl}));
}

TEST_CASE("old answers go on while there is none, and end when the name is gone") {
  srv_cache cache{1};
  cache.want({name});
  CHECK(cache.due(start) == std::vector{name});
  CHECK(cache.due(start + 1h).empty()); // asked once until it is answered
  CHECK(!cache.heard({0, answer_of({{"a:1", 0, 0}})}, start));
  CHECK(cache.heard({0, failure}, start + 60s)); // news
  CHECK(!cache.heard({0, failure}, start + 65s));
  CHECK(cache.known(name).size() == 1);
  CHECK(cache.heard({0, answer_of({})}, start + 70s));
  CHECK(cache.known(name).empty());
  CHECK(!cache.heard({1, answer_of({{"a:1", 0, 0}})}, start)); // another server's
  cache.want({});
  CHECK(cache.next_due() == srv_cache::time_point::max());
}

TEST_CASE_FIXTURE(finder_fixture, "replicas of our own datacenter come first, by priority, then the others'") {
  zone[ams] = answer_of({{"a1:1", 10, 5}, {"a2:1", 20, 0}});
  zone[ber] = answer_of({{"b1:1", 10, 0}});
  add("dns");
  CHECK(asked == addresses{ams, ber});
  CHECK(known(0) == addresses{"a1:1"});
  CHECK(known(1) == addresses{"a2:1"});
  CHECK(known(2) == addresses{"b1:1"});
}

TEST_CASE_FIXTURE(finder_fixture, "changes are told once, within the time to live") {
  zone[ams] = answer_of({{"a1:1", 10, 0}}, 10s);
  add("dns");
  sys.advance(60s);
  CHECK(told->size() == 1);
  zone[ams] = answer_of({{"new:1", 10, 0}}, 10s);
  sys.advance(10s);
  CHECK(known(0) == addresses{"new:1"});
}

TEST_CASE_FIXTURE(finder_fixture,
                  "nobody is told of nothing: not while the server is down, not when all names are gone") {
  zone[ams] = answer_of({{"a1:1", 10, 0}}, 10s);
  add("dns");
  down = true;
  sys.advance(10min);
  CHECK(told->size() == 1);
  CHECK(metrics->dns_failures.value() > 100);
  down = false;
  zone.clear();
  sys.advance(10min);
  CHECK(told->size() == 1);
  zone[ams] = answer_of({{"a2:1", 10, 0}}, 10s);
  sys.advance(10s);
  CHECK(known(0) == addresses{"a2:1"});
}

TEST_CASE_FIXTURE(finder_fixture, "a name that is gone takes its replicas with it if others are left") {
  zone[ams] = answer_of({{"a1:1", 10, 0}}, 10s);
  zone[ber] = answer_of({{"b1:1", 10, 0}}, 10s);
  add("dns");
  zone.erase(ams);
  sys.advance(10s);
  CHECK(known(0).empty());
  CHECK(known(1) == addresses{"b1:1"});
}

TEST_CASE_FIXTURE(finder_fixture, "names of an instance that is no proxy any more are asked for no more") {
  add("dns");
  sys.tell(finder, remove_proxy{"dns"});
  asked.clear();
  sys.advance(10min);
  CHECK(asked.empty());
}
