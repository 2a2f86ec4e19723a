// SPDX-License-Identifier: Apache-2.0
// Random operations on a memory store and a store on disk of the same role, in step: every answer must be equal,
// and the root's log judges what the past was. Covers entries in runs with repeated keys, removes and re-creates,
// binary keys that are prefixes of each other, fills, evictions, horizon, truncation, copies, restarts and crashes.
#include "tests/storage/subject.hpp"
#include "tests/support/random.hpp"

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;

namespace {

auto fields(const store_report& r) {
  return std::tuple{r.id.high, r.id.low,  r.role,    r.applied.epoch, r.applied.index, r.applied.chain,
                    r.stamp,   r.durable, r.horizon, r.log_base,      r.key_count};
}

class lockstep {
 public:
  lockstep(instance_role role, std::uint64_t seed)
      : random_(seed), role_(role), model_(false, role), disk_(true, role), source_(false, instance_role::replica) {
    for (auto base : {"", "a", "b", "ab", "\x01", "\xff"})
      for (std::size_t zeros : {0, 1, 2}) keys_.push_back(base + std::string(zeros, '\0'));
    for (int i = 0; i < 10; ++i) keys_.push_back("key" + std::to_string(i));
    must(source_->adopt({7, 7}));
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      step();
      auto expected = model_->report();
      REQUIRE(fields(disk_->report()) == fields(expected));
      CHECK(disk_.view()->applied() == expected.applied.index);
      CHECK(disk_.view()->horizon() == model_.view()->horizon());
      CHECK(disk_.view()->key_count() == expected.key_count);
    }
    apply(root_.head());
    compare_all();
  }

 private:
  std::uint64_t pick(std::uint64_t below) { return random_() % below; }
  const std::string& key() { return keys_[pick(keys_.size())]; }
  index_t applied() const { return model_->report().applied.index; }
  bool replica() const { return role_ == instance_role::replica; }

  /// Calls the same on both; the results, or the kinds of error, must be equal.
  template <class F>
  auto both(F&& f) {
    auto expected = f(model_);
    auto got = f(disk_);
    REQUIRE(code(got) == code(expected));
    if constexpr (!std::is_same_v<decltype(expected), caf::expected<void>>)
      if (expected) REQUIRE(*got == *expected);
    return expected;
  }

  void step() {
    auto dice = pick(100);
    if (dice < 15)
      write();
    else if (dice < 35)
      apply(pick(8) + 1);
    else if (dice < 55)
      read_past();
    else if (dice < 63)
      read_many();
    else if (dice < 71)
      page();
    else if (dice < 85)
      replica() ? read_log() : cache();
    else if (dice < 88)
      both([](subject& s) { return s->sync(); });
    else if (dice < 92)
      replica() ? trim() : cache();
    else if (dice < 95)
      compare_all();
    else if (dice < 97)
      restart(&subject::reopen);
    else if (dice < 99)
      restart(&subject::crash);
    else
      copy();
  }

  void write() {
    for (auto entries = pick(6) + 1; entries-- > 0;) {
      std::map<std::string, std::optional<std::string>> changes;
      for (auto n = pick(4); n-- > 0;)
        changes[key()] =
            pick(3) == 0 ? std::nullopt : std::optional{std::string(pick(10) == 0 ? 9000 : pick(30), 'v')};
      root_.write({changes.begin(), changes.end()}, std::chrono::milliseconds{pick(200)});
    }
  }

  void apply(std::size_t count) {
    auto run = root_.after(applied(), count);
    if (run.empty()) return;
    bool sync = pick(2) == 0;
    if (pick(10) == 0)
      run.front().chain ^= 1;
    else if (pick(10) == 0)
      run.front().index += 1;
    stamp_t history_from{};
    if (pick(3) == 0) history_from = entry_reader{run[pick(run.size())].bytes}.head()->stamp;
    both([&](subject& s) { return s->apply(run, sync, history_from); });
  }

  void read_past() {
    const auto& k = key();
    auto at = pick(applied() + 3);
    auto answer = both([&](subject& s) { return s.view()->read_at(k, at); });
    if (answer && replica())
      CHECK(*answer == judge(k, at));
    else if (answer && answer->status != lookup_status::behind && answer->status != lookup_status::pruned)
      CHECK(*answer == root_.read_at(k, at));
    present(k);
  }

  /// What a replica has to answer, from the root's log alone.
  lookup_answer judge(const std::string& k, index_t at) const {
    auto now = applied(), horizon = model_->report().horizon;
    if (at > now) return {lookup_status::behind, now, {}};
    const auto* last = root_.find(k, now);
    bool current = last != nullptr && last->index <= at && last->value;
    if (!current && at < horizon) return {lookup_status::pruned, horizon, {}};
    return root_.read_at(k, at);
  }

  void present(const std::string& k) {
    std::string model_value, disk_value;
    auto expected = must(model_.view()->get(k, model_value));
    CHECK(must(disk_.view()->get(k, disk_value)) == expected);
    auto truth = root_.read_at(k, applied());
    CHECK((expected.status == read_status::absent) == (truth.status == lookup_status::absent));
    if (expected.status != read_status::absent) CHECK(expected.version == truth.index);
    if (expected.status != read_status::found) return;
    CHECK(disk_value == model_value);
    CHECK(model_value == truth.value);
  }

  void read_many() {
    std::vector<std::string_view> wanted;
    for (auto n = pick(6); n-- > 0;) wanted.push_back(key());
    std::vector<read_record> expected, got;
    auto bytes = pick(12'000);
    auto result =
        both([&](subject& s) { return s.view()->multi_get(wanted, bytes, &s == &disk_ ? got : expected); });
    if (result) CHECK(got == expected);
  }

  void page() {
    read_view::page_request request{key(), pick(4) == 0, pick(10), pick(12'000), pick(2) == 0};
    std::vector<read_record> expected, got;
    both([&](subject& s) { return s.view()->page(request, &s == &disk_ ? got : expected); });
    CHECK(got == expected);
  }

  void read_log() {
    auto after = pick(applied() + 2);
    auto expected = model_->read_log(after, pick(3000));
    auto got = disk_->read_log(after, ~std::size_t{0});
    REQUIRE(code(got) == code(expected));
    if (expected && *expected) {
      std::vector<log_record> cut{(*got)->begin(), (*got)->begin() + static_cast<long>((*expected)->size())};
      CHECK(cut == **expected);
      CHECK(cut == root_.after(after, cut.size()));
    }
    auto from = root_.at(after <= root_.head() ? after : root_.head());
    if (pick(5) == 0) from.chain ^= 1;
    auto verdict = must(model_->check(from));
    CHECK(must(disk_->check(from)).verdict == verdict.verdict);
  }

  void cache() {
    const auto& k = key();
    if (pick(2) == 0) {
      both([&](subject& s) { return s->evict(k); });
    } else {
      auto truth = root_.read_at(k, applied());
      auto version = truth.index + (pick(10) == 0);
      both([&](subject& s) { return s->fill(k, version, truth.value); });
    }
  }

  void trim() {
    auto horizon = applied() - pick(std::min<index_t>(applied(), 30) + 1);
    if (pick(2) == 0) both([&](subject& s) { return s->set_horizon(horizon); });
    log_retention keep{std::chrono::seconds{pick(10)}, std::uint64_t{1} << 40};
    auto keep_after = pick(applied() + 10);
    if (pick(2) == 0) both([&](subject& s) { return s->truncate_log(keep, keep_after); });
  }

  void restart(void (subject::*how)()) {
    (model_.*how)();
    (disk_.*how)();
  }

  /// A full copy from a replica that is at the root's head, interrupted now and then.
  void copy() {
    if (root_.head() == 0) return;
    must(source_->apply(root_.after(source_->report().applied.index), true));
    auto from = must(source_->open_export(role_));
    for (auto* s : {&model_, &disk_}) {
      auto next = must(s->home->open_next());
      must(next->begin_import(from->header()));
      snapshot_chunk chunk;
      std::string last;
      bool first = true;
      int restarts = 3; // each loses what was not ingested: a copy with more of them than chunks would never end
      while (!chunk.last) {
        chunk = must(from->read(last, first, 2000));
        must(next->import(chunk.records));
        if (!chunk.records.empty()) last = chunk.records.back().key;
        first = false;
        if (restarts == 0 || pick(4) != 0) continue;
        --restarts;
        next.reset();
        next = must(s->home->open_next());
        must(next->begin_import(from->header()));
        last = must(next->import_state()).last_key; // the disk has forgotten what was not ingested
        first = last.empty();                       // nothing is in, or just the empty key, which may come again
        chunk.last = false;
      }
      must(next->finish_import());
      must(s->home->promote_next());
      s->store = std::move(next);
      s->home->retire_old();
    }
  }

  void compare_all() {
    auto expected = must(model_.view()->digest());
    CHECK(must(disk_.view()->digest()) == expected);
    auto truth = root_.digest(applied());
    CHECK(expected.keys == truth.keys);
    CHECK(expected.key_count == truth.key_count);
    CHECK(model_->report().key_count == truth.key_count);
    if (expected.values != 0) CHECK(expected.values == truth.values);
    for (const auto& k : keys_) present(k);
  }

  std::mt19937_64 random_;
  instance_role role_;
  root_log root_;
  subject model_, disk_;
  subject source_;
  std::vector<std::string> keys_;
};

} // namespace

TEST_CASE("memory and disk agree on every answer: replica") {
  auto seed = random_seed("lockstep replica");
  for (int round = 0; round < 2; ++round) lockstep{instance_role::replica, seed + round}.run(600);
}

TEST_CASE("memory and disk agree on every answer: proxy") {
  auto seed = random_seed("lockstep proxy");
  for (int round = 0; round < 2; ++round) lockstep{instance_role::proxy, seed + round}.run(600);
}
