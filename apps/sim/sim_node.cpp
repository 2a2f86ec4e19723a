// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/sim_node.hpp"

#include "apps/sim/measured_disk.hpp"
#include "apps/sim/report/measures.hpp"
#include "messages/wire/gossip_seal.hpp"

#include <caf/actor_cast.hpp>
#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace argentum::sim {

namespace {

/// 2026-01-01, so that stamps look like stamps.
constexpr std::chrono::sys_days first_day{std::chrono::year{2026} / 1 / 1};

} // namespace

sim_node::sim_node(surroundings& around, std::size_t number, actors::node_config config,
                   storage::window_limits window, bool member, std::uint64_t disk_bytes)
    : around_(around), number_(number), config_(std::move(config)), member_(member) {
  bool root = config_.role == node_role::root;
  for (const auto& each : config_.instances) {
    store_spans spans{window, each.history_span};
    auto medium = around_.store == store_kind::rocks ? make_rocks_medium(spans, around_.random.next())
                                                     : make_memory_medium(spans, around_.entries);
    auto watch = measured(around_, number_, disks_.size(), around_.judge.watch({config_.name, each.name}, root));
    disks_.push_back(
        std::make_unique<sim_disk>(each.role, std::move(medium), std::move(watch),
                                   around_.wrap_store ? around_.wrap_store(config_.name, each) : store_wrap{}));
    disks_.back()->set_size(disk_bytes);
  }
  around_.network.number(config_.name, number_);
}

sim_node::~sim_node() {
  if (running_) end(false);
}

void sim_node::start() {
  if (running_ || !member_) return;
  around_.events.line(around_.clock.now(), "start " + name());
  actors::node_env env;
  env.wall_now = [this] {
    return stamp_t{std::chrono::floor<std::chrono::microseconds>(around_.clock.now() + skew_)}
           + first_day.time_since_epoch();
  };
  env.open_home = [this](const actors::instance_config& instance) {
    std::size_t number = 0;
    while (config_.instances[number].name != instance.name) ++number;
    return caf::expected<std::unique_ptr<storage::store_home>>{disks_[number]->open_home()};
  };
  env.transport = around_.network.join(name());
  if (config_.oracle) {
    env.datagrams = around_.network.join_datagrams(name());
    env.form = wire::make_gossip_form({"a key that all nodes of the simulation share"});
    env.contacts = contacts_;
    env.save_contacts = [this](std::string bytes) { contacts_ = std::move(bytes); };
  }
  env.seed = around_.random.next();
  env.detach_blocking = false;
  env.on_failure = [this](const std::string& what) { around_.judge.blame("no actor ends", name() + ": " + what); };
  caf::expected<std::unique_ptr<actors::node>> started{nullptr};
  actors_.clear();
  note_actors([&] { started = actors::node::start(around_.clock.system(), config_, std::move(env)); });
  if (!started) return start_later(started.error());
  running_ = std::move(*started);
  around_.network.attach(name(), running_->inbox(), running_->datagrams());
  ++generation_;
}

void sim_node::note_actors(const std::function<void()>& make) {
  auto first = around_.clock.latest_actor() + 1;
  make();
  actors_.push_back({first, around_.clock.latest_actor()});
}

void sim_node::start_later(const caf::error& why) {
  if (why != errc::disk_full) throw std::runtime_error{fmt::format("node {}: {}", name(), describe(why))};
  around_.events.line(around_.clock.now(), "no room to start " + name());
  around_.network.leave(name(), false);
  for (auto& disk : disks_) disk->detach(false);
  around_.clock.after(std::chrono::seconds{1}, [this] { start(); });
}

void sim_node::stop() {
  if (!running_) return;
  thaw();
  end_stall();
  around_.events.line(around_.clock.now(), "stop " + name());
  for (std::size_t n = 0; n < disks_.size(); ++n) around_.judge.stopped(at(n), applied(n));
  running_->stop();
  around_.clock.settle();
  around_.network.leave(name(), false);
  running_.reset();
  for (auto& disk : disks_) disk->detach(false);
}

void sim_node::kill() {
  if (!running_) return;
  around_.events.line(around_.clock.now(), "kill " + name());
  end(false);
}

void sim_node::lose_power() {
  if (!running_) return;
  around_.events.line(around_.clock.now(), "power lost " + name());
  end(true);
}

void sim_node::end(bool power_lost) {
  for (std::size_t n = 0; n < disks_.size(); ++n) {
    auto* store_now = store(n);
    if (store_now == nullptr) continue;
    auto now = store_now->report();
    around_.judge.stopped(at(n), power_lost ? now.durable : now.applied.index);
    if (power_lost && config_.instances[n].commit == actors::durability::os) around_.judge.may_lose(at(n));
  }
  end_stall();
  around_.network.leave(name(), power_lost);
  for (auto& disk : disks_) disk->detach(power_lost);
  running_->stop(); // their last wishes reach neither disk nor network
  running_.reset();
  if (std::exchange(frozen_, false))
    for (const auto& each : actors_) around_.clock.release(each);
}

void sim_node::wipe() {
  if (running_) return;
  around_.events.line(around_.clock.now(), "wipe " + name());
  for (std::size_t n = 0; n < disks_.size(); ++n) {
    disks_[n]->wipe();
    around_.judge.wiped(at(n));
  }
}

void sim_node::remove() {
  around_.events.line(around_.clock.now(), "remove " + name());
  lose_power();
  member_ = false;
}

void sim_node::add() {
  if (std::exchange(member_, true)) return;
  around_.events.line(around_.clock.now(), "add " + name());
  wipe();
  start();
}

void sim_node::set_role(instance_role role) {
  if (frozen_) return;
  around_.events.line(around_.clock.now(), fmt::format("{} becomes a {}", name(), to_string(role)));
  for (std::size_t n = 0; n < disks_.size(); ++n) {
    config_.instances[n].role = role;
    disks_[n]->set_role(role);
    if (!running_) continue;
    note_actors([&] {
      if (auto error = running_->change_role(n, role)) throw std::runtime_error{describe(error)};
    });
  }
}

void sim_node::set_wall_skew(vtime skew) {
  around_.events.line(around_.clock.now(), fmt::format("the clock of {} is off by {}", name(), seconds_text(skew)));
  skew_ = skew;
}

void sim_node::freeze() {
  if (!serves()) return;
  around_.events.line(around_.clock.now(), "freeze " + name());
  frozen_ = true;
  around_.network.freeze(name());
  for (const auto& each : actors_) around_.clock.hold(each);
}

void sim_node::thaw() {
  if (!frozen_) return;
  around_.events.line(around_.clock.now(), "thaw " + name());
  frozen_ = false;
  for (const auto& each : actors_) around_.clock.release(each);
  around_.network.thaw(name());
}

void sim_node::set_disk_full(bool full) {
  around_.events.line(around_.clock.now(), fmt::format("disk {} {}", full ? "full" : "free", name()));
  for (auto& disk : disks_) disk->set_full(full);
}

void sim_node::stall_disk() {
  if (!running_ || !stalled_.empty()) return;
  around_.events.line(around_.clock.now(), "disk stalls " + name());
  for (const auto& each : running_->instances()) {
    auto id = caf::actor_cast<caf::strong_actor_ptr>(each.store)->id();
    around_.clock.hold(stalled_.emplace_back(actor_range{id, id}));
  }
}

void sim_node::end_stall() {
  for (const auto& each : std::exchange(stalled_, {})) around_.clock.release(each);
}

storage::store* sim_node::store(std::size_t instance) const {
  return disks_[instance]->current();
}

index_t sim_node::applied(std::size_t instance) const {
  return around_.judge.applied(at(instance));
}

std::uint64_t sim_node::stored_bytes() const {
  std::uint64_t bytes = 0;
  for (std::size_t n = 0; n < disks_.size() && serves(); ++n)
    if (const auto* store_now = store(n); store_now != nullptr)
      bytes += sim::stored_bytes(*store_now, around_.numbers.instances()[n].entries());
  return bytes;
}

bool sim_node::in_role(std::size_t instance) const {
  const auto* found = store(instance);
  return found != nullptr && found->report().role == config_.instances[instance].role;
}

bool sim_node::evict(std::size_t instance, const std::string& key) {
  auto* found = store(instance);
  if (found == nullptr || found->report().role != instance_role::proxy) return false;
  auto done = found->evict(key);
  if (!done && done.error() != errc::disk_full) throw std::runtime_error{describe(done.error())};
  return done && *done;
}

void sim_node::move_horizon(std::size_t instance, index_t horizon) {
  auto* found = store(instance);
  if (found == nullptr || found->report().role != instance_role::replica) return;
  if (auto done = found->set_horizon(horizon); !done) throw std::runtime_error{describe(done.error())};
}

} // namespace argentum::sim
