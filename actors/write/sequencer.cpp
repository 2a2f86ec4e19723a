// SPDX-License-Identifier: Apache-2.0
#include "actors/write/sequencer.hpp"

#include <spdlog/spdlog.h>

namespace argentum::actors {

namespace {

std::size_t size_of(const write_command& command) {
  std::size_t sum = 0;
  for (const auto& op : command.ops) sum += payload_bytes(op);
  for (const auto& each : command.expected) sum += sizeof each + each.key.size();
  return sum;
}

} // namespace

sequencer_state::sequencer_state(sequencer_port::pointer owner) : self(owner) {}

sequencer_port::behavior_type sequencer_state::make_behavior() {
  return {[this](write_command& m) {
            arrived.push_back(std::move(m));
            request_flush();
          },
          [this](write_batch& m) {
            std::move(m.writes.begin(), m.writes.end(), std::back_inserter(arrived));
            request_flush();
          },
          [this](flush) { on_flush(); }};
}

void sequencer_state::request_flush() {
  if (!std::exchange(flushing, true)) self->send(self, flush{});
}

void sequencer_state::on_flush() {
  flushing = false;
  auto writes = std::exchange(arrived, {});
  ahead.read(*view->load(), writes, pending);
  for (auto& command : writes) accept(command);
  ahead.clear();
  commit();
  quit_when_drained();
}

void sequencer_state::accept(write_command& command) {
  if (leaving) {
    command.reply.deliver(make_error(errc::unavailable, "the node is stopping"));
    return;
  }
  auto bytes = size_of(command);
  auto held = unplaced_bytes + groups.held_bytes();
  if (held + bytes > limits::pending_write_bytes_max) {
    config.metrics->write_overloaded.add();
    command.reply.deliver(make_error(errc::overloaded, "too many writes wait for the disk"));
    return;
  }
  if (!position_known) {
    unplaced_bytes += bytes;
    unplaced.push_back(std::move(command));
    locate();
    return;
  }
  place(command);
}

void sequencer_state::place(const write_command& command) {
  auto plan = plan_write(command, {config.key_bytes_max, config.value_bytes_max},
                         [this](std::string_view key) { return current(key); });
  if (!plan) {
    command.reply.deliver(plan.error());
    return;
  }
  if (plan->mutations.empty()) {
    config.metrics->writes_noop.add();
    if (plan->depends_on != 0)
      groups.await(command.reply, {plan->depends_on, std::move(plan->answers)});
    else
      command.reply.deliver(write_result{view->load()->applied(), std::move(plan->answers)});
    return;
  }
  auto index = groups.add(plan->mutations, wall_now(), limits::entry_bytes_max);
  if (!index) {
    command.reply.deliver(make_error(errc::too_large, "the write is too large for one entry"));
    return;
  }
  groups.await(command.reply, {*index, std::move(plan->answers)});
  pending.add(*index, std::move(plan->mutations));
}

caf::expected<current_value> sequencer_state::current(std::string_view key) {
  if (const auto* waiting = pending.find(key)) {
    if (!waiting->present) return current_value{std::nullopt, waiting->index, 0};
    return current_value{waiting->value, waiting->index, waiting->index};
  }
  if (auto known = ahead.take(key)) return std::move(*known);
  std::string value;
  auto answer = view->load()->get(key, value);
  if (!answer) return answer.error();
  switch (answer->status) {
  case storage::read_status::found: return current_value{std::move(value), 0, answer->version};
  case storage::read_status::absent: return current_value{};
  case storage::read_status::evicted: break;
  }
  return make_error(errc::wrong_role, "a root keeps every value");
}

void sequencer_state::commit() {
  if (committing || groups.empty()) return;
  committing = true;
  config.metrics->write_groups.add();
  self->request(store, caf::infinite, apply_batch{groups.take(), config.sync})
      .then([this](const store_report& now) { committed(now); }, [this](const caf::error& e) { failed(e); });
}

void sequencer_state::committed(const store_report&) {
  committing = false;
  auto& group = groups.front();
  config.metrics->writes.add(group.entries);
  pending.settle(group.last);
  group.answer();
  groups.pop();
  commit();
  quit_when_drained();
}

void sequencer_state::failed(const caf::error& reason) {
  // The store has logged why, once; a full disk fails every write until there is room.
  config.metrics->write_groups_failed.add();
  spdlog::debug("argentum.sequencer {}: a commit failed: {}", config.instance, describe(reason));
  committing = false;
  position_known = false;
  pending.clear();
  groups.fail(reason);
  locate();
  quit_when_drained();
}

void sequencer_state::locate() {
  if (std::exchange(locating, true)) return;
  self->request(store, caf::infinite, get_store_report{})
      .then([this](const store_report& now) { located(now); },
            [this](const caf::error& e) {
              locating = false;
              unplaced_bytes = 0;
              for (const auto& command : std::exchange(unplaced, {})) command.reply.deliver(e);
              quit_when_drained();
            });
}

void sequencer_state::located(const store_report& now) {
  locating = false;
  position_known = true;
  groups.start_at(now.applied, now.stamp);
  unplaced_bytes = 0;
  for (const auto& command : std::exchange(unplaced, {})) place(command);
  commit();
  quit_when_drained();
}

void sequencer_state::on_exit(const caf::error& reason) {
  leaving = reason;
  quit_when_drained();
}

void sequencer_state::quit_when_drained() {
  if (leaving && arrived.empty() && groups.empty() && unplaced.empty()) self->quit(*leaving);
}

sequencer_port::behavior_type sequencer(sequencer_port::stateful_pointer<sequencer_state> self,
                                        sequencer_config config, store_port store,
                                        std::shared_ptr<const storage::view_slot> view,
                                        std::function<stamp_t()> wall_now) {
  auto& state = self->state;
  state.config = std::move(config);
  state.store = std::move(store);
  state.view = std::move(view);
  state.wall_now = std::move(wall_now);
  self->set_exit_handler([&state](caf::exit_msg& m) { state.on_exit(m.reason); });
  state.locate();
  return state.make_behavior();
}

} // namespace argentum::actors
