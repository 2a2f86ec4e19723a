// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>

namespace argentum::sim {

namespace {

/// "A=a1 B=b1"
std::vector<write_op> pairs_of(const std::string& text) {
  std::vector<write_op> ops;
  std::istringstream words{text};
  for (std::string word; words >> word;) {
    auto equals = std::min(word.find('='), word.size());
    ops.push_back(put_op{word.substr(0, equals), equals == word.size() ? "" : word.substr(equals + 1)});
  }
  return ops;
}

bool is_expectation(const std::string& action) {
  static const std::set<std::string> all{"read", "absent", "unavailable", "index", "past", "diverged"};
  return all.contains(action);
}

bool is_for_many(const std::string& action) {
  return action == "lose" || action == "split" || action == "heal_all";
}

} // namespace

script::script(surroundings& around, const scenario& what, const std::vector<std::unique_ptr<sim_node>>& nodes,
               workload& writes, overlay_watch& overlay)
    : around_(around), steps_(what.events), nodes_(nodes), writes_(writes), overlay_(overlay) {
  for (const auto& each : nodes_) sessions_.push_back(std::make_unique<sim_session>(*each, 0, around_));
}

void script::begin() {
  for (const auto& step : steps_) around_.clock.at(step.at, [this, &step] { run(step); });
}

void script::end() {
  if (met_ == expected_) return;
  around_.judge.blame("script", fmt::format("{} of {} expected answers never came", expected_ - met_, expected_));
}

sim_node& script::node(const std::string& name) const {
  for (const auto& each : nodes_)
    if (each->name() == name) return *each;
  throw std::runtime_error{"no node " + name};
}

void script::run(const scripted_event& step) {
  auto& network = around_.network;
  const auto& what = step.action;
  around_.events.line(around_.clock.now(), fmt::format("{} {} {} {}", what, step.node, step.other, step.key));
  auto cut = [&](const std::string& from, const std::string& to) { network.cut(from, to); };
  if (what == "write_all") return writes_.write(0, {pairs_of(step.value)});
  if (what == "write") return writes_.write(0, {{put_op{step.key, step.value}}});
  if (what == "delete") return writes_.write(0, {{remove_op{step.key}}});
  if (what == "load") return writes_.load();
  if (what == "fill") return writes_.fill(step.count);
  if (what == "cut") cut(step.node, step.other);
  if (what == "cut" && step.other != step.node) cut(step.other, step.node);
  if (what == "cut_way") cut(step.node, step.other);
  if (what == "heal") network.heal(step.node, step.other), network.heal(step.other, step.node);
  if (what == "reset") network.reset(step.node, step.other);
  if (is_for_many(what)) return run_for_many(step);
  auto& at = node(step.node);
  if (what == "evict") at.evict(0, step.key);
  if (what == "horizon") at.move_horizon(0, step.count);
  if (what == "kill") at.kill();
  if (what == "power") at.lose_power();
  if (what == "stop") at.stop();
  if (what == "wipe") at.wipe();
  if (what == "start") at.start();
  if (what == "add") at.add();
  if (what == "remove") at.remove();
  if (what == "role") at.set_role(step.value == "proxy" ? instance_role::proxy : instance_role::replica);
  if (what == "clock") at.set_wall_skew(*parse_skew(step.value));
  if (what == "freeze") at.freeze();
  if (what == "thaw") at.thaw();
  if (what == "stall") at.stall_disk();
  if (what == "unstall") at.end_stall();
  if (what == "full" || what == "free") at.set_disk_full(what == "full");
  if (is_expectation(what)) expect(step);
}

void script::run_for_many(const scripted_event& step) {
  if (step.action == "lose") lose(std::max<std::uint64_t>(step.count, 1));
  if (step.action == "split") split(step.node);
  if (step.action == "heal_all") around_.network.heal_all();
  overlay_.begin(step.action);
}

void script::lose(std::uint64_t one_in) {
  for (std::size_t n = one_in; n < nodes_.size(); n += one_in) nodes_[n]->kill();
}

void script::split(const std::string& first_of_the_others) {
  auto border = node(first_of_the_others).number();
  for (std::size_t a = 0; a < border; ++a) {
    for (auto b = border; b < nodes_.size(); ++b) {
      around_.network.cut(nodes_[a]->name(), nodes_[b]->name());
      around_.network.cut(nodes_[b]->name(), nodes_[a]->name());
    }
  }
}

void script::expect(const scripted_event& step) {
  ++expected_;
  auto judge = [this, &step](bool right, const std::string& got) {
    ++met_;
    if (right) return;
    around_.judge.blame("script", fmt::format("line {}: {} {} {} expects {}{}, got {}", step.line, step.action,
                                              step.node, step.key, step.value, step.count, got));
  };
  auto& at = node(step.node);
  if (!at.serves()) return judge(false, "no node that serves");
  if (step.action == "index") return judge(at.applied(0) == step.count, std::to_string(at.applied(0)));
  if (step.action == "diverged") return judge(at.instance(0).metrics->diverged.value() == 1, "nothing of the kind");
  if (step.action == "past") {
    auto answer = at.instance(0).view->load()->read_at(step.key, step.count);
    if (!answer) return judge(false, describe(answer.error()));
    bool absent = answer->status == lookup_status::absent && step.value.empty();
    bool found = answer->status == lookup_status::found && answer->value == step.value;
    return judge(absent || (found && !step.value.empty()),
                 fmt::format("status {} \"{}\"", static_cast<int>(answer->status), answer->value));
  }
  std::size_t number = 0;
  while (nodes_[number].get() != &at) ++number;
  sessions_[number]->get(step.key, [judge, &step](const read_outcome& got) {
    using kind = read_outcome::kind;
    auto wanted = step.action == "read" ? kind::found : step.action == "absent" ? kind::absent : kind::failed;
    static constexpr const char* names[] = {"found", "absent", "an error"};
    judge(got.what == wanted && (wanted != kind::found || got.value == step.value),
          fmt::format("{} \"{}\"", names[static_cast<int>(got.what)], got.value));
  });
}

} // namespace argentum::sim
