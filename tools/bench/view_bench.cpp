// SPDX-License-Identifier: Apache-2.0
// The read view against RocksDB itself on the same open database. Means are processor time, so that a busy machine
// does not count, and come from loops without a clock; percentiles are wall time and come from loops that look at
// the clock around each read (some 30 ns more on both sides).
#include "tools/bench/cleanup.hpp"
#include "tools/bench/dataset.hpp"
#include "tools/bench/rocks_check.hpp"
#include "tools/bench/view_store.hpp"

#include <fmt/format.h>

#include <ctime>

namespace argentum::bench {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t picks_count = 1 << 18;
constexpr std::size_t reads_between_clocks = 64;
constexpr std::size_t group = 16; ///< keys of one multi_get
constexpr std::size_t group_bytes_max = 64 << 20;

/// Keys one after the other, round and round.
class key_ring {
 public:
  key_ring(std::uint32_t keys, const bench_options& how, bool absent) {
    for (const auto& each : zipf_picks(keys, how.skew, absent ? 1 : 0, picks_count))
      keys_.push_back(absent ? absent_key_of(each.number) : key_of(each.number));
  }
  const std::string& next() noexcept { return keys_[at_++ % picks_count]; }

 private:
  std::vector<std::string> keys_;
  std::size_t at_ = 0;
};

std::chrono::nanoseconds cpu_time() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

/// Half of the round for the mean, half for the percentiles; the rate is nanoseconds a call.
template <class Call>
measurement time_calls(double seconds, Call&& call) {
  auto half = std::chrono::duration<double>{seconds / 2};
  std::uint64_t calls = 0;
  auto begin = steady::now();
  auto now = begin;
  auto used_before = cpu_time();
  for (; now - begin < half; now = steady::now())
    for (std::size_t i = 0; i < reads_between_clocks; ++i, ++calls) call();
  auto mean = static_cast<double>((cpu_time() - used_before).count()) / static_cast<double>(calls);
  histogram times;
  for (begin = now; now - begin < half;) {
    auto start = steady::now();
    call();
    now = steady::now();
    times.add(now - start);
  }
  return {mean, times.summary()};
}

class comparison {
 public:
  comparison(const view_store& store, const bench_options& how, std::string name, report& into)
      : store_(store), how_(how), name_(std::move(name)), into_(into) {}

  void get(const char* kind, bool absent) {
    key_ring ours{store_.keys(), how_, absent}, theirs = ours;
    std::string value;
    rocksdb::PinnableSlice bytes;
    auto measured = alternate(
        name_ + kind, how_.rounds,
        [&] { return time_calls(how_.seconds, [&] { must(store_.view().get(ours.next(), value)); }); },
        [&] {
          return time_calls(how_.seconds, [&] {
            auto status = store_.db().Get({}, store_.data(), theirs.next(), &bytes);
            if (!status.IsNotFound()) must(status);
            bytes.Reset();
          });
        });
    into_.add(compare(name_ + kind, "ns", measured, "DB::Get", ratio_at_most(1.3)));
  }

  void multi_get() {
    key_ring ours{store_.keys(), how_, false}, theirs = ours;
    std::vector<std::string_view> keys(group);
    std::vector<storage::read_record> records;
    auto by_view = [&] {
      for (auto& each : keys) each = ours.next();
      must(store_.view().multi_get(keys, group_bytes_max, records));
    };
    std::vector<rocksdb::Slice> slices(group);
    std::vector<rocksdb::PinnableSlice> found(group);
    std::vector<rocksdb::Status> states(group);
    auto by_rocksdb = [&] {
      for (auto& each : slices) each = theirs.next();
      store_.db().MultiGet({}, store_.data(), group, slices.data(), found.data(), states.data());
      for (auto& each : found) each.Reset();
    };
    auto name = fmt::format("{}multi_get of {}", name_, group);
    auto measured = alternate(
        name, how_.rounds, [&] { return time_calls(how_.seconds, by_view); },
        [&] { return time_calls(how_.seconds, by_rocksdb); });
    into_.add(compare(name, "ns", measured, "DB::MultiGet", ratio_at_most(1.3)));
  }

 private:
  const view_store& store_;
  const bench_options& how_;
  std::string name_;
  report& into_;
};

} // namespace

void bench_view(const workplace& where, const bench_options& how, report& into) {
  const std::pair<data_place, const char*> places[] = {
      {data_place::memtable, "memtable"}, {data_place::block_cache, "block cache"}, {data_place::sst, "warm SST"}};
  for (auto role : {instance_role::replica, instance_role::proxy})
    for (auto [place, name] : places) {
      scratch_dir dir{where.dir};
      view_store store{dir.path(), role, place, how};
      comparison work{store, how, fmt::format("view: {}, {}, ", to_string(role), name), into};
      work.get("hit", false);
      work.get("negative", true);
      if (place == data_place::block_cache) work.multi_get();
    }
}

} // namespace argentum::bench
