// SPDX-License-Identifier: Apache-2.0
// Records of a store that were read lately, so that a hot key costs one hash lookup instead of a search through
// memtables and tables. They live in the block cache of the process and count against its size: one that is read
// once leaves soon, one that is read again stays.
//
// A reader that does not find a record takes a ticket, reads the store, and offers what it read. The writer forgets
// the keys of a batch before the batch becomes visible, and until it is no offer for their stripe is taken; a
// ticket from before that is void. So a record here is never older than what the store answers.
//
// A table of bits, one set for the hash of each record that was offered, spares most keys that are not here the
// look into the cache: absent keys above all. When it has filled up, all records are given up along with it.
#pragma once

#include "messages/types.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace argentum::storage {

/// Thread-safe for readers; one writer.
class record_cache {
 public:
  explicit record_cache(std::shared_ptr<rocksdb::Cache> cache);

  /// The version, and the value in `value`.
  std::optional<index_t> find(std::string_view key, std::string& value) const;

  using ticket = std::uint64_t;
  ticket take_ticket(std::string_view key) const noexcept;
  void offer(std::string_view key, ticket since, index_t version, std::string_view value);

  /// Around the write of a batch: forgets what it changes in `default`, and takes no offers for it meanwhile.
  class change {
   public:
    change(record_cache& cache, const rocksdb::WriteBatch& batch);
    ~change();
    change(const change&) = delete;
    change& operator=(const change&) = delete;

   private:
    record_cache& cache_;
    std::vector<std::size_t> stripes_;
  };

 private:
  /// Keys share it by their hash.
  struct stripe {
    std::mutex mutex; ///< an offer and the begin of a change exclude each other
    bool changing = false;
    std::atomic<ticket> now = 0; ///< counts changes
  };
  static constexpr std::size_t stripes_count = 256;

  stripe& of(std::uint64_t hash) const noexcept;
  void forget(std::string_view key, std::vector<std::size_t>& touched);

  static constexpr std::size_t bits_count = 1 << 20; ///< 128 KiB, touched as it fills
  using bit_words = std::array<std::atomic<std::uint64_t>, bits_count / 64>;

  bool may_have(std::uint64_t hash) const noexcept;
  void note(std::uint64_t hash);
  void start_anew();

  std::shared_ptr<rocksdb::Cache> cache_;
  std::unique_ptr<bit_words> bits_;
  std::atomic<std::uint64_t> id_; ///< of this store's records in the cache; each of them has its bit set
  std::atomic<std::size_t> bits_set_ = 0;
  std::unique_ptr<std::array<stripe, stripes_count>> stripes_;
};

} // namespace argentum::storage
