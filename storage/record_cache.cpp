// SPDX-License-Identifier: Apache-2.0
#include "storage/record_cache.hpp"

#include "messages/limits.hpp"

#include <rocksdb/slice.h>
#include <xxhash.h>

#include <cstring>
#include <utility>

namespace argentum::storage {

namespace {

/// What the cache holds: this, and behind it the value.
struct cached {
  index_t version;
  std::size_t bytes;
  const char* value() const noexcept { return reinterpret_cast<const char*>(this + 1); }
};

void free_cached(const rocksdb::Slice&, void* memory) {
  ::operator delete(memory);
}

/// The store's id and the key.
class cache_key {
 public:
  cache_key(std::uint64_t id, std::string_view key) noexcept : size_(sizeof id + key.size()) {
    std::memcpy(bytes_.data(), &id, sizeof id);
    std::memcpy(bytes_.data() + sizeof id, key.data(), key.size());
  }
  rocksdb::Slice slice() const noexcept { return {bytes_.data(), size_}; }

 private:
  std::array<char, sizeof(std::uint64_t) + limits::cached_key_bytes_max> bytes_;
  std::size_t size_;
};

bool fits(std::string_view key) noexcept {
  return key.size() <= limits::cached_key_bytes_max;
}

std::uint64_t hash_of(std::string_view key) noexcept {
  return XXH3_64bits(key.data(), key.size());
}

/// Calls `f` with each key of `default` that a batch changes.
template <class F>
class key_reader final : public rocksdb::WriteBatch::Handler {
 public:
  explicit key_reader(F f) : f_(std::move(f)) {}
  rocksdb::Status PutCF(std::uint32_t family, const rocksdb::Slice& key, const rocksdb::Slice&) override {
    return see(family, key);
  }
  rocksdb::Status DeleteCF(std::uint32_t family, const rocksdb::Slice& key) override { return see(family, key); }
  rocksdb::Status DeleteRangeCF(std::uint32_t, const rocksdb::Slice&, const rocksdb::Slice&) override {
    return {}; // of the log only
  }

 private:
  rocksdb::Status see(std::uint32_t family, const rocksdb::Slice& key) {
    if (family == 0) f_(key.ToStringView());
    return {};
  }
  F f_;
};

} // namespace

record_cache::record_cache(std::shared_ptr<rocksdb::Cache> cache)
    : cache_(std::move(cache)),
      bits_(std::make_unique<bit_words>()),
      id_(cache_->NewId()),
      stripes_(std::make_unique<std::array<stripe, stripes_count>>()) {}

record_cache::stripe& record_cache::of(std::uint64_t hash) const noexcept {
  return (*stripes_)[hash % stripes_count];
}

bool record_cache::may_have(std::uint64_t hash) const noexcept {
  auto bit = (hash >> 32) % bits_count;
  return ((*bits_)[bit / 64].load(std::memory_order_acquire) >> (bit % 64) & 1) != 0;
}

void record_cache::note(std::uint64_t hash) {
  auto bit = (hash >> 32) % bits_count;
  auto mask = std::uint64_t{1} << (bit % 64);
  if ((*bits_)[bit / 64].fetch_or(mask, std::memory_order_acq_rel) & mask) return;
  if (bits_set_.fetch_add(1, std::memory_order_relaxed) + 1 == bits_count / 4) start_anew();
}

/// The bits go first: a record under the new id was noted after that, and keeps its bit.
void record_cache::start_anew() {
  for (auto& word : *bits_) word.store(0, std::memory_order_release);
  id_.store(cache_->NewId(), std::memory_order_release);
  bits_set_.store(0, std::memory_order_relaxed);
}

std::optional<index_t> record_cache::find(std::string_view key, std::string& value) const {
  if (!fits(key) || !may_have(hash_of(key))) return std::nullopt;
  auto* handle = cache_->Lookup(cache_key{id_.load(std::memory_order_acquire), key}.slice());
  if (handle == nullptr) return std::nullopt;
  const auto& record = *static_cast<const cached*>(cache_->Value(handle));
  auto version = record.version;
  value.assign(record.value(), record.bytes);
  cache_->Release(handle);
  return version;
}

record_cache::ticket record_cache::take_ticket(std::string_view key) const noexcept {
  return of(hash_of(key)).now.load(std::memory_order_acquire);
}

void record_cache::offer(std::string_view key, ticket since, index_t version, std::string_view value) {
  if (!fits(key) || value.size() > limits::cached_value_bytes_max) return;
  auto hash = hash_of(key);
  auto& home = of(hash);
  std::lock_guard lock{home.mutex};
  if (home.changing || home.now.load(std::memory_order_relaxed) != since) return;
  auto bytes = sizeof(cached) + value.size();
  auto* record = new (::operator new(bytes)) cached{version, value.size()};
  std::memcpy(record + 1, value.data(), value.size());
  auto id = id_.load(std::memory_order_acquire); // before the bit: if all starts anew now, it is under the old one
  note(hash);
  // Low priority: what is not read again goes before the blocks that serve all keys.
  (void)cache_->Insert(cache_key{id, key}.slice(), record, bytes, free_cached, nullptr,
                       rocksdb::Cache::Priority::LOW);
}

void record_cache::forget(std::string_view key, std::vector<std::size_t>& touched) {
  auto hash = hash_of(key);
  auto& home = of(hash);
  std::lock_guard lock{home.mutex};
  if (!std::exchange(home.changing, true)) {
    home.now.fetch_add(1, std::memory_order_release);
    touched.push_back(static_cast<std::size_t>(&home - stripes_->data()));
  }
  if (fits(key)) cache_->Erase(cache_key{id_.load(std::memory_order_acquire), key}.slice());
}

record_cache::change::change(record_cache& cache, const rocksdb::WriteBatch& batch) : cache_(cache) {
  auto forget = [this](std::string_view key) { cache_.forget(key, stripes_); };
  key_reader reader{forget};
  (void)batch.Iterate(&reader);
}

record_cache::change::~change() {
  for (auto number : stripes_) {
    auto& home = (*cache_.stripes_)[number];
    std::lock_guard lock{home.mutex};
    home.changing = false;
    home.now.fetch_add(1, std::memory_order_release);
  }
}

} // namespace argentum::storage
