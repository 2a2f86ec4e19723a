// SPDX-License-Identifier: Apache-2.0
// A store in the process that is written to, read and swept: for `evict`. Keys are 33 bytes, half of them hex
// digits that look random.
#pragma once

#include "storage/rocks_db.hpp"
#include "storage/store.hpp"

#include <functional>
#include <random>

namespace argentum::bench {

class sweep_store {
 public:
  /// Makes it in `dir`, whose parent exists.
  sweep_store(const std::string& dir, instance_role role);

  static std::string key(std::uint64_t number);

  /// Entry after entry, each with the next `per_entry` of `keys` keys, from the first one; `value_bytes` each.
  /// Entries are `apart` by their stamps. A replica keeps history for `history` of that, at least of the batch at
  /// hand.
  void write(std::uint32_t keys, std::size_t per_entry, std::size_t value_bytes, std::chrono::microseconds apart,
             std::chrono::microseconds history = {});
  /// Into table files, and all the way down.
  void settle();
  /// Steps until none is left.
  void evict(storage::access_time cut);
  void collect(index_t horizon);

  storage::store& store() const noexcept { return *store_; }
  const storage::read_view& view() const noexcept { return *view_; }
  double disk_mib() const;

 private:
  void sweep(const std::function<storage::store::sweep_work()>& begin);

  std::shared_ptr<storage::rocks_shared> shared_;
  std::shared_ptr<storage::rocks_db> db_;
  std::unique_ptr<storage::store> store_;
  std::shared_ptr<const storage::read_view> view_;
  std::mt19937_64 random_{7};
  position last_;
  stamp_t stamp_{std::chrono::seconds{1'700'000'000}};
};

} // namespace argentum::bench
