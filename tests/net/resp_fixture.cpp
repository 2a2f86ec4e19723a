// SPDX-License-Identifier: Apache-2.0
#include "tests/net/resp_fixture.hpp"

#include "actors/write/write_plan.hpp"
#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"

#include <caf/event_based_actor.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

namespace argentum::test {

namespace {

stamp_t now_stamp() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

} // namespace

fake_instance::fake_instance(std::string name, instance_role role) : name_(std::move(name)) {
  image_->state.role = role;
  store_ = std::make_unique<storage::memory_store>(image_, storage::window_limits{std::chrono::microseconds{0}, 0});
  slot_ = std::make_shared<storage::view_slot>(store_->view());
  REQUIRE(store_->adopt({1, 2}));
}

index_t fake_instance::write(std::vector<write_op> ops) {
  std::lock_guard lock{mutex_};
  return write_locked(std::move(ops));
}

caf::expected<write_result> fake_instance::run_locked(const write_command& command) {
  auto view = slot_->load();
  auto plan = actors::plan_write(command, {limits::key_bytes_max, limits::value_bytes_max},
                                 [&](std::string_view key) -> caf::expected<actors::current_value> {
                                   std::string value;
                                   auto now = view->get(key, value);
                                   if (now->status == storage::read_status::absent) return actors::current_value{};
                                   return actors::current_value{std::move(value), 0, now->version};
                                 });
  auto at = store_->report().applied;
  if (!plan) return plan.error();
  if (plan->mutations.empty()) return write_result{at.index, std::move(plan->answers)};
  entry made{1, at.index + 1, now_stamp(), std::move(plan->mutations)};
  auto bytes = encode_entry(made);
  auto chain = extend_chain(at.chain, bytes);
  auto applied = store_->apply({log_record{made.index, chain, std::move(bytes)}}, true, {});
  if (!applied) throw std::runtime_error{describe(applied.error())};
  for (auto& each : waiters_)
    if (each.index <= made.index) each.reply.deliver(made.index);
  std::erase_if(waiters_, [&](const wait_index& each) { return each.index <= made.index; });
  return write_result{made.index, std::move(plan->answers)};
}

index_t fake_instance::write_locked(std::vector<write_op> ops) {
  return run_locked({std::move(ops), {}})->index;
}

void fake_instance::evict(const std::string& key) {
  std::lock_guard lock{mutex_};
  std::string value;
  auto found = slot_->load()->get(key, value);
  // The newest entry is always inside the window: one more takes its place.
  write_locked({put_op{"window", std::to_string(found->version)}});
  evicted_[key] = value;
  auto evicted = store_->evict(key);
  REQUIRE(evicted);
  REQUIRE(*evicted);
}

void fake_instance::hold_writes(bool hold) {
  std::lock_guard lock{mutex_};
  hold_writes_ = hold;
  while (!hold && !writes_.empty()) {
    answer(writes_.front());
    writes_.pop_front();
  }
}

void fake_instance::hold_fetches(bool hold) {
  std::lock_guard lock{mutex_};
  hold_fetches_ = hold;
  while (!hold && !fetches_.empty()) {
    answer(fetches_.back()); // the last first: order is the session's business
    fetches_.pop_back();
  }
}

std::size_t fake_instance::held_writes() {
  std::lock_guard lock{mutex_};
  return writes_.size();
}
std::size_t fake_instance::held_fetches() {
  std::lock_guard lock{mutex_};
  return fetches_.size();
}
void fake_instance::fail_fetches(errc code) {
  std::lock_guard lock{mutex_};
  fetch_error_ = code;
}
void fake_instance::fail_writes(errc code) {
  std::lock_guard lock{mutex_};
  write_error_ = code;
}
std::size_t fake_instance::fetch_commands() {
  std::lock_guard lock{mutex_};
  return fetch_commands_;
}
std::size_t fake_instance::fetched_at_once() {
  std::lock_guard lock{mutex_};
  return fetched_at_once_;
}
std::size_t fake_instance::write_batches() {
  std::lock_guard lock{mutex_};
  return write_batches_;
}
std::size_t fake_instance::waiters() {
  std::lock_guard lock{mutex_};
  return waiters_.size();
}

std::size_t fake_instance::fetched_by_scans() {
  std::lock_guard lock{mutex_};
  return scans_;
}

std::size_t fake_instance::abandoned_waiters() {
  std::lock_guard lock{mutex_};
  return static_cast<std::size_t>(
      std::count_if(waiters_.begin(), waiters_.end(), [](const auto& each) { return each.reply.abandoned(); }));
}

void fake_instance::on(write_command& command) {
  std::lock_guard lock{mutex_};
  take(command);
}

void fake_instance::take(write_command& command) {
  hold_writes_ ? writes_.push_back(std::move(command)) : answer(command);
}

void fake_instance::on(write_batch& batch) {
  std::lock_guard lock{mutex_};
  ++write_batches_;
  for (auto& each : batch.writes) take(each);
}

void fake_instance::on(fetch_command& command) {
  std::lock_guard lock{mutex_};
  ++fetch_commands_;
  if (command.scan) ++scans_;
  fetched_at_once_ = std::max(fetched_at_once_, command.items.size());
  hold_fetches_ ? fetches_.push_back(std::move(command)) : answer(command);
}

void fake_instance::on(wait_index& command) {
  std::lock_guard lock{mutex_};
  auto applied = slot_->load()->applied();
  applied >= command.index ? command.reply.deliver(applied) : waiters_.push_back(std::move(command));
}

void fake_instance::on(const wait_acks& command) {
  command.reply.deliver(command.index == 0 ? std::size_t{2} : std::size_t{1});
}

void fake_instance::expire_waiters() {
  std::lock_guard lock{mutex_};
  for (auto& each : waiters_) each.reply.deliver(make_error(errc::timed_out));
  waiters_.clear();
}

void fake_instance::answer(write_command& command) {
  if (write_error_ != errc::none) return command.reply.deliver(make_error(write_error_));
  command.reply.deliver(run_locked(command));
}

void fake_instance::answer(fetch_command& command) {
  if (fetch_error_ != errc::none) return command.reply.deliver(make_error(fetch_error_));
  std::vector<std::string> values;
  std::size_t bytes = 0;
  for (const auto& each : command.items) bytes += values.emplace_back(evicted_.at(each.key)).size();
  if (bytes > command.bytes_max) return command.reply.deliver(make_error(errc::too_large));
  command.reply.deliver(std::move(values));
}

actors::instance_handle fake_instance::handle(caf::actor_system& system, bool root) {
  actors::instance_handle out;
  out.name = name_;
  actors::role_handles now{image_->state.role, {}, {}};
  out.view = slot_;
  out.metrics = metrics_;
  auto actor = system.spawn([this](caf::event_based_actor*) -> caf::behavior {
    return {[this](write_command& m) { on(m); }, [this](write_batch& m) { on(m); },
            [this](fetch_command& m) { on(m); }, [this](wait_index& m) { on(m); },
            [](const wait_acks& m) { on(m); }};
  });
  out.store = caf::actor_cast<store_port>(actor);
  if (now.role == instance_role::replica) now.source = caf::actor_cast<source_port>(actor);
  if (root) out.sequencer = caf::actor_cast<sequencer_port>(actor);
  if (now.role == instance_role::proxy) now.fetch = caf::actor_cast<fetch_port>(actor);
  out.now = std::make_shared<actors::role_slot>(std::make_shared<actors::role_handles>(std::move(now)));
  return out;
}

test_system_config::test_system_config() {
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", 2);
  add_message_types<caf::id_block::argentum>();
}

bool eventually(const std::function<bool()>& condition) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (std::chrono::steady_clock::now() < deadline) {
    if (condition()) return true;
    std::this_thread::yield();
  }
  return condition();
}

resp_fixture::resp_fixture(bool root, net::resp_server_config config)
    : alpha(std::make_shared<fake_instance>("alpha", instance_role::replica)),
      beta(std::make_shared<fake_instance>("beta", instance_role::proxy)),
      system(std::make_unique<caf::actor_system>(system_config)) {
  instances.push_back(alpha->handle(*system, root));
  instances.push_back(beta->handle(*system, root));
  config.listen = {"127.0.0.1", 0};
  config.node_name = "tester";
  config.role = root ? node_role::root : node_role::leaf;
  config.root_name = "root.example:6380";
  config.version = "0.1.0";
  auto started = net::resp_server::start(std::move(config), loops, instances, metrics);
  REQUIRE(started);
  server = std::move(*started);
}

resp_fixture::~resp_fixture() {
  server.reset();
  for (auto& each : instances) caf::anon_send_exit(each.store, caf::exit_reason::user_shutdown);
  instances.clear();
  system.reset();
  loops.stop();
}

} // namespace argentum::test
