// SPDX-License-Identifier: Apache-2.0
// A model of many nodes that switch upstreams all the time, over links whose messages take as long as chance wants:
// no step may close a circle.
#include "actors/replication/earlier_news.hpp"
#include "actors/replication/loop_guard.hpp"
#include "actors/replication/news_watch.hpp"
#include "actors/replication/root_news.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <set>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

constexpr int none = -1;
constexpr int root = 0;

class model {
 public:
  model(int count, bool guarded, std::uint64_t seed) : guarded_(guarded), random_(seed), nodes_(count) {
    for (int n = 0; n < count; ++n) restart(n);
  }

  /// One thing happens.
  void step() {
    auto what = random_() % 100;
    if (what < 60) {
      deliver_one();
    } else if (what < 66) {
      beat();
    } else if (what < 96) {
      connect(any(), any());
    } else if (auto n = any(); n != root || what == 99) {
      restart(n);
    }
  }
  /// The faults end: who hears no news of the root tries somebody else; all messages arrive.
  void calm_round() {
    beat();
    while (deliver_one()) {
    }
    for (int n = 1; n < size(); ++n)
      if (!hears_root(n)) connect(n, any());
    while (deliver_one()) {
    }
  }
  bool hears_root(int n) {
    return nodes_[n].news.current() && nodes_[n].news.current()->news == nodes_[root].news.current()->news;
  }
  bool all_hear_root() {
    for (int n = 0; n < size(); ++n)
      if (!hears_root(n)) return false;
    return true;
  }
  bool has_circle() const {
    for (int n = 1; n < size(); ++n) {
      auto at = n;
      for (int hops = 0; at != none; ++hops) {
        if (hops > size()) return true;
        at = upstream(at);
      }
    }
    return false;
  }
  void set_clock_back(std::chrono::microseconds by) { clock_ -= by; }
  void restart_root() { restart(root); }

 private:
  struct member {
    int life = 0;    ///< counts restarts
    int attempt = 0; ///< counts connects
    loop_guard guard;
    root_news news;
    int upstream = none;
    int upstream_life = 0;
    std::set<std::pair<int, int>> followers; ///< and the attempt by which they came
  };
  /// A link of one attempt; messages stay in order.
  struct link {
    int follower, attempt, follower_life, source, source_life;
    auto operator<=>(const link&) const = default;
  };
  struct message {
    bool subscribe = false; ///< from the follower; else from the source
    bool verdict = false;
    std::optional<heartbeat> news;
    bool refused = false;
  };

  int size() const { return static_cast<int>(nodes_.size()); }
  int any() { return static_cast<int>(random_() % nodes_.size()); }
  static std::string name(int n) { return "n" + std::to_string(n); }
  static node_role role(int n) { return n == root ? node_role::root : node_role::intermediate; }
  std::chrono::microseconds half_way(int a, int b) const {
    return std::chrono::microseconds{(a * 7919 + b * 7919) % 40'000};
  }
  int upstream(int n) const {
    const auto& m = nodes_[n];
    return m.upstream != none && nodes_[m.upstream].life == m.upstream_life ? m.upstream : none;
  }
  bool alive(const link& on) const {
    return nodes_[on.follower].life == on.follower_life && nodes_[on.source].life == on.source_life;
  }

  void restart(int n) {
    auto& m = nodes_[n];
    m.life += 1;
    m.guard = loop_guard{role(n), name(n)};
    m.news = root_news{name(n)};
    m.upstream = none;
    m.followers.clear();
  }
  void beat() {
    clock_ += 1s;
    nodes_[root].news.make(0, {}, stamp_t{clock_});
    tell(root);
  }
  void tell(int n) {
    for (auto [follower, attempt] : nodes_[n].followers)
      push({follower, attempt, nodes_[follower].life, n, nodes_[n].life}, {false, false, nodes_[n].news.current()});
  }
  void connect(int n, int to) {
    if (n == root || n == to) return;
    auto& m = nodes_[n];
    if (m.upstream != none) nodes_[m.upstream].followers.erase({n, m.attempt});
    m.upstream = none;
    push({n, ++m.attempt, m.life, to, nodes_[to].life}, {true, false, {}});
  }
  void push(const link& on, message what) { links_[on].push_back(std::move(what)); }

  bool deliver_one() {
    if (links_.empty()) return false;
    auto at = std::next(links_.begin(), static_cast<std::ptrdiff_t>(random_() % links_.size()));
    auto on = at->first;
    auto what = std::move(at->second.front());
    at->second.pop_front();
    if (at->second.empty()) links_.erase(at);
    if (!alive(on)) return true;
    if (what.subscribe) {
      serve(on);
    } else if (nodes_[on.follower].attempt == on.attempt) {
      hear(on, what);
    }
    return true;
  }
  void serve(const link& on) {
    auto& m = nodes_[on.source];
    const auto& news = m.news.current();
    auto refused = news && is_cycle(news->path, name(on.follower));
    if (!refused) m.followers.insert({on.follower, on.attempt});
    push(on, {false, true, news, refused});
  }
  void hear(const link& on, const message& what) {
    auto& m = nodes_[on.follower];
    if (what.verdict) {
      auto allowed = !what.refused && (!what.news || !is_cycle(what.news->path, name(on.follower)))
                     && (!guarded_ || m.guard.allows(what.news, role(on.source), name(on.source)));
      if (!allowed) return leave(on);
      m.upstream = on.source;
      m.upstream_life = on.source_life;
    }
    if (m.upstream != on.source || !what.news) return;
    if (is_cycle(what.news->path, name(on.follower))) return leave(on);
    auto away = half_way(on.follower, on.source);
    m.guard.heard(*what.news, away);
    auto ours = *what.news;
    ours.delay += away;
    if (m.news.hand_on(std::move(ours))) tell(on.follower);
  }
  void leave(const link& on) {
    nodes_[on.follower].upstream = none;
    nodes_[on.source].followers.erase({on.follower, on.attempt});
  }

  bool guarded_;
  std::mt19937_64 random_;
  std::vector<member> nodes_;
  std::map<link, std::deque<message>> links_;
  std::chrono::microseconds clock_{1'000'000'000};
};

/// Steps until a circle; the number of steps if there is none.
int run(model& m, int steps) {
  for (int n = 0; n < steps; ++n) {
    m.step();
    if (m.has_circle()) return n;
  }
  return steps;
}

heartbeat told(std::uint64_t news, std::vector<std::string> path, std::chrono::microseconds delay = {}) {
  return {0, {}, {}, news, std::move(path), delay};
}

} // namespace

TEST_CASE("no circle at any step, whoever switches, restarts and when; and all hear the root again afterwards") {
  auto seed = test::random_seed("loop guard");
  for (int round = 0; round < 60; ++round) {
    model m{3 + round % 12, true, seed + round};
    REQUIRE(run(m, 3000) == 3000);
    for (int n = 0; n < 100 && !m.all_hear_root(); ++n) {
      m.calm_round();
      REQUIRE_FALSE(m.has_circle());
    }
    REQUIRE(m.all_hear_root());
  }
}

TEST_CASE("without the guard the same steps close circles: the path alone is not enough") {
  int circles = 0;
  for (int round = 0; round < 60; ++round) {
    model m{3 + round % 12, false, static_cast<std::uint64_t>(round)};
    circles += run(m, 3000) < 3000 ? 1 : 0;
  }
  CHECK(circles > 30);
}

TEST_CASE("a root that comes back with an earlier clock is followed again") {
  auto seed = test::random_seed("earlier clock");
  for (int round = 0; round < 20; ++round) {
    model m{8, true, seed + round};
    for (int n = 0; n < 100; ++n) m.calm_round();
    REQUIRE(m.all_hear_root());
    m.set_clock_back(50s);
    m.restart_root();
    for (int n = 0; n < 100 && !m.all_hear_root(); ++n) m.calm_round();
    CHECK(m.all_hear_root());
  }
}

TEST_CASE("a place never falls, and is above those who hear the same news by a longer way") {
  loop_guard guard{node_role::intermediate, "m"};
  CHECK(guard.allows(std::nullopt, node_role::root, "r"));
  CHECK(guard.allows(std::nullopt, node_role::intermediate, "z")); // by name, when nobody has news
  CHECK_FALSE(guard.allows(std::nullopt, node_role::intermediate, "a"));
  CHECK_FALSE(guard.allows(std::nullopt, node_role::leaf, "z"));
  CHECK(guard.allows(told(1, {"r", "a"}), node_role::intermediate, "a"));
  guard.heard(told(7, {"r", "a"}, 5ms), 2ms); // 9 ms from the root: 5 + 2, and two hops
  CHECK(guard.allows(told(7, {"r", "b"}, 7ms), node_role::intermediate, "b"));
  CHECK_FALSE(guard.allows(told(7, {"r", "b"}, 9ms), node_role::intermediate, "b"));
  CHECK(guard.allows(told(8, {"r", "b"}, 900ms), node_role::intermediate, "b"));
  CHECK_FALSE(guard.allows(told(6, {"r", "b"}), node_role::intermediate, "b"));
  guard.heard(told(7, {"r", "b"}, 100ms), 2ms); // the same news by a longer way change nothing
  CHECK_FALSE(guard.allows(told(7, {"r", "c"}, 50ms), node_role::intermediate, "c"));
  guard.heard(told(3, {"r", "b"}), 2ms); // the root's clock went back
  CHECK(guard.allows(told(4, {"r", "c"}), node_role::intermediate, "c"));
}

TEST_CASE("nearer to the root is whoever has the shorter way, hops included; the root always") {
  loop_guard guard{node_role::intermediate, "us"};
  heartbeat news;
  news.news = 5;
  news.delay = 40ms;
  news.path = {"root", "up"};
  guard.heard(news, 5ms);
  auto at = [](std::chrono::microseconds delay, std::uint32_t depth) {
    instance_status out;
    out.delay = delay;
    out.depth = depth;
    return out;
  };
  CHECK(guard.own().distance == 45ms + 2 * limits::hop_cost);
  CHECK(guard.is_nearer(at(44ms, 1), node_role::intermediate));
  CHECK_FALSE(guard.is_nearer(at(44ms, 3), node_role::intermediate));
  CHECK(guard.is_nearer(at(90ms, 0), node_role::root));
}

TEST_CASE("older news that grow as a root's do are a root's with an earlier clock; others are not") {
  earlier_news earlier;
  time_point t{1h};
  std::uint64_t hour = 3'600'000'000;
  CHECK_FALSE(earlier.proven(hour, 2 * hour, t));
  CHECK_FALSE(earlier.proven(hour + 20'000'000, 2 * hour, t + 20s));
  CHECK(earlier.proven(hour + 31'000'000, 2 * hour, t + 31s));
  CHECK_FALSE(earlier.proven(3 * hour, 2 * hour, t + 31s));
  earlier.start();
  CHECK_FALSE(earlier.proven(hour, 2 * hour, t));
  CHECK_FALSE(earlier.proven(hour + 3'000'000, 2 * hour, t + 60s)); // somebody cut off, too, has caught up a little
  CHECK_FALSE(earlier.proven(0, 2 * hour, t + 60s));
}
