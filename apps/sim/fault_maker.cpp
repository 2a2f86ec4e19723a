// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/fault_maker.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::sim {

using namespace std::chrono_literals;

namespace {

bool names(const std::vector<std::string>& list, const sim_node& node) {
  return std::find(list.begin(), list.end(), node.name()) != list.end();
}

} // namespace

fault_maker::fault_maker(surroundings& around, const fault_plan& plan,
                         const std::vector<std::unique_ptr<sim_node>>& nodes, std::uint64_t seed)
    : around_(around), plan_(plan), nodes_(nodes), random_(seed) {}

void fault_maker::every(std::chrono::milliseconds mean, fault what) {
  if (mean.count() == 0 || nodes_.size() < 2) return;
  around_.clock.after(random_.until_next(mean), [this, mean, what] {
    if (!running_) return;
    ++made_;
    (this->*what)();
    every(mean, what);
  });
}

void fault_maker::begin() {
  running_ = true;
  every(plan_.kill, &fault_maker::kill);
  every(plan_.power, &fault_maker::lose_power);
  every(plan_.wipe, &fault_maker::wipe);
  every(plan_.remove, &fault_maker::remove);
  every(plan_.add, &fault_maker::add);
  every(plan_.role, &fault_maker::change_role);
  every(plan_.freeze, &fault_maker::freeze);
  every(plan_.reset, &fault_maker::reset);
  every(plan_.cut, &fault_maker::cut);
  every(plan_.partition, &fault_maker::partition);
  every(plan_.slow, &fault_maker::slow);
  every(plan_.disk_full, &fault_maker::fill_disk);
  every(plan_.disk_stall, &fault_maker::stall_disk);
  every(plan_.clock_jump, &fault_maker::jump_clock);
}

void fault_maker::later(std::function<void()> healing) {
  around_.clock.after(random_.up_to(plan_.lasts), [this, healing = std::move(healing)] {
    if (running_) healing();
  });
}

void fault_maker::say(const std::string& text) {
  around_.events.line(around_.clock.now(), text);
}

void fault_maker::heal_all() {
  running_ = false;
  say("all faults are healed");
  around_.network.heal_all();
  for (const auto& node : nodes_) {
    node->set_disk_full(false);
    node->thaw();
    node->end_stall();
    node->start();
  }
}

void fault_maker::kill() {
  auto& node = any();
  strike([&node] { node.kill(); });
  later([&node] { node.start(); });
}

void fault_maker::lose_power() {
  auto& node = any();
  strike([&node] { node.lose_power(); });
  later([&node] { node.start(); });
}

void fault_maker::wipe() {
  auto& node = any_but_root();
  strike([&node] {
    node.lose_power();
    node.wipe();
  });
  later([&node] { node.start(); });
}

bool fault_maker::is_last_of_a_list(const sim_node& node) const {
  auto stays = [&](const std::string& name) {
    return std::any_of(nodes_.begin(), nodes_.end(), [&](const auto& each) {
      return each->name() == name && each->member() && each.get() != &node;
    });
  };
  auto needs = [&](const std::vector<std::string>& list) {
    return names(list, node) && std::none_of(list.begin(), list.end(), stays);
  };
  return std::any_of(nodes_.begin(), nodes_.end(), [&](const auto& each) {
    const auto& config = each->config();
    return needs(config.upstreams) || needs(config.replicas) || (config.oracle && needs(config.oracle->seeds));
  });
}

void fault_maker::remove() {
  auto& node = any_but_root();
  strike([this, &node] {
    if (node.member() && !is_last_of_a_list(node)) node.remove();
  });
}

void fault_maker::add() {
  any_but_root().add();
}

bool fault_maker::has_either_role(const sim_node& node) const {
  const auto& config = node.config();
  return config.role == node_role::leaf && (config.oracle || !config.replicas.empty())
         && std::none_of(nodes_.begin(), nodes_.end(), [&](const auto& each) {
              return names(each->config().upstreams, node) || names(each->config().replicas, node);
            });
}

void fault_maker::change_role() {
  auto& node = any_but_root();
  if (!has_either_role(node)) return;
  auto now = node.config().instances.front().role;
  auto other = now == instance_role::proxy ? instance_role::replica : instance_role::proxy;
  if (random_.below(2) == 0) return strike([&node, other] { node.set_role(other); }); // while it serves
  strike([&node, other] {
    node.kill();
    node.set_role(other);
  });
  later([&node] { node.start(); });
}

void fault_maker::freeze() {
  auto& node = any();
  strike([&node] { node.freeze(); });
  later([&node] { node.thaw(); });
}

void fault_maker::reset() {
  auto& a = any();
  auto& b = any();
  say(fmt::format("reset {} {}", a.name(), b.name()));
  around_.network.reset(a.name(), b.name());
}

void fault_maker::cut() {
  auto from = any().name();
  auto to = any().name();
  say(fmt::format("cut {} -> {}", from, to));
  around_.network.cut(from, to);
  later([this, from, to] { around_.network.heal(from, to); });
}

void fault_maker::partition() {
  auto one = any().name();
  say("partition " + one);
  for (const auto& other : nodes_) {
    around_.network.cut(one, other->name());
    around_.network.cut(other->name(), one);
  }
  later([this, one] {
    say("partition heals " + one);
    for (const auto& other : nodes_) {
      around_.network.heal(one, other->name());
      around_.network.heal(other->name(), one);
    }
  });
}

void fault_maker::slow() {
  auto from = any().name();
  auto to = any().name();
  path_shape far{random_.up_to(500ms), random_.up_to(200ms), random_.below(20), 10'000 + random_.below(1'000'000)};
  say(fmt::format("slow {} -> {}", from, to));
  around_.network.slow_down(from, to, far);
  later([this, from, to] { around_.network.heal_slow(from, to); });
}

void fault_maker::fill_disk() {
  auto& node = any_but_root();
  node.set_disk_full(true);
  later([&node] { node.set_disk_full(false); });
}

void fault_maker::stall_disk() {
  auto& node = any();
  strike([&node] { node.stall_disk(); });
  later([&node] { node.end_stall(); });
}

void fault_maker::jump_clock() {
  any().set_wall_skew(random_.up_to(4h) - vtime{2h});
}

} // namespace argentum::sim
