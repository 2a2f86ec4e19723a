// SPDX-License-Identifier: Apache-2.0
#include "actors/write/storage_actor.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace argentum::actors {

namespace {

template <class Port>
void add_once(std::vector<Port>& listeners, const Port& listener) {
  if (std::find(listeners.begin(), listeners.end(), listener) == listeners.end()) listeners.push_back(listener);
}

} // namespace

storage_state::storage_state(store_port::pointer owner) : self(owner) {}

store_port::behavior_type storage_state::make_behavior() {
  return {[this](const apply_batch& m) -> caf::result<store_report> { return apply(m); },
          [this](get_store_report) -> caf::result<store_report> { return publish(); },
          [this](const adopt_instance& m) -> caf::result<store_report> { return adopt(m.id); },
          [this](const check_position& m) -> caf::result<position_check> { return store->check(m.from); },
          [this](const read_log& m) -> caf::result<log_slice> { return slice(m); },
          [this](const open_export& m) -> caf::result<export_opened> { return open(m); },
          [this](const read_export& m) -> caf::result<snapshot_chunk> { return read(m); },
          [this](const close_export& m) { close(m); },
          [this](get_import) -> caf::result<import_progress> { return import_state(); },
          [this](const begin_import& m) -> caf::result<import_progress> { return begin(m); },
          [this](const import_chunk& m) -> caf::result<import_progress> { return import(m); },
          [this](finish_import) -> caf::result<store_report> { return finish(); },
          [this](get_space) -> caf::result<space_report> { return store->space(); },
          [this](const evict_values& m) { return evict(m); },
          [this](const advance_horizon& m) -> caf::result<store_report> { return advance(m); },
          [this](const collect_history& m) { return collect(m); },
          [this](const fill_value& m) { fill(m); },
          [this](const wait_index& m) { wait(m); },
          [this](const take_role& m) { change_role(m); },
          [this](const add_applied_listener& m) { add_once(applied_listeners, m.listener); },
          [this](const remove_applied_listener& m) { std::erase(applied_listeners, m.listener); },
          [this](const add_synced_listener& m) { add_once(synced_listeners, m.listener); },
          [this](tick) { on_tick(); }};
}

caf::expected<store_report> storage_state::apply(const apply_batch& what) {
  if (!what.run || what.run->empty()) return make_error(errc::invalid, "an empty batch");
  auto done = store->apply(*what.run, what.sync, what.history_from);
  if (!done) {
    if (done.error() == errc::out_of_order) config.metrics->out_of_order.add();
    note(done.error());
    return done.error();
  }
  note({});
  config.metrics->entries_applied.add(what.run->size());
  config.metrics->bytes_applied.add(payload_bytes(*what.run));
  return announce(what.run);
}

caf::expected<store_report> storage_state::adopt(instance_id id) {
  if (auto done = store->adopt(id); !done) return done.error();
  return publish();
}

caf::expected<log_slice> storage_state::slice(const read_log& what) const {
  auto run = store->read_log(what.after, what.bytes_max);
  if (!run) return run.error();
  return log_slice{std::move(*run)};
}

void storage_state::fill(const fill_value& what) {
  if (!same_source(what.source, slot->load())) return; // a full copy has come meanwhile
  auto done = store->fill(what.key, what.version, what.value);
  if (!done) {
    note(done.error());
  } else if (*done) {
    config.metrics->fills.add();
  }
}

void storage_state::wait(const wait_index& what) {
  if (!waiters.add(what, store->report().applied.index, self->clock().now()))
    config.metrics->waiters_overloaded.add();
  schedule();
}

store_report storage_state::announce(const record_run& run) {
  auto now = publish();
  waiters.reached(now.applied.index);
  for (const auto& listener : applied_listeners) self->send(listener, batch_applied{run, now});
  return now;
}

store_report storage_state::publish() {
  auto now = store->report();
  auto& m = *config.metrics;
  m.applied_index.set(static_cast<std::int64_t>(now.applied.index));
  m.durable_index.set(static_cast<std::int64_t>(now.durable));
  m.horizon_index.set(static_cast<std::int64_t>(now.horizon));
  m.log_base_index.set(static_cast<std::int64_t>(now.log_base));
  m.index_waiters.set(static_cast<std::int64_t>(waiters.size()));
  m.key_count.set(static_cast<std::int64_t>(now.key_count));
  m.applied_stamp_us.set(now.stamp.time_since_epoch().count());
  m.replica_data.set(now.role == instance_role::replica ? 1 : 0);
  return now;
}

void storage_state::start_sync() {
  auto now = store->report();
  if (syncing || now.durable == now.applied.index) return;
  syncing = true;
  self->request(syncer, caf::infinite, run_sync{store->begin_sync(), now.applied.index})
      .then(
          [this, of = switches](index_t upto) {
            if (of == switches) synced(upto, {});
          },
          [this, of = switches](const caf::error& e) {
            if (of == switches) synced(0, e);
          });
}

void storage_state::synced(index_t upto, const caf::error& outcome) {
  syncing = false;
  store->end_sync(upto, outcome);
  note(outcome);
  if (outcome) return; // tried again on the next tick
  auto now = publish();
  for (const auto& listener : synced_listeners) self->send(listener, batch_synced{now.durable});
}

void storage_state::note(const caf::error& outcome) {
  auto code = code_of(outcome);
  if (code != errc::none && code != errc::io_failed && code != errc::disk_full) return;
  if (code == disk) return;
  disk = code;
  if (code == errc::none) {
    spdlog::info("argentum.storage {}: the disk works again", config.instance);
  } else {
    config.metrics->last_error.set(describe(outcome));
    spdlog::error("argentum.storage {}: {}", config.instance, describe(outcome));
  }
}

void storage_state::on_tick() {
  auto now = self->clock().now();
  timer.fired(now);
  waiters.expire(now);
  if (now >= next_duty) {
    next_duty = now + limits::sync_interval;
    store->pass_time(std::chrono::duration_cast<std::chrono::milliseconds>(now - last_duty));
    last_duty = now;
    waiters.purge();
    start_sync();
    if (exported && now - exported->used >= limits::export_grace) exported.reset();
    auto keep_after = exported ? exported->copy->header().at.index : store->report().applied.index;
    if (auto cut = store->truncate_log(config.log, keep_after); !cut) note(cut.error());
    retire_unread();
    note_role();
    publish();
  }
  schedule();
}

void storage_state::schedule() {
  timer.at(self, std::min(next_duty, waiters.next_deadline()));
}

void storage_state::on_exit(const caf::error& reason) {
  if (auto done = store->sync(); !done) note(done.error()); // nothing else can be done now
  waiters.fail(make_error(errc::unavailable, "the node is stopping"));
  self->quit(reason);
}

store_port::behavior_type storage_actor(store_port::stateful_pointer<storage_state> self, storage_config config,
                                        std::unique_ptr<storage::store_home> home,
                                        std::unique_ptr<storage::store> store,
                                        std::shared_ptr<storage::view_slot> slot, syncer_port syncer,
                                        compactor_port compactor) {
  auto& state = self->state;
  state.config = std::move(config);
  state.home = std::move(home);
  state.store = std::move(store);
  state.slot = std::move(slot);
  state.syncer = std::move(syncer);
  state.compactor = std::move(compactor);
  self->set_exit_handler([&state](caf::exit_msg& m) { state.on_exit(m.reason); });
  state.last_duty = self->clock().now();
  state.next_duty = state.last_duty + limits::sync_interval;
  state.publish();
  state.schedule();
  return state.make_behavior();
}

} // namespace argentum::actors
