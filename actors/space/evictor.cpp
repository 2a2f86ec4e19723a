// SPDX-License-Identifier: Apache-2.0
#include "actors/space/evictor.hpp"

#include "actors/space/space_metrics.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace argentum::actors {

void evictor_state::on_tick() {
  auto now = self->clock().now();
  timer.fired(now);
  if (!busy) look();
  timer.at(self, now + limits::upkeep_interval);
}

void evictor_state::look() {
  busy = true;
  self->request(store, caf::infinite, get_space{})
      .then([this](const space_report& now) { on_space(now); }, [this](const caf::error& e) { on_error(e); });
}

void evictor_state::on_space(const space_report& now) {
  busy = false;
  publish(now, *config.metrics);
  auto verdict = keeper.look(now);
  follow(verdict);
  if (verdict.to_free == 0) return end_pass();
  if (!in_pass && !pace.may_begin(self->clock().now())) return;
  busy = in_pass = true;
  self->request(store, caf::infinite, evict_values{verdict.to_free})
      .then([this](const sweep_outcome& outcome) { on_step(outcome); },
            [this](const caf::error& e) { on_error(e); });
}

void evictor_state::on_step(const sweep_outcome& outcome) {
  busy = false;
  count(outcome, config.metrics->values_evicted, *config.metrics);
  evicted += outcome.records;
  fruitless = outcome.records > 0 ? 0 : fruitless + 1;
  if (!outcome.more || fruitless >= limits::fruitless_steps_max) end_pass();
  look(); // also after the end: the verdict on admission should not wait
}

void evictor_state::on_error(const caf::error& why) {
  busy = false;
  if (why != errc::wrong_role) { // else it has a replica's data until its full copy is complete
    config.metrics->upkeep_failed.add();
    config.metrics->last_error.set(describe(why));
    if (pace.may_begin(self->clock().now()))
      spdlog::warn("argentum.evictor {}: stopped for a while: {}", config.instance, describe(why));
    evicted = 0;
  }
  end_pass();
}

void evictor_state::end_pass() {
  if (!std::exchange(in_pass, false)) return;
  pace.ended(evicted > 0, self->clock().now());
  config.metrics->upkeep_passes.add();
  evicted = 0;
  fruitless = 0;
}

void evictor_state::follow(const space_verdict& verdict) {
  auto before = std::exchange(last, verdict);
  if (verdict.admit != before.admit) {
    self->send(lookup, set_admission{verdict.admit});
    config.metrics->admission.set(static_cast<std::int64_t>(verdict.admit));
    if (verdict.admit == admission::closed)
      spdlog::warn("argentum.evictor {}: over the hard limit, fetched values are not cached", config.instance);
    if (before.admit == admission::closed)
      spdlog::info("argentum.evictor {}: fetched values are cached again", config.instance);
  }
  if (verdict.alarm == before.alarm) return;
  config.metrics->space_alarm.set(verdict.alarm ? 1 : 0);
  if (verdict.alarm)
    spdlog::error("argentum.evictor {}: over the hard limit with nothing left to evict: the window needs more disk",
                  config.instance);
  else
    spdlog::info("argentum.evictor {}: below the hard limit again, or it will be", config.instance);
}

upkeep_port::behavior_type evictor(upkeep_port::stateful_pointer<evictor_state> self, evictor_config config,
                                   store_port store, proxy_lookup_port lookup) {
  auto& state = self->state;
  state.keeper = space_keeper{config.limits};
  state.config = std::move(config);
  state.store = std::move(store);
  state.lookup = std::move(lookup);
  state.on_tick();
  return {[&state](tick) { state.on_tick(); }};
}

} // namespace argentum::actors
