// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/workload.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace argentum::sim {

workload::workload(surroundings& around, const workload_plan& plan,
                   const std::vector<std::unique_ptr<sim_node>>& nodes, std::uint64_t seed)
    : around_(around),
      plan_(plan),
      nodes_(nodes),
      random_(seed),
      ranks_(plan.keys, static_cast<double>(plan.zipf_percent) / 100.0) {
  for (const auto& node : nodes_)
    for (std::size_t n = 0; n < node->config().instances.size(); ++n)
      readers_.push_back({node.get(), n, std::make_unique<sim_session>(*node, n, around_.judge)});
}

void workload::every(double per_second, std::function<void()> what) {
  if (per_second <= 0) return;
  auto mean = vtime{static_cast<vtime::rep>(1e9 / per_second)};
  around_.clock.after(random_.until_next(mean), [this, per_second, what = std::move(what)]() mutable {
    if (!running_) return;
    what();
    every(per_second, std::move(what));
  });
}

void workload::begin() {
  running_ = true;
  every(static_cast<double>(plan_.writes_per_second), [this] { write_something(); });
  for (auto& each : readers_) {
    every(static_cast<double>(plan_.reads_per_second), [this, &each] { read_something(each); });
    every(static_cast<double>(plan_.evictions_per_second),
          [this, &each] { each.node->evict(each.instance, some_key()); });
  }
}

std::string workload::some_key() {
  return fmt::format("k{:06}", ranks_.draw(random_));
}

write_op workload::some_op(const std::string& instance) {
  auto key = some_key();
  if (random_.percent(plan_.delete_percent)) return remove_op{key};
  if (random_.percent(plan_.repeat_percent)) {
    auto& log = around_.judge.of(instance);
    if (const auto& now = log.key_at(key, log.head()); now.exists()) return put_op{key, *now.value};
  }
  auto value = fmt::format("{}#{}:", key, ++values_made_);
  value.resize(std::max<std::size_t>(value.size(), random_.below(plan_.value_bytes_max + 1)), '.');
  return put_op{key, value};
}

void workload::write_something() {
  auto& root = *nodes_.front();
  auto instance = random_.below(root.config().instances.size());
  const auto& name = root.config().instances[instance].name;
  std::vector<write_op> ops{some_op(name)};
  if (random_.percent(plan_.batch_percent))
    for (auto more = random_.below(8); more > 0; --more) ops.push_back(some_op(name));
  write(instance, std::move(ops), plan_.wait_percent);
}

void workload::write(std::size_t instance, std::vector<write_op> ops, std::uint64_t wait_percent) {
  auto& root = *nodes_.front();
  if (!root.serves()) return;
  const auto& handle = root.instance(instance);
  bool wait = random_.percent(wait_percent);
  auto& where = readers_[random_.below(readers_.size())];
  auto answered = [this, ops, name = handle.name, instance, wait,
                   &where](const caf::expected<write_result>& result) {
    if (!result) return around_.judge.write_failed();
    around_.judge.judge_write(name, ops, *result);
    if (!wait || where.instance != instance) return;
    const auto* put = std::get_if<put_op>(&ops.front());
    if (put != nullptr) where.session->wait_and_get(result->index, put->key, std::chrono::seconds{5});
  };
  caf::anon_send(handle.sequencer, write_command{std::move(ops), reply_to<write_result>{std::move(answered)}});
}

void workload::read_something(reader& who) {
  auto& session = *who.session;
  if (random_.percent(plan_.past_percent)) {
    auto now = who.node->applied(who.instance);
    return session.past(some_key(), now - random_.below(std::min<index_t>(now, 200) + 1) + random_.below(3));
  }
  if (random_.percent(plan_.many_percent)) {
    std::vector<std::string> keys(1 + random_.below(8));
    for (auto& key : keys) key = some_key();
    return session.mget(keys);
  }
  if (random_.percent(plan_.negative_percent)) return session.get(fmt::format("none{}", random_.below(1000)));
  session.get(some_key());
}

void workload::read_everywhere(std::uint64_t reads_per_node) {
  for (auto& each : readers_)
    for (std::uint64_t n = 0; n < reads_per_node; ++n) each.session->get(some_key());
}

} // namespace argentum::sim
