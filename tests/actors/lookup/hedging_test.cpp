// SPDX-License-Identifier: Apache-2.0
// Replicas that are slow, stop, fail and come back: no reader of a proxy waits for them.
#include "tests/actors/lookup/lookup_world.hpp"

using namespace argentum;
using namespace argentum::test;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;

namespace {

struct hedging_fixture {
  lookup_world w;
  index_t version = w.put("a", "value");

  std::shared_ptr<fetch_outcome> fetch() { return w.fetch({{"a", version}}); }
  /// So many answers that their percentile is known.
  void warm_up() {
    for (int i = 0; i < 40; ++i) CHECK(fetch()->values == strings{"value"});
  }
  /// A read that replica `i`, which is mute, was asked for.
  std::shared_ptr<fetch_outcome> read_asked_of(std::size_t i) {
    auto before = w.replicas[i].asked.size();
    auto out = fetch();
    for (int tries = 0; w.replicas[i].asked.size() == before && tries < 100; ++tries) out = fetch();
    REQUIRE(w.replicas[i].asked.size() == before + 1);
    return out;
  }
  /// Replica 0 is asked three times in vain.
  void isolate() {
    w.replicas[0].mute = true;
    w.cut(1, false);
    std::vector<std::shared_ptr<fetch_outcome>> outs;
    for (const char* key : {"b", "c", "d"}) outs.push_back(w.fetch({{key, w.put(key, key)}}));
    REQUIRE(w.replicas[0].asked.size() >= 3);
    w.sys.advance(limits::lookup_attempt + limits::lookup_sweep);
    for (const auto& out : outs) CHECK(out->values.size() == 1); // by the other
    CHECK(w.metrics->replicas_isolated.value() == 1);
  }
};

} // namespace

TEST_CASE_FIXTURE(hedging_fixture,
                  "a replica that is late: another one is asked after the usual time, and answers") {
  warm_up();
  w.replicas[0].mute = true;
  auto out = read_asked_of(0);
  CHECK(out->answers == 0);
  w.sys.advance(limits::hedge_delay_min - 1us);
  CHECK(out->answers == 0);
  w.sys.advance(1us);
  CHECK(out->values == strings{"value"});
  CHECK(w.metrics->hedges.value() == 1);
  CHECK(w.metrics->hedges_won.value() == 1);
  CHECK(w.metrics->lookup_retries.value() == 0);
}

TEST_CASE_FIXTURE(hedging_fixture, "the late answer changes nothing, and says how slow the replica is") {
  warm_up();
  w.replicas[0].mute = true;
  auto out = read_asked_of(0);
  w.sys.advance(300ms);
  CHECK(out->answers == 1);
  auto fills = *w.fills;
  w.answer(0, w.replicas[0].asked.size() - 1);
  CHECK(out->answers == 1);
  CHECK(*w.fills == fills);
  w.sys.advance(limits::pool_report_interval);
  auto report = w.report->load();
  CHECK(report->replicas[0].latency > 30ms);
  CHECK(report->replicas[0].timeouts == 0);
  CHECK(report->replicas[0].in_flight == 0);
}

TEST_CASE_FIXTURE(hedging_fixture, "when both stop the hedge is not repeated, and the read fails at its deadline") {
  warm_up();
  w.replicas[0].mute = w.replicas[1].mute = true;
  auto asked = w.requests();
  auto out = fetch();
  w.sys.advance(limits::lookup_attempt - 1ms);
  CHECK(w.requests() == asked + 2);
  w.sys.advance(limits::lookup_deadline);
  CHECK(out->failed == errc::no_replica);
}

TEST_CASE_FIXTURE(hedging_fixture, "the first of the two is quicker after all") {
  warm_up();
  w.replicas[0].mute = w.replicas[1].mute = true;
  auto out = fetch();
  w.sys.advance(10ms);
  REQUIRE(w.metrics->hedges.value() == 1);
  std::size_t first = w.replicas[0].asked.back().id < w.replicas[1].asked.back().id ? 0 : 1;
  w.answer(first, w.replicas[first].asked.size() - 1);
  CHECK(out->values == strings{"value"});
  CHECK(w.metrics->hedges_won.value() == 0);
}

TEST_CASE_FIXTURE(hedging_fixture, "one answer of two that is no answer leaves the read to the other") {
  warm_up();
  w.replicas[0].mute = w.replicas[1].mute = true;
  auto out = fetch();
  w.sys.advance(10ms);
  REQUIRE(w.metrics->hedges.value() == 1);
  w.replicas[0].falsify = [](lookup_response& r) { r.answers[0] = {lookup_status::behind, 0, {}}; };
  w.answer(0, w.replicas[0].asked.size() - 1);
  CHECK(out->answers == 0);
  auto asked = w.requests();
  w.sys.advance(100ms);
  CHECK(w.requests() == asked);
  w.answer(1, w.replicas[1].asked.size() - 1);
  CHECK(out->values == strings{"value"});
}

TEST_CASE_FIXTURE(hedging_fixture, "an isolated replica is probed with a copy of what another one answers") {
  isolate();
  w.sys.advance(limits::replica_isolation);
  auto asked = w.replicas[0].asked.size();
  for (int i = 0; i < 5; ++i) CHECK(fetch()->values == strings{"value"}); // it is mute still: nobody waits for it
  CHECK(w.replicas[0].asked.size() == asked + 1);
  w.sys.advance(limits::lookup_attempt + limits::lookup_sweep + limits::pool_report_interval);
  CHECK(w.metrics->replicas_isolated.value() == 2);
  auto entry = w.report->load()->replicas[0];
  CHECK(entry.trouble == "no answer in time, 4 times in a row");
  w.replicas[0].mute = false;
  w.sys.advance(limits::replica_isolation); // it is twice as long now
  CHECK(fetch()->values == strings{"value"});
  CHECK(w.replicas[0].asked.size() == asked + 1);
  w.sys.advance(limits::replica_isolation);
  CHECK(fetch()->values == strings{"value"});
  CHECK(w.replicas[0].asked.size() == asked + 2);
  for (int i = 0; i < 2000; ++i) fetch();
  CHECK(w.replicas[0].asked.size() > asked + 100); // healed
  w.sys.advance(limits::pool_report_interval);
  CHECK(w.report->load()->replicas[0].trouble.empty());
}

TEST_CASE_FIXTURE(hedging_fixture, "a replica that cannot read is isolated too") {
  w.replicas[0].falsify = [](lookup_response& r) {
    for (auto& each : r.answers) each = {lookup_status::failed, 0, {}};
  };
  for (int i = 0; i < 40; ++i) CHECK(fetch()->values == strings{"value"});
  CHECK(w.replicas[0].asked.size() == limits::isolation_failures);
  CHECK(w.metrics->replicas_isolated.value() == 1);
}
