// SPDX-License-Identifier: Apache-2.0
#include "storage/replica_batch.hpp"

#include "storage/key_codec.hpp"
#include "storage/rocks_status.hpp"
#include "storage/store_rules.hpp"

#include <algorithm>

namespace argentum::storage {

caf::error replica_batch::add(const std::vector<versioned_mutation>& mutations) {
  if (auto error = read_old(mutations)) return error;
  for (const auto& mutation : mutations)
    if (auto error = change(mutation)) return error;
  for (const auto& key : keys_)
    if (auto error = put(db_.data(), key.ToStringView(), held_.at(key.ToStringView()))) return error;
  return {};
}

caf::error replica_batch::read_old(const std::vector<versioned_mutation>& mutations) {
  keys_.reserve(mutations.size());
  for (const auto& mutation : mutations) keys_.emplace_back(mutation.what.key);
  std::sort(keys_.begin(), keys_.end(), [](const auto& a, const auto& b) { return a.compare(b) < 0; });
  keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
  old_.resize(keys_.size());
  std::vector<rocksdb::Status> states(keys_.size());
  db_.db().MultiGet({}, db_.data(), keys_.size(), keys_.data(), old_.data(), states.data(), true);
  held_.reserve(keys_.size());
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    auto& item = held_[keys_[i].ToStringView()];
    if (states[i].IsNotFound()) continue;
    if (auto error = to_error(states[i], "read an old record")) return error;
    auto bytes = old_[i].ToStringView();
    auto record = decode_record(bytes);
    if (!record) return corrupt_bytes("a record");
    item = {true, !record->tombstone, record->version, {}, bytes};
  }
  return {};
}

caf::error replica_batch::change(const versioned_mutation& mutation) {
  const auto& what = mutation.what;
  auto& item = held_.at(what.key);
  if (auto error = check_mutation({item.exists, item.live, item.version}, what.kind, mutation.version))
    return error;
  if (item.exists)
    if (auto error = put(db_.history(), history_key(what.key, mutation.version - 1), item)) return error;
  record_view next{mutation.version, what.kind == mutation_kind::remove, std::nullopt, std::nullopt};
  if (!next.tombstone) next.value = what.value;
  item = {true, !next.tombstone, next.version, encode_record_head(next), what.value};
  return {};
}

caf::error replica_batch::put(rocksdb::ColumnFamilyHandle* family, std::string_view key, const held& record) {
  rocksdb::Slice keys[] = {key};
  rocksdb::Slice values[] = {record.head, record.tail};
  return to_error(batch_.Put(family, {keys, 1}, {values, 2}), "build a batch");
}

} // namespace argentum::storage
