// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/oracle/overlay.hpp"

#include "messages/oracle_limits.hpp"

#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

namespace argentum::test {

overlay::overlay(std::uint64_t seed) : random_(seed) {
  spdlog::set_level(spdlog::level::off);
}

void overlay::start(const std::string& name, const std::string& address) {
  auto& n = nodes_[name];
  n.name = name;
  n.address = address.empty() ? name + ":1" : address;
  by_address_[n.address] = name;
  member own;
  own.node = name;
  own.address = n.address;
  own.datacenter = "dc";
  own.process = ++process_ * 1'000'000;
  n.next_tick = time_point::max();
  n.rules = std::make_unique<actors::swim>(actors::swim_config{own, {"n0:1", "n1:1"}, random_(), n.metrics}, now_);
  flush(name);
}

void overlay::start_all(int count) {
  for (int i = 0; i < count; ++i) start("n" + std::to_string(i));
}

void overlay::leave(const std::string& name) {
  nodes_.at(name).rules->leave(now_);
  flush(name);
  kill(name);
}

void overlay::thaw(const std::string& name) {
  auto& n = nodes_.at(name);
  n.frozen = false;
  auto held = std::exchange(n.held, {});
  std::shuffle(held.begin(), held.end(), random_);
  for (auto& run : held) run();
}

void overlay::advance(duration time) {
  auto end = now_ + time;
  while (!events_.empty() && events_.top().at <= end) {
    auto next = events_.top();
    events_.pop();
    now_ = std::max(now_, next.at);
    next.run();
  }
  now_ = end;
}

bool overlay::advance_until(duration most, const std::function<bool()>& done) {
  for (auto end = now_ + most; now_ < end; advance(100ms)) {
    if (done()) return true;
  }
  return done();
}

/// Now, or when it thaws.
void overlay::do_at(const std::string& name, std::function<void(actors::swim&)> what) {
  auto& n = nodes_.at(name);
  if (!n.rules) return;
  if (n.frozen) return n.held.push_back([this, name, what] { do_at(name, what); });
  what(*n.rules);
  flush(name);
}

void overlay::flush(const std::string& name) {
  auto& n = nodes_.at(name);
  for (const auto& each : n.rules->take_datagrams()) {
    n.bytes_sent += bytes_at_most(each.message);
    REQUIRE(bytes_at_most(each.message) <= limits::datagram_bytes_max);
    send(name, each.address, each.message);
  }
  for (const auto& address : n.rules->take_exchanges()) exchange(name, address);
  tick_at_due(n);
}

void overlay::tick_at_due(node& n) {
  auto due = n.rules->due();
  if (due >= n.next_tick) return;
  n.next_tick = due;
  at_time(due, [this, &n, due, rules = n.rules.get()] {
    if (n.rules.get() != rules) return;
    if (n.next_tick == due) n.next_tick = time_point::max();
    do_at(n.name, [this](actors::swim& s) {
      if (now_ >= s.due()) s.tick(now_);
    });
  });
}

void overlay::send(const std::string& from, const std::string& address, const gossip_message& message) {
  auto it = by_address_.find(address);
  if (it == by_address_.end()) return;
  for (int copies = chance(doubled) ? 2 : 1; copies > 0; --copies) {
    if (chance(loss) || !open(from, it->second)) continue;
    at_time(now_ + delay(from, it->second), [this, to = it->second, source = nodes_.at(from).address, message] {
      do_at(to, [&, message, source](actors::swim& s) { s.received(now_, source, message); });
    });
  }
}

/// As over a link: nothing is lost, but it may not come about.
void overlay::exchange(const std::string& from, const std::string& address) {
  auto it = by_address_.find(address);
  if (it == by_address_.end() || !open(from, it->second) || !open(it->second, from)) return;
  auto to = it->second;
  at_time(now_ + delay(from, to), [this, from, to] {
    if (!nodes_.at(from).rules || !nodes_.at(to).rules || nodes_.at(to).frozen) return;
    auto mine = state_of(from);
    auto theirs = state_of(to);
    do_at(to, [this, mine](actors::swim& s) { s.merge(now_, mine); });
    at_time(now_ + delay(to, from),
            [this, from, theirs] { do_at(from, [this, theirs](actors::swim& s) { s.merge(now_, theirs); }); });
  });
}

std::vector<member_report> overlay::state_of(const std::string& name) const {
  std::vector<member_report> out;
  for (const auto& who : nodes_.at(name).rules->full_state()) out.push_back({*who, {}, {}});
  return out;
}

overlay::duration overlay::delay(const std::string& from, const std::string& to) {
  std::uniform_int_distribution<duration::rep> jitter{delay_min.count(), delay_max.count()};
  return duration{jitter(random_)} + (path ? path(from, to) : duration{0});
}

std::vector<std::string> overlay::up() const {
  std::vector<std::string> out;
  for (const auto& [name, n] : nodes_) {
    if (n.rules) out.push_back(name);
  }
  return out;
}

std::optional<member_state> overlay::belief(const std::string& who, const std::string& whom) const {
  const auto* row = nodes_.at(who).rules->members().find(whom);
  return row == nullptr ? std::optional<member_state>{} : row->who->state;
}

bool overlay::agreed() const {
  auto all = up();
  for (const auto& a : all) {
    const auto& table = nodes_.at(a).rules->members();
    if (table.living() + 1 != all.size()) return false;
    for (const auto& b : all) {
      const auto* row = a == b ? nullptr : table.find(b);
      bool right = row != nullptr && row->who->state == member_state::alive
                   && row->who->process == nodes_.at(b).rules->members().own().process;
      if (a != b && !right) return false;
    }
  }
  return true;
}

std::uint64_t overlay::total(counter node_metrics::*which) const {
  std::uint64_t sum = 0;
  for (const auto& [name, n] : nodes_) sum += ((*n.metrics).*which).value();
  return sum;
}

} // namespace argentum::test
