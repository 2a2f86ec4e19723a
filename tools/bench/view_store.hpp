// SPDX-License-Identifier: Apache-2.0
// A store filled for reading, in the process of the benchmark: its read view, and the RocksDB below it.
#pragma once

#include "storage/rocks_db.hpp"
#include "storage/store.hpp"
#include "tools/bench/benches.hpp"

namespace argentum::bench {

/// Where RocksDB finds the data.
enum class data_place { memtable, block_cache, sst };

class view_store {
 public:
  view_store(const std::string& dir, instance_role role, data_place place, const bench_options& how);

  const storage::read_view& view() const noexcept { return *view_; }
  rocksdb::DB& db() const noexcept { return db_->db(); }
  rocksdb::ColumnFamilyHandle* data() const noexcept { return db_->data(); }
  std::uint32_t keys() const noexcept { return keys_; }

 private:
  void fill(std::size_t value_bytes);
  void settle();

  std::uint32_t keys_;
  std::shared_ptr<storage::rocks_shared> shared_;
  std::shared_ptr<storage::rocks_db> db_;
  std::unique_ptr<storage::store> store_;
  std::shared_ptr<const storage::read_view> view_;
};

} // namespace argentum::bench
