// SPDX-License-Identifier: Apache-2.0
// Members of an overlay without actors, on a hostile network in virtual time: datagrams are lost, doubled, late and
// out of order; groups are cut off; members freeze, die, restart and leave. All of it follows from one seed.
#pragma once

#include "actors/oracle/swim.hpp"

#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace argentum::test {

using namespace std::chrono_literals;

class overlay {
 public:
  using time_point = actors::swim::time_point;
  using duration = actors::swim::duration;

  struct node {
    std::string name, address;
    std::shared_ptr<node_metrics> metrics = std::make_shared<node_metrics>();
    std::unique_ptr<actors::swim> rules;      ///< null: down
    time_point next_tick = time_point::max(); ///< that is on its way
    bool frozen = false;
    std::vector<std::function<void()>> held; ///< what a frozen one does when it wakes
    std::uint64_t bytes_sent = 0;
  };

  explicit overlay(std::uint64_t seed);

  /// Of each datagram.
  double loss = 0, doubled = 0;
  duration delay_min = 1ms, delay_max = 20ms;
  /// Between two members, one way; on top of the jitter above.
  std::function<duration(const std::string& from, const std::string& to)> path;
  /// Whether anything gets from one to the other.
  std::function<bool(const std::string& from, const std::string& to)> reaches;

  /// Starts `name`, or restarts it, with n0 and n1 as seeds. A later start is a newer process.
  void start(const std::string& name, const std::string& address = {});
  void start_all(int count);
  void kill(const std::string& name) { nodes_.at(name).rules.reset(); }
  void leave(const std::string& name);
  void freeze(const std::string& name) { nodes_.at(name).frozen = true; }
  void thaw(const std::string& name);
  void advance(duration time);
  /// Advances until `done` holds, looked at each 100 ms, or the time is over; then false.
  bool advance_until(duration most, const std::function<bool()>& done);

  node& at(const std::string& name) { return nodes_.at(name); }
  std::vector<std::string> up() const;
  /// What `who` believes of `whom`; none: nothing.
  std::optional<member_state> belief(const std::string& who, const std::string& whom) const;
  /// Each one that is up knows each one that is up as alive, in its present process, and no one else as living.
  bool agreed() const;
  std::uint64_t total(counter node_metrics::*which) const;
  time_point now() const { return now_; }

 private:
  struct event {
    time_point at;
    std::uint64_t order;
    std::function<void()> run;
    bool operator>(const event& other) const { return std::tie(at, order) > std::tie(other.at, other.order); }
  };
  void at_time(time_point when, std::function<void()> run) { events_.push({when, order_++, std::move(run)}); }
  void do_at(const std::string& name, std::function<void(actors::swim&)> what);
  void flush(const std::string& name);
  void tick_at_due(node& n);
  void send(const std::string& from, const std::string& address, const gossip_message& message);
  void exchange(const std::string& from, const std::string& address);
  std::vector<member_report> state_of(const std::string& name) const;
  bool chance(double p) { return std::uniform_real_distribution<double>{0, 1}(random_) < p; }
  duration delay(const std::string& from, const std::string& to);
  bool open(const std::string& from, const std::string& to) const { return !reaches || reaches(from, to); }

  std::mt19937_64 random_;
  time_point now_{1h};
  std::uint64_t order_ = 0;
  std::uint64_t process_ = 0;
  std::map<std::string, node> nodes_;
  std::map<std::string, std::string> by_address_;
  std::priority_queue<event, std::vector<event>, std::greater<>> events_;
};

} // namespace argentum::test
