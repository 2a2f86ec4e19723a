// SPDX-License-Identifier: Apache-2.0
// One open RocksDB. The store, its views and its exports share it; it closes with the last of them, and then
// removes its own directory if it was told to.
#pragma once

#include "messages/error.hpp"
#include "storage/record_cache.hpp"
#include "storage/rocks_options.hpp"
#include "storage/stamp_samples.hpp"
#include "storage/store_state.hpp"
#include "storage/table_stats_cache.hpp"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>

namespace argentum::storage {

inline constexpr const char* state_key = "state";
inline constexpr const char* import_key = "import";
inline constexpr const char* sample_prefix = "stamp"; ///< and the index of an entry, big-endian: its stamp
inline constexpr const char* clock_key = "clock";     ///< u32: the access clock
inline constexpr const char* anchor_key = "anchor";   ///< means nothing: see rocks_db::write

class rocks_db {
 public:
  /// Opens what is in `dir`, of either role; corrupt if it is not a store of ours.
  static caf::expected<std::shared_ptr<rocks_db>> open(std::string dir, std::shared_ptr<rocks_shared> shared);
  /// Makes an empty store in `dir`, which holds none.
  static caf::expected<std::shared_ptr<rocks_db>> create(std::string dir, instance_role role,
                                                         std::shared_ptr<rocks_shared> shared);
  rocks_db(const rocks_db&) = delete;
  rocks_db& operator=(const rocks_db&) = delete;
  ~rocks_db();

  /// Once nobody uses it any more, its files go.
  void remove_when_closed() noexcept { remove_ = true; }

  rocksdb::DB& db() const noexcept { return *db_; }
  rocksdb::ColumnFamilyHandle* data() const noexcept { return families_[0]; }
  rocksdb::ColumnFamilyHandle* meta() const noexcept { return families_[1]; }
  rocksdb::ColumnFamilyHandle* history() const noexcept { return families_[2]; } ///< replica only
  rocksdb::ColumnFamilyHandle* log() const noexcept { return families_[3]; }     ///< replica only
  const std::vector<rocksdb::ColumnFamilyHandle*>& families() const noexcept { return families_; }
  instance_role role() const noexcept { return role_; }
  const std::string& dir() const noexcept { return dir_; }
  const rocks_shared& shared() const noexcept { return *shared_; }
  record_cache& records() const noexcept { return *records_; }
  filter_bounds& bounds() const noexcept { return *bounds_; }
  /// What is known of the family's table files.
  table_stats_cache& stats(rocksdb::ColumnFamilyHandle* family) const { return stats_[family->GetID()]; }
  /// A reader has used the value of this key.
  void touch(std::string_view key) const noexcept {
    if (bounds_->accesses) bounds_->accesses->touch(key, bounds_->now.load(std::memory_order_relaxed));
  }

  /// Writes the batch; `sync` makes all before it durable too. After a full disk it can be written again.
  rocksdb::Status write(rocksdb::WriteBatch& batch, bool sync) const;

  /// Begins to write what is in memory to table files, without waiting for it.
  rocksdb::Status begin_flush() const;
  /// Of the write-ahead log's files.
  std::uint64_t wal_bytes() const;

  /// As of the snapshot in `options`, or of now.
  caf::expected<store_state> read_state(const rocksdb::ReadOptions& options = {}) const;
  caf::expected<std::optional<import_record>> read_import() const;
  caf::expected<stamp_samples> read_samples() const;
  /// Puts into the batch what is new, and takes out what is gone.
  rocksdb::Status add_samples(rocksdb::WriteBatch& batch, const stamp_samples& before,
                              const stamp_samples& now) const;
  /// The access clock as it was last stored; what was not is lost, like the notes of that time.
  caf::expected<access_time> read_clock() const;

 private:
  rocks_db(std::string dir, instance_role role, std::shared_ptr<rocks_shared> shared);
  static caf::expected<std::shared_ptr<rocks_db>> open_families(std::string dir, instance_role role,
                                                                std::shared_ptr<rocks_shared> shared, bool create);
  std::string accesses_path() const { return dir_ + "/accesses"; }

  std::string dir_;
  instance_role role_;
  std::shared_ptr<rocks_shared> shared_;
  std::unique_ptr<record_cache> records_;
  std::shared_ptr<filter_bounds> bounds_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  mutable std::array<table_stats_cache, 4> stats_; ///< by the family's number: there are at most so many
  std::atomic<bool> remove_ = false;
};

/// A snapshot for as long as it lives.
class rocks_snapshot {
 public:
  explicit rocks_snapshot(rocksdb::DB& db) : db_(db), snapshot_(db.GetSnapshot()) {}
  ~rocks_snapshot() { db_.ReleaseSnapshot(snapshot_); }
  rocks_snapshot(const rocks_snapshot&) = delete;
  rocks_snapshot& operator=(const rocks_snapshot&) = delete;
  rocksdb::ReadOptions options() const;

 private:
  rocksdb::DB& db_;
  const rocksdb::Snapshot* snapshot_;
};

} // namespace argentum::storage
