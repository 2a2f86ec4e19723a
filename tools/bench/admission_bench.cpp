// SPDX-License-Identifier: Apache-2.0
// What a scan leaves of a cache: a trace of Zipf reads, every key once in between, and reads again, against a cache
// of a tenth of the keys that gives up what was read longest ago. Three rules for what may come in: all (plain
// LRU), the proxies' own (asked for before, by the sketch of misses), and TinyLFU (asked for more often than what
// would go, by a sketch of all reads), which needs to know what would go. A scan comes as RANGE, which is no
// asking, or key by key.
#include "actors/lookup/asked_keys.hpp"
#include "tools/bench/benches.hpp"
#include "tools/bench/dataset.hpp"

#include <fmt/format.h>

#include <list>
#include <unordered_map>

namespace argentum::bench {

namespace {

enum class rule { all, asked_before, tiny_lfu };

class lru_cache {
 public:
  lru_cache(std::size_t most, rule admits) : most_(most), admits_(admits) {}

  /// True for a hit. `asked`: a client named the key.
  bool read(std::uint32_t key, bool asked = true) {
    auto name = key_of(key);
    if (admits_ == rule::tiny_lfu) sketch_.note(name);
    if (auto found = places_.find(key); found != places_.end()) {
      order_.splice(order_.begin(), order_, found->second);
      return true;
    }
    if (admits_ == rule::asked_before && asked) sketch_.note(name);
    if (order_.size() == most_) {
      if (!admitted(name)) return false;
      places_.erase(order_.back());
      order_.pop_back();
    }
    order_.push_front(key);
    places_.emplace(key, order_.begin());
    return false;
  }

 private:
  bool admitted(const std::string& name) const {
    if (admits_ == rule::all) return true;
    if (admits_ == rule::asked_before) return sketch_.count(name) >= 2;
    return sketch_.count(name) > sketch_.count(key_of(order_.back()));
  }

  std::size_t most_;
  rule admits_;
  actors::asked_keys sketch_;
  std::list<std::uint32_t> order_; ///< the one read last first
  std::unordered_map<std::uint32_t, std::list<std::uint32_t>::iterator> places_;
};

struct shares {
  double before = 0; ///< of hits, in percent
  double during = 0;
  double after = 0;
};

shares run(rule admits, bool by_range, const std::vector<pick>& picks, std::uint32_t keys) {
  lru_cache cache{keys / 10, admits};
  std::size_t next = 0;
  auto hits_of = [&](std::size_t reads, auto between) {
    std::size_t hits = 0;
    for (std::size_t n = 0; n < reads; ++n) {
      hits += cache.read(picks[next++ % picks.size()].number) ? 1 : 0;
      between(n);
    }
    return 100.0 * static_cast<double>(hits) / static_cast<double>(reads);
  };
  auto nothing = [](std::size_t) {};
  hits_of(10 * keys, nothing);
  shares out;
  out.before = hits_of(keys, nothing);
  out.during = hits_of(keys, [&](std::size_t n) { cache.read(static_cast<std::uint32_t>(n), !by_range); });
  out.after = hits_of(keys / 10, nothing);
  return out;
}

} // namespace

void bench_admission(const workplace&, const bench_options& how, report& into) {
  auto picks = zipf_picks(how.keys, how.skew, 0, std::size_t{8} * how.keys);
  struct line {
    const char* name;
    rule admits;
    bool by_range;
  };
  for (const auto& [name, admits, by_range] :
       {line{"plain LRU", rule::all, false}, line{"asked before, scan by RANGE", rule::asked_before, true},
        line{"asked before, scan key by key", rule::asked_before, false}, line{"TinyLFU", rule::tiny_lfu, false}}) {
    auto got = run(admits, by_range, picks, how.keys);
    for (auto [when, share] : {std::pair{"before", got.before}, {"during", got.during}, {"after", got.after}})
      into.add({.name = fmt::format("admission: {}, hits {} a scan", name, when), .unit = "%", .value = share});
  }
}

} // namespace argentum::bench
