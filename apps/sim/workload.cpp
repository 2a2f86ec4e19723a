// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/workload.hpp"

#include "apps/sim/command_mix.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace argentum::sim {

namespace {

/// Keys of one entry while everything is loaded, and about the bytes.
constexpr std::uint64_t load_keys = 1000;
constexpr std::uint64_t load_bytes = limits::mib;

std::string key_number(std::uint64_t number) {
  return fmt::format("k{:06}", number);
}

} // namespace

workload::workload(surroundings& around, const scenario& what, const std::vector<std::unique_ptr<sim_node>>& nodes,
                   std::uint64_t seed)
    : around_(around),
      plan_(what.workload),
      nodes_(nodes),
      random_(seed),
      all_keys_(plan_.keys, static_cast<double>(plan_.zipf_percent) / 100.0) {
  for (const auto& place : what.datacenters)
    sets_.emplace_back(plan_.keys, static_cast<double>(plan_.zipf_percent) / 100.0, place.working_set_percent,
                       random_);
  for (const auto& node : nodes_) {
    auto place = what.place_of(node->config().datacenter);
    for (std::size_t n = 0; n < node->config().instances.size(); ++n) {
      readers_.push_back(
          {node.get(), n, std::make_unique<sim_session>(*node, n, around_), place ? &sets_[*place] : &all_keys_});
    }
  }
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
  return key_number(all_keys_.draw(random_));
}

std::string workload::some_key(const reader& who) {
  return key_number(who.keys->draw(random_));
}

std::string workload::some_value(const std::string& key) {
  auto value = fmt::format("{}#{}:", key, ++values_made_);
  auto length = plan_.value_bytes_min + random_.below(plan_.value_bytes_max - plan_.value_bytes_min + 1);
  random_source letters{values_made_}; // hard to compress, and the choices of the clients stay what they are
  while (value.size() < length) value.push_back(static_cast<char>('a' + letters.below(26)));
  return value;
}

write_op workload::some_op(const std::string& instance) {
  auto key = some_key();
  if (random_.percent(plan_.delete_percent)) return remove_op{key};
  if (random_.percent(plan_.repeat_percent)) {
    auto& log = around_.judge.of(instance);
    if (const auto& now = log.key_at(key, log.head()); now.exists()) return put_op{key, *now.value};
  }
  return put_op{key, some_value(key)};
}

void workload::load() {
  for (std::size_t n = 0; n < nodes_.front()->config().instances.size(); ++n) load(n, 0);
}

void workload::load(std::size_t instance, std::uint64_t from) {
  if (from == plan_.keys || !nodes_.front()->serves()) return;
  std::vector<write_op> ops;
  for (std::uint64_t bytes = 0; from < plan_.keys && ops.size() < load_keys && bytes < load_bytes; ++from) {
    auto key = key_number(from);
    auto& put = std::get<put_op>(ops.emplace_back(put_op{key, some_value(key)}));
    bytes += put.value.size();
  }
  auto loaded = [this, ops, instance, from](const caf::expected<write_result>& result) {
    if (!result) return around_.judge.write_failed();
    around_.judge.judge_write(nodes_.front()->config().instances[instance].name, {ops}, *result);
    load(instance, from);
  };
  caf::anon_send(nodes_.front()->instance(instance).sequencer,
                 write_command{std::move(ops), reply_to<write_result>{std::move(loaded)}});
}

void workload::write_something() {
  auto instance = random_.below(nodes_.front()->config().instances.size());
  write(instance, some_write(instance), plan_.wait_percent);
}

asked_write workload::some_write(std::size_t instance) {
  const auto& root = *nodes_.front();
  const auto& name = root.config().instances[instance].name;
  asked_write what;
  if (plan_.watch_percent > 0 && random_.percent(plan_.watch_percent)) { // as read a moment or some entries ago
    auto key = some_key();
    const auto& log = around_.judge.of(name);
    const auto& seen = log.key_at(key, log.head() - random_.below(std::min<index_t>(log.head(), 3) + 1));
    what.expected = {{key, seen.exists() ? seen.version : 0}};
  }
  if (plan_.command_percent > 0 && random_.percent(plan_.command_percent)) {
    what.ops = some_command(random_, [this] { return some_key(); });
    return what;
  }
  what.ops = {some_op(name)};
  if (random_.percent(plan_.batch_percent))
    for (auto more = random_.below(8); more > 0; --more) what.ops.push_back(some_op(name));
  return what;
}

void workload::write(std::size_t instance, asked_write what, std::uint64_t wait_percent) {
  auto& root = *nodes_.front();
  if (!root.serves()) return;
  const auto& handle = root.instance(instance);
  bool wait = random_.percent(wait_percent);
  auto& where = readers_[random_.below(readers_.size())];
  auto answered = [this, what, name = handle.name, instance, wait,
                   &where](const caf::expected<write_result>& result) {
    if (!result) return around_.judge.write_failed();
    around_.judge.judge_write(name, what, *result);
    if (!wait || where.instance != instance) return;
    const auto* put = std::get_if<put_op>(&what.ops.front());
    if (put != nullptr) where.session->wait_and_get(result->index, put->key, std::chrono::seconds{5});
  };
  caf::anon_send(handle.sequencer,
                 write_command{what.ops, reply_to<write_result>{std::move(answered)}, what.expected});
}

void workload::read_something(reader& who) {
  auto& session = *who.session;
  if (random_.percent(plan_.past_percent)) {
    auto now = who.node->applied(who.instance);
    return session.past(some_key(who), now - random_.below(std::min<index_t>(now, 200) + 1) + random_.below(3));
  }
  if (random_.percent(plan_.many_percent)) {
    std::vector<std::string> keys(1 + random_.below(8));
    for (auto& key : keys) key = some_key(who);
    return session.mget(keys);
  }
  if (random_.below(plan_.negatives_per_positive + 1) != 0)
    return session.get(fmt::format("none{}", random_.below(1000)));
  session.get(some_key(who));
}

void workload::read_everywhere(std::uint64_t reads_per_node) {
  for (auto& each : readers_)
    for (std::uint64_t n = 0; n < reads_per_node; ++n) each.session->get(some_key(each));
}

} // namespace argentum::sim
