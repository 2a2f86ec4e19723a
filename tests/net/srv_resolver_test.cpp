// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/srv_cache.hpp"
#include "apps/net/event_loops.hpp"
#include "apps/net/srv_resolver.hpp"
#include "messages/oracle_limits.hpp"
#include "tests/net/dns_server.hpp"
#include "tests/support/wait_until.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <future>

using namespace argentum;
using namespace std::chrono_literals;

namespace {

const std::string service = "_argentum._tcp.dns.ams.example.";
using record = srv_answer::record;

struct resolver_fixture {
  test::dns_server server;
  net::event_loops loops{1};
  srv_resolver resolve = *net::make_srv_resolver(loops.at(0), {server.address()});

  srv_answer ask(const std::string& name = service) const {
    auto answer = std::make_shared<std::promise<srv_answer>>();
    auto found = answer->get_future();
    resolve(name, [answer](srv_answer what) { answer->set_value(std::move(what)); });
    REQUIRE(found.wait_for(20s) == std::future_status::ready);
    return found.get();
  }
  /// Asks until that is the answer: a server needs a moment to start.
  bool comes(const std::vector<record>& wanted, const std::string& name = service) const {
    return test::wait_until([&] {
      auto answer = ask(name);
      return answer.problem.empty() && answer.records == wanted;
    });
  }
};

const std::vector<std::string> two_replicas{
    "--srv-host=_argentum._tcp.dns.ams.example,r1.example,7001,10,5",
    "--srv-host=_argentum._tcp.dns.ams.example,r2.example,7002,20,0",
    "--host-record=r1.example,127.0.0.11",
    "--host-record=r2.example,127.0.0.12,::12",
};

} // namespace

TEST_CASE_FIXTURE(resolver_fixture, "SRV records and the addresses of their targets, by priority") {
  server.start(two_replicas, 77);
  CHECK(comes({{"127.0.0.11:7001", 10, 5}, {"127.0.0.12:7002", 20, 0}, {"[::12]:7002", 20, 0}}));
  auto answer = ask();
  CHECK(answer.name == service);
  CHECK(answer.ttl == 77s);
}

TEST_CASE_FIXTURE(resolver_fixture, "records appear, change and vanish") {
  server.start({}, 10);
  CHECK(comes({}));
  server.start(two_replicas, 10);
  CHECK(test::wait_until([&] { return ask().records.size() == 3; }));
  server.start({two_replicas[0], "--host-record=r1.example,127.0.0.99"}, 10);
  CHECK(comes({{"127.0.0.99:7001", 10, 5}}));
}

TEST_CASE_FIXTURE(resolver_fixture, "no server is a problem, in time; one that comes back answers again") {
  server.start(two_replicas, 10);
  CHECK(test::wait_until([&] { return ask().records.size() == 3; }));
  server.stop();
  auto asked = std::chrono::steady_clock::now();
  auto answer = ask();
  CHECK(std::chrono::steady_clock::now() - asked < 2 * limits::dns_timeout + 5s);
  CHECK(!answer.problem.empty());
  CHECK(answer.records.empty());
  CHECK(answer.name == service);
  server.start(two_replicas, 10);
  CHECK(test::wait_until([&] { return ask().records.size() == 3; }));
}

TEST_CASE_FIXTURE(resolver_fixture,
                  "what is cached: as long as the server says, on while it is away, renewed when it is back") {
  actors::srv_cache cache{1};
  const actors::srv_cache::question name{0, service};
  auto now = [] { return std::chrono::steady_clock::now(); };
  auto renew = [&] {
    for (const auto& each : cache.due(now())) cache.heard({each.place, ask(each.name)}, now());
  };
  auto becomes = [&](const std::vector<record>& wanted) {
    return test::wait_until([&] {
      renew();
      return cache.known(name) == wanted;
    });
  };
  server.start({two_replicas[0], two_replicas[2]}, 2);
  REQUIRE(comes({{"127.0.0.11:7001", 10, 5}}));
  cache.want({name});
  auto before = now();
  renew();
  CHECK(cache.known(name).size() == 1);
  CHECK(cache.next_due() >= before + 2s * 3 / 4);
  CHECK(cache.next_due() < now() + 2s);
  server.stop();
  bool failed = test::wait_until([&] {
    for (const auto& each : cache.due(now()))
      if (cache.heard({each.place, ask(each.name)}, now())) return true;
    return false;
  });
  CHECK(failed);
  CHECK(cache.known(name).size() == 1);
  server.start({two_replicas[0], "--host-record=r1.example,127.0.0.99"}, 2);
  CHECK(becomes({{"127.0.0.99:7001", 10, 5}}));
  server.start({}, 2);
  CHECK(becomes({}));
  CHECK(cache.next_due() > now() + limits::dns_negative_ttl / 2);
}

TEST_CASE_FIXTURE(resolver_fixture, "a target without address is left out; if none has one, that is a problem") {
  server.start({two_replicas[0], two_replicas[1], two_replicas[2]}, 10);
  CHECK(comes({{"127.0.0.11:7001", 10, 5}}));
  server.start({two_replicas[0]}, 10);
  CHECK(test::wait_until([&] { return ask().problem.rfind("r1.example", 0) == 0; }));
}

TEST_CASE_FIXTURE(resolver_fixture, "an answer too large for a datagram comes by TCP") {
  std::vector<std::string> records{"--host-record=r.example,127.0.0.1"};
  for (int port = 1000; port < 1200; ++port)
    records.push_back(fmt::format("--srv-host=_argentum._tcp.dns.ams.example,r.example,{},1,1", port));
  server.start(records, 10);
  CHECK(test::wait_until([&] { return ask().records.size() == 200; }));
}

TEST_CASE_FIXTURE(resolver_fixture, "many questions at a time are answered each") {
  server.start(two_replicas, 10);
  CHECK(test::wait_until([&] { return ask().records.size() == 3; }));
  std::atomic<int> answers = 0;
  for (int i = 0; i < 200; ++i)
    resolve(service, [&answers](const srv_answer& what) { answers += what.records.size() == 3 ? 1 : 0; });
  CHECK(test::wait_until([&] { return answers == 200; }));
}

TEST_CASE("a resolver may go while questions are under way, before its loop does and after") {
  test::dns_server nobody;
  net::event_loops loops{1};
  for (int round = 0; round < 20; ++round) {
    auto made = net::make_srv_resolver(loops.at(0), {nobody.address()});
    REQUIRE(made);
    for (int i = 0; i < 10; ++i) (*made)(service, [](const srv_answer&) {});
  }
  auto last = net::make_srv_resolver(loops.at(0), {nobody.address()});
  (*last)(service, [](const srv_answer&) {});
  loops.stop();
}

TEST_CASE("servers are addresses") {
  net::event_loops loops{1};
  CHECK(!net::make_srv_resolver(loops.at(0), {"not an address"}));
  CHECK(net::make_srv_resolver(loops.at(0), {"127.0.0.1", "[::1]:5353"}));
  CHECK(net::make_srv_resolver(loops.at(0), {}));
}
