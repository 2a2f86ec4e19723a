// SPDX-License-Identifier: Apache-2.0
// How a proxy on disk is kept bounded.
#include "storage/file_sweep.hpp"
#include "storage/fixed_int.hpp"
#include "storage/proxy_store.hpp"
#include "storage/rocks_status.hpp"

namespace argentum::storage {

namespace {

/// Seconds between two writes of the access clock: what a crash of the process may set it back by.
constexpr access_time clock_step = 60;

/// A file that would give back less than this part of itself is not rewritten.
constexpr std::uint64_t worth_share = 64;

/// A memtable with fewer records waits until it fills up, so that steps don't leave a trail of small files.
constexpr std::uint64_t flush_records_min = 1000;

/// Bytes of values outside the window.
coarse_histogram loose_of(const table_file& file, index_t floor) {
  coarse_histogram out;
  out.add(0, file.stats.held.below(floor + 1)); // new ones that left the window: not read, as far as known
  out.add(file.stats.loose);
  return out;
}

std::uint64_t worth_of(const table_file& file, index_t floor, access_time cut) {
  auto bytes = static_cast<std::uint64_t>(static_cast<double>(loose_of(file, floor).below(cut)) * file.density);
  return bytes > file.meta.size / worth_share ? bytes : 0;
}

/// Values below the cut and up to the version `evictable` go while it lives, by whatever compaction.
class active_cut {
 public:
  active_cut(filter_bounds& bounds, access_time cut, index_t evictable) : bounds_(bounds) {
    bounds_.evictable = evictable; // first: a filter reads it first
    bounds_.cut = cut;
  }
  ~active_cut() { bounds_.cut = 0; }
  active_cut(const active_cut&) = delete;
  active_cut& operator=(const active_cut&) = delete;

 private:
  filter_bounds& bounds_;
};

} // namespace

space_report proxy_store::space() const {
  auto out = rocks_store::space();
  std::uint64_t memory = 0;
  db()->db().GetIntProperty(db()->data(), rocksdb::DB::Properties::kCurSizeAllMemTables, &memory);
  out.value_bytes = out.window_bytes = memory;
  out.tracked_keys = db()->bounds().accesses->keys();
  out.tracker_bytes = db()->bounds().accesses->bytes();
  auto files = files_of(*db(), db()->data());
  if (!files) return out;
  for (const auto& file : *files) {
    auto held = file.stats.held.total();
    out.value_bytes += file.stats.loose.total() + held;
    out.window_bytes += held - file.stats.held.below(floor() + 1);
  }
  return out;
}

access_ages proxy_store::ages() const {
  access_ages out{db()->bounds().now, {}};
  auto files = files_of(*db(), db()->data());
  if (!files) return out;
  for (const auto& file : *files) out.bytes.add(loose_of(file, floor()), file.density);
  return out;
}

void proxy_store::pass_time(std::chrono::milliseconds elapsed) {
  access_rest_ += elapsed;
  auto seconds = std::chrono::floor<std::chrono::seconds>(access_rest_);
  access_rest_ -= seconds;
  auto now = db()->bounds().now += static_cast<access_time>(seconds.count());
  if (now - stored_clock_ < clock_step) return;
  std::string bytes;
  put_le32(bytes, now);
  rocksdb::WriteBatch batch;
  if (batch.Put(db()->meta(), clock_key, bytes).ok() && !write(batch, false)) stored_clock_ = now;
}

store::sweep_work proxy_store::begin_evict(access_time cut) {
  // What is in memory only takes part once it is in a file; it is the youngest, so files come first. Looked at
  // before the files: else a flush that ends now would be seen neither here nor there.
  auto memory = in_memory();
  bool more_in_memory = memory.on_the_way || memory.records >= flush_records_min;
  auto files = files_of(*db(), db()->data());
  if (!files) return [error = files.error()] { return caf::expected<sweep_outcome>{error}; };
  bool found = false;
  for (const auto& file : *files) found |= worth_of(file, floor(), cut) > 0;
  if (!found && more_in_memory && !memory.on_the_way) return begin_flush();
  return [db = db(), floor = floor(), cut, more_in_memory]() -> caf::expected<sweep_outcome> {
    // Else a power loss could set the position back, and with it the window: over values that are gone.
    if (auto error = to_error(db->db().SyncWAL(), "sync")) return error;
    active_cut active{db->bounds(), cut, floor};
    rocksdb::ColumnFamilyHandle* families[] = {db->data()};
    auto out = rewrite_best(*db, families, [&](const table_file& file) { return worth_of(file, floor, cut); });
    if (out) out->more |= more_in_memory;
    return out;
  };
}

store::sweep_work proxy_store::begin_collect(index_t) {
  return []() -> caf::expected<sweep_outcome> { return make_error(errc::wrong_role, "a proxy has no history"); };
}

} // namespace argentum::storage
