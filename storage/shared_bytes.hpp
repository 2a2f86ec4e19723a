// SPDX-License-Identifier: Apache-2.0
// Bytes that stores in memory hold without copying: a value is a piece of the entry that wrote it, and stores that
// share a pool hold each entry once between them, as 1,000 simulated nodes with the same log do.
#pragma once

#include "messages/entry.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace argentum::storage {

/// A piece of bytes that it keeps alive; or nothing, which is not the same as an empty piece.
class shared_bytes {
 public:
  shared_bytes() = default;
  shared_bytes(const std::shared_ptr<const std::string>& owner, std::string_view piece)
      : data_(owner, piece.data()), size_(piece.size()) {}
  static shared_bytes copy(std::string_view of) {
    auto owner = std::make_shared<const std::string>(of);
    return {owner, *owner};
  }
  explicit operator bool() const noexcept { return data_ != nullptr; }
  std::string_view operator*() const noexcept { return {data_.get(), size_}; }

 private:
  std::shared_ptr<const char> data_;
  std::size_t size_ = 0;
};

/// The encoded entries that were asked for of late. One thread.
class entry_pool {
 public:
  /// The bytes of that record: those that another store holds, if they are the same.
  std::shared_ptr<const std::string> share(const log_record& record) {
    auto& latest = latest_[record.chain % latest_.size()];
    if (!latest || *latest != record.bytes) latest = std::make_shared<const std::string>(record.bytes);
    return latest;
  }

 private:
  /// By chain, which differs between entries and between instances.
  std::array<std::shared_ptr<const std::string>, 4096> latest_;
};

} // namespace argentum::storage
