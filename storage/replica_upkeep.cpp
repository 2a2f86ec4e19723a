// SPDX-License-Identifier: Apache-2.0
// How the history of a replica on disk is collected.
#include "storage/file_sweep.hpp"
#include "storage/replica_store.hpp"

namespace argentum::storage {

namespace {

/// A file of which less than this part may go waits until what is in it is overdue.
constexpr std::uint64_t worth_share = 8;

std::uint64_t worth_of(const table_file& file, index_t horizon, index_t overdue) {
  auto bytes = static_cast<std::uint64_t>(static_cast<double>(file.stats.loose.below(horizon)) * file.density);
  if (bytes >= std::max<std::uint64_t>(file.meta.size / worth_share, 1)) return bytes;
  return file.stats.oldest < overdue ? bytes + 1 : 0;
}

} // namespace

access_ages replica_store::ages() const {
  return {};
}

void replica_store::pass_time(std::chrono::milliseconds) {}

store::sweep_work replica_store::begin_evict(access_time) {
  return []() -> caf::expected<sweep_outcome> { return make_error(errc::wrong_role, "a replica never evicts"); };
}

store::sweep_work replica_store::begin_collect(index_t overdue) {
  index_t horizon = db()->bounds().horizon;
  overdue = std::min(overdue, horizon);
  auto memory = in_memory();
  if (flushed_ < overdue && !memory.on_the_way) { // what is in memory may be so too
    flushed_ = state().applied.index;
    if (memory.records > 0) return begin_flush();
  }
  return [db = db(), horizon, overdue, waits = memory.on_the_way] {
    rocksdb::ColumnFamilyHandle* families[] = {db->data(), db->history()};
    auto out =
        rewrite_best(*db, families, [&](const table_file& file) { return worth_of(file, horizon, overdue); });
    if (out) out->more |= waits;
    return out;
  };
}

} // namespace argentum::storage
