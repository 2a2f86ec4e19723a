// SPDX-License-Identifier: Apache-2.0
#include "actors/working_set/working_set.hpp"
#include "messages/sampling_limits.hpp"
#include "tests/support/deterministic.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

/// Two instances; exports are kept, and answered by the test.
struct working_set_fixture {
  explicit working_set_fixture(bool exports = true) {
    working_set_config config{
        1, 24h, reports, on_their_way, [this] { return stamp_t{sys.now().count() / 1000 * 1us}; }, {}, metrics};
    if (exports)
      config.exporter = [this](sample_rows rows, reply_to<std::size_t> reply) {
        sent.push_back(rows);
        answer = std::move(reply);
      };
    actor = sys.spawn(working_set, std::move(config));
  }
  /// Reads of so many other keys.
  void read(std::uint32_t instance, std::size_t count) {
    access_batch batch;
    for (std::size_t i = 0; i < count; ++i) batch.samples.push_back({next_hash += 1 << 20, instance, 100, 1, {}});
    *on_their_way += count;
    sys.tell(actor, std::move(batch));
  }

  deterministic sys;
  std::shared_ptr<node_metrics> metrics = std::make_shared<node_metrics>();
  std::vector<std::shared_ptr<working_set_slot>> reports{std::make_shared<working_set_slot>(),
                                                         std::make_shared<working_set_slot>()};
  std::shared_ptr<std::atomic<std::size_t>> on_their_way = std::make_shared<std::atomic<std::size_t>>(0);
  std::vector<sample_rows> sent;
  reply_to<std::size_t> answer;
  std::uint64_t next_hash = 0;
  working_set_port actor;
};

struct without_export : working_set_fixture {
  without_export() : working_set_fixture(false) {}
};

} // namespace

TEST_CASE_FIXTURE(without_export, "instances are estimated apart; one that nobody reads has no report") {
  read(1, 1000);
  CHECK(*on_their_way == 0);
  CHECK(metrics->samples_taken.value() == 1000);
  sys.advance(limits::working_set_report_interval);
  CHECK(reports[0]->load() == nullptr);
  auto report = reports[1]->load();
  REQUIRE(report);
  CHECK(report->samples == 1000);
  CHECK(report->windows.at(0).keys == doctest::Approx(1000).epsilon(0.05));
  CHECK(report->windows.at(0).bytes == doctest::Approx(100'000).epsilon(0.05));
  read(1, 1000);
  sys.advance(limits::working_set_report_interval);
  CHECK(reports[1]->load()->samples == 2000);
}

TEST_CASE_FIXTURE(working_set_fixture, "samples are exported with the time at which they came") {
  sys.advance(2s);
  read(0, 3);
  auto came = std::chrono::floor<std::chrono::microseconds>(sys.now());
  sys.advance(limits::working_set_tick);
  REQUIRE(sent.size() == 1);
  REQUIRE(sent[0]->size() == 3);
  CHECK((*sent[0])[0].at.time_since_epoch() == came);
  answer.deliver(std::size_t{3});
  sys.settle();
  CHECK(metrics->samples_exported.value() == 3);
}

TEST_CASE_FIXTURE(working_set_fixture,
                  "an export that fails is tried again, and what waits too long in line is lost") {
  read(0, 2);
  sys.advance(limits::working_set_tick);
  for (int round = 0; round < 40; ++round) read(0, 10'000);
  CHECK(metrics->samples_lost.value() == 400'002 - limits::export_rows_max);
  CHECK(metrics->samples_taken.value() == 400'002);
  answer.deliver(make_error(errc::unavailable, "refused"));
  sys.settle();
  CHECK(metrics->exports_failed.value() == 1);
  CHECK(sent.size() == 1);
  sys.advance(2 * limits::export_retry_min);
  REQUIRE(sent.size() == 2);
  CHECK(sent[1] == sent[0]);
  answer.deliver(std::size_t{2});
  sys.settle();
  CHECK(metrics->samples_exported.value() == 2);
  CHECK(sent.size() == 3); // a full batch follows at once
}

TEST_CASE_FIXTURE(working_set_fixture, "an exporter that drops its batch has failed") {
  read(0, 1);
  sys.advance(limits::working_set_tick);
  answer = {};
  sys.settle();
  CHECK(metrics->exports_failed.value() == 1);
}
