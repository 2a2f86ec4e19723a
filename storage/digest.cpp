// SPDX-License-Identifier: Apache-2.0
#include "storage/digest.hpp"

#include "storage/fixed_int.hpp"

#include <xxhash.h>

#include <new>

namespace argentum::storage {

digester::digester() = default;
digester::~digester() = default;

void digester::freer::operator()(XXH3_state_s* state) const noexcept {
  XXH3_freeState(state);
}

digester::hash digester::make_hash() {
  hash out{XXH3_createState()};
  if (!out) throw std::bad_alloc{};
  XXH3_64bits_reset(out.get());
  return out;
}

void digester::add(std::string_view key, index_t version, std::optional<std::string_view> value) {
  head_.clear();
  put_le64(head_, key.size());
  head_.append(key);
  put_le64(head_, version);
  XXH3_64bits_update(keys_.get(), head_.data(), head_.size());
  ++count_;
  if (!value) complete_ = false;
  if (!complete_) return;
  put_le64(head_, value->size());
  XXH3_64bits_update(values_.get(), head_.data(), head_.size());
  XXH3_64bits_update(values_.get(), value->data(), value->size());
}

store_digest digester::finish(index_t index) const {
  return {index, count_, XXH3_64bits_digest(keys_.get()), complete_ ? XXH3_64bits_digest(values_.get()) : 0};
}

} // namespace argentum::storage
