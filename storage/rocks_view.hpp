// SPDX-License-Identifier: Apache-2.0
// Reads a store on disk. Position, horizon and count are published right after the batch that changed them is
// visible. While a batch is being written, applied() reads the position that stands in the batch itself: whoever
// saw an entry's effect finds applied() at or after that entry, and whoever was told an index reads its effect.
// Answers that carry an index (multi_get, page, digest) take a snapshot and read the position under it, so theirs
// is exact.
#pragma once

#include "storage/record.hpp"
#include "storage/rocks_db.hpp"
#include "storage/store.hpp"

namespace argentum::storage {

class rocks_view : public read_view {
 public:
  rocks_view(std::shared_ptr<rocks_db> db, const store_state& state);

  /// By the writer, before a batch that moves the position; publish ends what this begins. The horizon holds at
  /// once: the batch may leave out what is below it.
  void announce(index_t horizon) noexcept {
    horizon_.store(horizon, std::memory_order_release);
    changing_.store(true, std::memory_order_release);
  }
  /// By the writer, after the batch, with the state that holds now.
  void publish(const store_state& state) noexcept;

  index_t applied() const noexcept override;
  index_t horizon() const noexcept override { return horizon_.load(std::memory_order_acquire); }
  std::uint64_t key_count() const noexcept override { return key_count_.load(std::memory_order_relaxed); }
  caf::expected<read_answer> get(std::string_view key, std::string& value) const override;
  caf::expected<index_t> multi_get(std::span<const std::string_view> keys, std::size_t bytes_max,
                                   std::vector<read_record>& out) const override;
  caf::expected<std::unique_ptr<multi_read>> begin_multi_get(std::span<const std::string_view> keys,
                                                             std::size_t bytes_max) const override;
  caf::expected<lookup_answer> read_at(std::string_view key, index_t at) const override;
  caf::expected<position_check> check(const position& from) const override;
  caf::expected<index_t> page(const page_request& request, std::vector<read_record>& out) const override;
  caf::expected<store_digest> digest(const stop_check& stop) const override;

 protected:
  /// The answer at an index that was reached, from the record that is current now or (null) was found to be absent.
  virtual caf::expected<lookup_answer> past(std::string_view key, index_t at, const record_view* current) const = 0;
  const rocks_db& db() const noexcept { return *db_; }

 private:
  std::shared_ptr<rocks_db> db_;
  std::atomic<bool> changing_;
  std::atomic<index_t> applied_;
  std::atomic<index_t> horizon_;
  std::atomic<std::uint64_t> key_count_;
};

/// Knows the past from the `mvcc` family.
class replica_view final : public rocks_view {
 public:
  using rocks_view::rocks_view;

 private:
  caf::expected<lookup_answer> past(std::string_view key, index_t at, const record_view* current) const override;
};

/// Knows the past only by records that have not changed since.
class proxy_view final : public rocks_view {
 public:
  using rocks_view::rocks_view;

 private:
  caf::expected<lookup_answer> past(std::string_view key, index_t at, const record_view* current) const override;
};

/// What a record, or none, means to a reader of the present.
read_answer answer_of(const std::optional<record_view>& record);

} // namespace argentum::storage
