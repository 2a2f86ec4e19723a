// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/bare_load.hpp"

#include "storage/key_codec.hpp"
#include "storage/record.hpp"
#include "storage/rocks_db.hpp"
#include "tools/bench/rocks_check.hpp"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <ctime>

namespace argentum::bench {

namespace {

constexpr std::uint32_t batch_records = 1000;

class loader {
 public:
  loader(const storage::rocks_db& db, std::uint32_t count, const values& data)
      : db_(db), count_(count), data_(data) {}

  void load(std::uint64_t turn, bool with_history) {
    for (std::uint32_t first = 0; first < count_; first += batch_records) {
      rocksdb::WriteBatch batch;
      auto last = std::min(first + batch_records, count_);
      if (with_history) copy_old(batch, first, last);
      for (auto n = first; n < last; ++n) {
        auto value = data_.of(n + turn);
        auto record = storage::encode_record_head({version_ + n, false, std::nullopt, value});
        record += value;
        must(batch.Put(db_.data(), key_of(scattered(n, count_)), record));
      }
      must(db_.db().Write({}, &batch));
    }
    version_ += count_;
  }

 private:
  void copy_old(rocksdb::WriteBatch& batch, std::uint32_t first, std::uint32_t last) {
    std::vector<std::string> keys;
    for (auto n = first; n < last; ++n) keys.push_back(key_of(scattered(n, count_)));
    std::sort(keys.begin(), keys.end());
    std::vector<rocksdb::Slice> slices{keys.begin(), keys.end()};
    std::vector<rocksdb::PinnableSlice> old(keys.size());
    std::vector<rocksdb::Status> states(keys.size());
    db_.db().MultiGet({}, db_.data(), keys.size(), slices.data(), old.data(), states.data(), true);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      must(states[i]);
      must(batch.Put(db_.history(), storage::history_key(keys[i], version_ + first - 1), old[i]));
    }
  }

  const storage::rocks_db& db_;
  std::uint32_t count_;
  const values& data_;
  index_t version_ = 1;
};

} // namespace

load_cost bare_load(const std::string& dir, std::uint32_t count, const values& data, bare_records what) {
  auto shared = std::make_shared<storage::rocks_shared>();
  auto db = must(storage::rocks_db::create(dir + "/bare", instance_role::replica, shared));
  loader work{*db, count, data};
  if (what != bare_records::fresh) work.load(0, false);
  auto begin = std::chrono::steady_clock::now();
  auto cpu_before = std::clock();
  work.load(1, what == bare_records::overwrites_with_history);
  std::chrono::duration<double> cpu{static_cast<double>(std::clock() - cpu_before) / CLOCKS_PER_SEC};
  return {std::chrono::steady_clock::now() - begin, cpu};
}

} // namespace argentum::bench
