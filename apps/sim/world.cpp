// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/world.hpp"

#include "apps/sim/caretaker.hpp"
#include "apps/sim/fault_maker.hpp"
#include "apps/sim/report/measures.hpp"
#include "apps/sim/script.hpp"
#include "apps/sim/tree_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace argentum::sim {

using namespace std::chrono_literals;

namespace {

std::uint64_t disk_of(const scenario& what, const std::string& node) {
  auto found = what.disks.find(node);
  return found == what.disks.end() ? 0 : found->second;
}

class world {
 public:
  world(const scenario& what, const run_options& options);
  ~world();
  run_result run();

 private:
  const std::string& datacenter_of(const std::string& node) const;
  void watch_network();
  void note_follower(const std::string& upstream, const std::string& node, const std::string& instance);
  void measure();
  void look_at_disks();
  index_t entries() const;
  bool broken() const { return judge_.broken().has_value(); }
  /// False when a promise broke.
  bool pass_time(vtime until);
  bool level();
  void converge();
  void compare_digests();
  void judge_calm_reads();
  std::string lag_text();
  void for_members(const std::function<void(const sim_node&, std::size_t, const place&)>& what) const;
  run_result result() const;

  const scenario& what_;
  const run_options& options_;
  random_source seeds_;
  trace trace_;
  measures numbers_;
  checker judge_{[this] { return clock_.now(); }, trace_};
  sim_clock clock_;
  sim_network network_;
  random_source node_seeds_;
  surroundings around_;
  std::vector<std::unique_ptr<sim_node>> nodes_;
  workload clients_;
  fault_maker faults_;
  caretaker caretaker_;
  tree_watch tree_;
  overlay_watch overlay_;
  script script_;
  vtime converged_after_{0};
  vtime next_sample_{0};
  vtime next_look_{0};
};

world::world(const scenario& what, const run_options& options)
    : what_(what),
      options_(options),
      seeds_(options.seed),
      numbers_(tree_places{what.nodes}),
      clock_(seeds_.next(), trace_),
      network_(clock_, seeds_.next(), trace_),
      node_seeds_(seeds_.next()),
      around_{clock_, network_, judge_, trace_, numbers_, node_seeds_, options.store, options.wrap_store},
      nodes_([&] {
        std::vector<std::unique_ptr<sim_node>> made;
        for (const auto& each : what.nodes)
          made.push_back(std::make_unique<sim_node>(around_, made.size(), each, what.window,
                                                    !what.spares.contains(each.name), disk_of(what, each.name)));
        return made;
      }()),
      clients_(around_, what, nodes_, seeds_.next()),
      faults_(around_, what.faults, nodes_, seeds_.next()),
      caretaker_(around_, nodes_),
      tree_(around_, nodes_),
      overlay_(around_, nodes_),
      script_(around_, what, nodes_, clients_, overlay_) {
  judge_.set_window(what.window.entries);
  if (!options.trace_file.empty()) trace_.open(options.trace_file);
  network_.shape_of = [this](const std::string& from, const std::string& to) {
    return what_.path_between(datacenter_of(from), datacenter_of(to));
  };
  watch_network();
}

world::~world() {
  clients_.end();
  for (auto& node : nodes_) node->kill();
  clock_.settle();
}

const std::string& world::datacenter_of(const std::string& node) const {
  auto found = numbers_.places().find(node);
  if (found == nodes_.size()) throw std::runtime_error{"no node " + node};
  return nodes_[found]->config().datacenter;
}

void world::watch_network() {
  network_.on_message = [this](const std::string& from, const std::string& to, peer_message& message) {
    judge_.judge_message(from, message);
    if (const auto* reply = std::get_if<subscribe_reply>(&message.body))
      if (reply->verdict == subscribe_verdict::accepted) note_follower(from, to, message.instance);
    if (const auto* state = std::get_if<gossip_state>(&message.body)) overlay_.full_state(state->sealed.size());
    return !options_.tamper || options_.tamper(from, to, message);
  };
  network_.on_traffic = [this](std::size_t from, std::size_t to, std::size_t kind, std::size_t bytes) {
    numbers_.message(from, to, kind, bytes);
  };
}

void world::note_follower(const std::string& upstream, const std::string& node, const std::string& instance) {
  const auto& places = numbers_.places();
  const auto& names = places.instances;
  auto number = static_cast<std::size_t>(std::find(names.begin(), names.end(), instance) - names.begin());
  if (number < names.size()) numbers_.follows(places.find(node), number, places.find(upstream));
  tree_.follows(node, instance);
}

void world::measure() {
  std::vector<bool> serves;
  for (const auto& node : nodes_) serves.push_back(node->serves());
  if (options_.look_at_disks && clock_.now() >= next_look_) look_at_disks();
  numbers_.sample(clock_.now(), serves);
  overlay_.look();
  next_sample_ = clock_.now() + 1s;
}

/// A few of each group speak for all: it reads everything that they hold.
void world::look_at_disks() {
  constexpr std::size_t looks_max = 3;
  std::vector<std::size_t> looks(numbers_.places().groups.size());
  for (const auto& node : nodes_) {
    auto group = numbers_.places().nodes[node->number()].group;
    if (looks[group] == looks_max || !node->serves()) continue;
    numbers_.stored(node->number(), node->stored_bytes());
    ++looks[group];
  }
  next_look_ = clock_.now() + std::max<vtime>(vtime{what_.until} / 40, 1s);
}

bool world::pass_time(vtime until) {
  while (clock_.now() < until && !broken()) {
    clock_.run_until(std::min(until, clock_.now() + 1s), [this] { return broken(); });
    if (clock_.now() >= next_sample_) measure();
    if (options_.progress) options_.progress({clock_.now(), entries(), judge_.totals().answers});
  }
  return !broken();
}

bool world::level() {
  return lag_text().empty();
}

/// Who does not have all of the root's log, or has it for another role.
std::string world::lag_text() {
  std::string text;
  for_members([&](const sim_node& node, std::size_t n, const place& where) {
    if (judge_.level(where) && node.in_role(n)) return;
    text += fmt::format(" {}/{} {} of {}{}", where.node, where.instance, node.applied(n),
                        judge_.of(where.instance).head(), node.in_role(n) ? "" : " in another role");
  });
  return text;
}

void world::for_members(const std::function<void(const sim_node&, std::size_t, const place&)>& what) const {
  for (const auto& node : nodes_)
    for (std::size_t n = 0; node->member() && n < node->config().instances.size(); ++n)
      what(*node, n, {node->name(), node->config().instances[n].name});
}

void world::converge() {
  trace_.on_line = {}; // what heals now is one mark
  numbers_.happened(clock_.now(), "all faults are healed");
  faults_.heal_all();
  overlay_.begin("all faults are healed");
  // A loss of the root shows everywhere once it has written as much again.
  if (caretaker_.needed() && !pass_time(clock_.now() + 10s)) return;
  clients_.end();
  auto healed = clock_.now();
  auto deadline = healed + what_.converge_within;
  auto wait = [&] {
    while (clock_.now() < deadline && !broken() && !level())
      pass_time(std::min<vtime>(clock_.now() + 100ms, deadline));
  };
  wait();
  converged_after_ = clock_.now() - healed;
  // Reads and writes that were under way have their deadline too: after it all were answered, and nothing changes.
  if (!pass_time(clock_.now() + limits::lookup_deadline + 1s)) return;
  judge_.judge_no_read_waits();
  wait();
  if (!broken() && !level())
    judge_.blame("liveness", fmt::format("{} after all faults were healed these are not level:{}",
                                         seconds_text(converged_after_), lag_text()));
}

void world::compare_digests() {
  for_members([&](const sim_node& node, std::size_t n, const place& where) {
    const auto& handle = node.instance(n);
    auto right = judge_.of(handle.name).digest();
    auto digest = handle.view->load()->digest();
    bool same = digest && digest->index == right.index && digest->key_count == right.key_count
                && digest->keys == right.keys && (digest->values == 0 || digest->values == right.values);
    if (same && (handle.role() == instance_role::proxy || digest->values == right.values)) return;
    judge_.blame("equal at the end", fmt::format("node {}, instance {}: its digest is not that of the root's log",
                                                 where.node, where.instance));
  });
}

/// With no fault left, every read on every node must be answered, and with the truth.
void world::judge_calm_reads() {
  judge_.be_strict();
  clients_.read_everywhere(50);
  pass_time(clock_.now() + 5s);
  judge_.judge_no_read_waits();
}

run_result world::run() {
  for (auto& node : nodes_) node->start();
  trace_.on_line = [this](vtime now, const std::string& text) { numbers_.happened(now, text); };
  clients_.begin();
  faults_.begin();
  caretaker_.begin();
  script_.begin();
  if (pass_time(what_.until)) converge();
  if (!broken()) script_.end();
  if (!broken()) judge_calm_reads();
  if (!broken()) compare_digests();
  next_look_ = clock_.now();
  measure();
  return result();
}

index_t world::entries() const {
  index_t all = 0;
  for (std::size_t n = 0; n < nodes_.front()->config().instances.size(); ++n) all += nodes_.front()->applied(n);
  return all;
}

run_result world::result() const {
  run_result out;
  out.seed = options_.seed;
  out.broken = judge_.broken();
  out.trace_hash = trace_.hash();
  out.virtual_time = clock_.now();
  out.converged_after = converged_after_;
  out.steps = clock_.steps();
  out.faults = faults_.made();
  out.expectations_met = script_.met();
  out.entries = entries();
  out.checks = judge_.totals();
  out.network = network_.totals();
  out.numbers = std::make_shared<const measures>(numbers_);
  out.overlay = overlay_.phases();
  for (const auto& node : nodes_) out.serves.push_back(node->serves());
  return out;
}

} // namespace

run_result run(const scenario& what, const run_options& options) {
  world made{what, options};
  return made.run();
}

} // namespace argentum::sim
