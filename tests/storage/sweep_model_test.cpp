// SPDX-License-Identifier: Apache-2.0
// Random writes, reads, fills, evictions, collections, restarts and crashes on a store of each kind: whatever was
// swept meanwhile, every answer must be one that the root's log allows.
#include "tests/storage/subject.hpp"
#include "tests/support/random.hpp"

#include <fmt/format.h>

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

class swept {
 public:
  swept(bool disk, instance_role role, std::uint64_t seed) : random_(seed), store_(disk, role) {}

  void run(int steps) {
    for (int i = 0; i < steps; ++i) step();
    for (std::size_t i = 0; i < keys; ++i) read(i);
    CHECK(must(store_.view()->digest()).keys == root_.digest(applied()).keys);
    CHECK(store_->report().key_count == root_.keys(applied()).size());
  }

 private:
  static constexpr std::size_t keys = 400;

  std::uint64_t pick(std::uint64_t below) { return random_() % below; }
  std::string key(std::size_t i) const { return fmt::format("key{:03}", i); }
  index_t applied() const { return store_->report().applied.index; }

  void step() {
    auto dice = pick(100);
    if (dice < 40)
      write();
    else if (dice < 70)
      store_.is_replica() ? read_past() : read(pick(keys));
    else if (dice < 80)
      store_.is_replica() ? move_horizon() : fill();
    else if (dice < 96)
      sweep();
    else if (dice < 98)
      restart(&subject::reopen);
    else
      restart(&subject::crash);
  }

  void write() {
    for (auto entries = pick(30) + 1; entries-- > 0;) {
      std::map<std::string, std::optional<std::string>> changes;
      for (auto n = pick(20); n-- > 0;)
        changes[key(pick(keys))] = pick(4) == 0 ? std::nullopt : std::optional{std::string(pick(400), 'v')};
      root_.write({changes.begin(), changes.end()}, std::chrono::milliseconds{pick(100)});
    }
    must(store_->apply(root_.after(applied()), pick(3) == 0));
    store_->pass_time(std::chrono::seconds{pick(5)});
  }

  void read(std::size_t i) {
    std::string got;
    auto answer = must(store_.view()->get(key(i), got));
    auto truth = root_.read_at(key(i), applied());
    REQUIRE((answer.status == read_status::absent) == (truth.status == lookup_status::absent));
    if (answer.status == read_status::absent) return;
    CHECK(answer.version == truth.index);
    if (answer.status == read_status::found) CHECK(got == truth.value);
    if (answer.status == read_status::evicted) CHECK(answer.version + 20 <= applied());
  }

  void read_past() {
    auto at = pick(applied() + 1);
    auto k = key(pick(keys));
    auto answer = must(store_.view()->read_at(k, at));
    if (at >= store_->report().horizon || answer.status != lookup_status::pruned)
      CHECK(answer == root_.read_at(k, at));
  }

  void fill() {
    auto k = key(pick(keys));
    auto truth = root_.read_at(k, applied());
    must(store_->fill(k, truth.index + (pick(10) == 0), truth.value));
  }

  void move_horizon() { must(store_->set_horizon(pick(applied() + 1))); }

  void sweep() {
    auto step = store_.is_replica() ? store_->begin_collect(pick(applied() + 1))
                                    : store_->begin_evict(static_cast<access_time>(pick(store_->ages().now + 2)));
    if (pick(3) == 0) write(); // between the two halves
    must(step());
    read(pick(keys));
  }

  void restart(void (subject::*how)()) { (store_.*how)(); }

  std::mt19937_64 random_;
  root_log root_;
  subject store_;
};

} // namespace

TEST_CASE("whatever is swept in between, answers are those of the root's log") {
  auto seed = random_seed("swept");
  for (bool disk : {false, true})
    for (auto role : {instance_role::replica, instance_role::proxy}) {
      INFO(disk, " ", to_string(role));
      swept{disk, role, seed}.run(600);
    }
}
