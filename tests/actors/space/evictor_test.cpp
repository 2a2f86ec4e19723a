// SPDX-License-Identifier: Apache-2.0
#include "actors/space/evictor.hpp"
#include "tests/support/deterministic.hpp"

#include <caf/event_based_actor.hpp>
#include <doctest/doctest.h>

#include <deque>

using namespace argentum;
using namespace std::chrono_literals;
using limits::mib;

namespace {

/// An evictor between a store and a lookup that are played by the test.
struct world {
  test::deterministic system;
  std::shared_ptr<instance_metrics> metrics = std::make_shared<instance_metrics>();
  space_report space{0, 0, 0, 512 * mib, 0};
  std::uint64_t step_bytes = 4 * mib; ///< freed by a step
  std::uint64_t left = 512 * mib;     ///< that could go
  std::optional<errc> refuses;
  std::vector<std::uint64_t> asked;
  std::vector<admission> admitted;
  upkeep_port evictor;

  world(std::uint64_t soft, std::uint64_t hard) {
    using kind = actors::space_limit::kind;
    auto store = system.spawn([this](caf::event_based_actor*) -> caf::behavior {
      return {[this](get_space) { return space; },
              [this](const evict_values& m) -> caf::result<sweep_outcome> { return step(m); }};
    });
    auto lookup = system.spawn([this](caf::event_based_actor*) -> caf::behavior {
      return {[this](const set_admission& m) { admitted.push_back(m.what); }};
    });
    actors::evictor_config config{"dns", {{{kind::budget, soft}}, {{kind::budget, hard}}}, metrics};
    evictor = system.spawn(actors::evictor, config, caf::actor_cast<store_port>(store),
                           caf::actor_cast<proxy_lookup_port>(lookup));
    system.settle();
  }

  caf::result<sweep_outcome> step(const evict_values& m) {
    asked.push_back(m.bytes);
    if (refuses) return make_error(*refuses);
    auto freed = std::min(left, step_bytes);
    left -= freed;
    space.disk_bytes -= freed;
    space.value_bytes -= freed;
    return sweep_outcome{64 * mib, 64 * mib - freed, freed / 1000, left > 0};
  }
};

} // namespace

TEST_CASE("below its limits nothing is evicted and all is admitted") {
  world w{512 * mib, 1024 * mib};
  w.space.disk_bytes = 100 * mib;
  w.system.advance(1min);
  CHECK(w.asked.empty());
  CHECK(w.admitted.empty());
  CHECK(w.metrics->disk_bytes.value() == static_cast<std::int64_t>(100 * mib));
}

TEST_CASE("over the soft limit it evicts step by step to the low-water mark, and looks again after each") {
  world w{512 * mib, 1024 * mib};
  w.space.disk_bytes = 460 * mib; // and 64 MiB in reserve
  w.system.advance(2s);
  CHECK(w.space.disk_bytes <= 416 * mib);
  CHECK(w.space.disk_bytes > 408 * mib);
  CHECK(w.asked.size() == 11);
  CHECK(w.metrics->upkeep_passes.value() == 1);
  CHECK(w.metrics->upkeep_bytes_freed.value() == 44 * mib);
  CHECK(w.metrics->values_evicted.value() > 0);
  CHECK(w.admitted == std::vector{admission::selective, admission::open});
}

TEST_CASE("over the hard limit admission is closed until there is room again") {
  world w{512 * mib, 1024 * mib};
  w.space.disk_bytes = 1000 * mib;
  w.left = 0;
  w.system.advance(2s);
  CHECK(w.admitted == std::vector{admission::closed});
  CHECK(w.metrics->admission.value() == 2);
  w.left = 512 * mib;
  w.space.value_bytes = 900 * mib;
  w.system.advance(10s);
  CHECK(w.admitted.back() != admission::closed);
}

TEST_CASE("when nothing can go it asks ever more seldom, and sounds the alarm over the hard limit") {
  world w{512 * mib, 512 * mib};
  w.space = {600 * mib, 0, 0, 100 * mib, 100 * mib};
  w.left = 0;
  w.system.advance(10min);
  CHECK(w.asked.size() < 20);
  CHECK(w.asked.size() > 8);
  CHECK(w.metrics->space_alarm.value() == 1);
  w.space.disk_bytes = 300 * mib;
  w.system.advance(2s);
  CHECK(w.metrics->space_alarm.value() == 0);
  CHECK(w.admitted.back() == admission::open);
}

TEST_CASE("a disk that refuses a step is left alone for a while, then tried again") {
  world w{512 * mib, 1024 * mib};
  w.space.disk_bytes = 900 * mib;
  w.refuses = errc::disk_full;
  w.system.advance(5s);
  CHECK(w.asked.size() < 5);
  CHECK(w.metrics->upkeep_failed.value() == w.asked.size());
  w.refuses.reset();
  w.system.advance(1min);
  CHECK(w.space.disk_bytes <= 416 * mib);
}

TEST_CASE("steps that find all values in use end the pass") {
  world w{512 * mib, 1024 * mib};
  w.space.disk_bytes = 900 * mib;
  w.step_bytes = 0;
  w.system.advance(500ms);
  w.system.advance(1s);
  CHECK(w.asked.size() == limits::fruitless_steps_max);
}
