// SPDX-License-Identifier: Apache-2.0
#include "storage/key_codec.hpp"

#include "storage/fixed_int.hpp"

#include <rocksdb/slice_transform.h>

namespace argentum::storage {

namespace {

class all_but_index final : public rocksdb::SliceTransform {
 public:
  const char* Name() const override { return "argentum.history_prefix.1"; }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override { return {key.data(), key.size() - u64_size}; }
  bool InDomain(const rocksdb::Slice& key) const override { return key.size() >= 2 + u64_size; }
};

} // namespace

std::string log_key(index_t index) {
  std::string out;
  put_be64(out, index);
  return out;
}

bool read_log_key(std::string_view bytes, index_t& out) {
  return take_be64(bytes, out) && bytes.empty();
}

std::string history_prefix(std::string_view key) {
  std::string out;
  out.reserve(key.size() + 2 + u64_size);
  for (char byte : key) {
    out.push_back(byte);
    if (byte == '\0') out.push_back('\xff');
  }
  out.append({'\0', '\x01'});
  return out;
}

std::string history_key(std::string_view key, index_t valid_until) {
  auto out = history_prefix(key);
  put_be64(out, valid_until);
  return out;
}

std::optional<index_t> valid_until(std::string_view history_key) noexcept {
  if (history_key.size() < 2 + u64_size) return std::nullopt;
  history_key.remove_prefix(history_key.size() - u64_size);
  index_t index = 0;
  return take_be64(history_key, index) ? std::optional{index} : std::nullopt;
}

std::shared_ptr<const rocksdb::SliceTransform> history_prefix_extractor() {
  return std::make_shared<const all_but_index>();
}

} // namespace argentum::storage
