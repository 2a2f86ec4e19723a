// SPDX-License-Identifier: Apache-2.0
#include "actors/space/version_collector.hpp"

#include "actors/space/space_metrics.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace argentum::actors {

void version_collector_state::on_tick() {
  auto now = self->clock().now();
  timer.fired(now);
  timer.at(self, now + stride());
  if (std::exchange(busy, true)) return;
  self->request(store, caf::infinite, get_space{})
      .then([m = config.metrics](const space_report& space) { publish(space, *m); },
            [](const caf::error&) { /* the report of the store fails too */ });
  self->request(store, caf::infinite, get_store_report{})
      .then([this](const store_report& r) { on_report(r); }, [this](const caf::error& e) { on_error(e); });
}

std::chrono::milliseconds version_collector_state::stride() const {
  return std::max<std::chrono::milliseconds>(limits::upkeep_interval, config.span / 128);
}

void version_collector_state::on_report(const store_report& now) {
  auto t = self->clock().now();
  held.note(now.applied.index, t);
  self->request(store, caf::infinite, advance_horizon{now.stamp - config.span, held.for_a_span(t)})
      .then([this](const store_report& r) { on_horizon(r); }, [this](const caf::error& e) { on_error(e); });
}

void version_collector_state::on_horizon(const store_report& now) {
  auto t = self->clock().now();
  horizon = now.horizon;
  below.note(horizon, t);
  wanted.overdue = below.for_a_span(t);
  bool news = horizon != collected || wanted.overdue != overdue_collected;
  if (news && pace.may_begin(t)) return step();
  busy = false;
}

void version_collector_state::step() {
  self->request(store, caf::infinite, collect_history{wanted})
      .then([this](const sweep_outcome& outcome) { on_step(outcome); },
            [this](const caf::error& e) { on_error(e); });
}

void version_collector_state::on_step(const sweep_outcome& outcome) {
  count(outcome, config.metrics->history_dropped, *config.metrics);
  dropped += outcome.records;
  if (outcome.more && outcome.records > 0) return step();
  if (!outcome.more) {
    collected = horizon;
    overdue_collected = wanted.overdue;
  }
  end_pass(!outcome.more || dropped > 0);
}

void version_collector_state::end_pass(bool useful) {
  busy = false;
  dropped = 0;
  pace.ended(useful, self->clock().now());
  config.metrics->upkeep_passes.add();
}

void version_collector_state::on_error(const caf::error& why) {
  busy = false;
  if (why == errc::wrong_role) return; // it has a proxy's data until its full copy is complete
  config.metrics->upkeep_failed.add();
  config.metrics->last_error.set(describe(why));
  spdlog::warn("argentum.version_collector {}: stopped for a while: {}", config.instance, describe(why));
  pace.ended(false, self->clock().now());
}

upkeep_port::behavior_type version_collector(upkeep_port::stateful_pointer<version_collector_state> self,
                                             version_collector_config config, store_port store) {
  auto& state = self->state;
  state.held = held_entries{config.span};
  state.below = held_entries{std::min<std::chrono::milliseconds>(limits::history_overdue, config.span / 2)};
  state.config = std::move(config);
  state.store = std::move(store);
  state.on_tick();
  return {[&state](tick) { state.on_tick(); }};
}

} // namespace argentum::actors
