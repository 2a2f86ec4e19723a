// SPDX-License-Identifier: Apache-2.0
#include "storage/replica_batch.hpp"

#include "storage/key_codec.hpp"
#include "storage/rocks_status.hpp"
#include "storage/store_rules.hpp"

namespace argentum::storage {

caf::error replica_batch::add(const std::vector<versioned_mutation>& mutations) {
  if (auto error = read_old(mutations)) return error;
  for (const auto& mutation : mutations)
    if (auto error = change(mutation)) return error;
  for (const auto& [key, item] : keys_)
    if (auto error = write(key, item)) return error;
  return {};
}

caf::error replica_batch::read_old(const std::vector<versioned_mutation>& mutations) {
  for (const auto& mutation : mutations) {
    auto [place, fresh] = keys_.try_emplace(mutation.what.key);
    if (fresh) place->second.read = mutation.version > horizon_;
  }
  std::vector<rocksdb::Slice> slices;
  std::vector<held*> items;
  slices.reserve(keys_.size());
  items.reserve(keys_.size());
  for (auto& [key, item] : keys_) {
    if (!item.read) continue;
    slices.emplace_back(key);
    items.push_back(&item);
  }
  old_.resize(slices.size());
  std::vector<rocksdb::Status> states(slices.size());
  db_.db().MultiGet({}, db_.data(), slices.size(), slices.data(), old_.data(), states.data(), true);
  for (std::size_t i = 0; i < slices.size(); ++i) {
    if (states[i].IsNotFound()) continue;
    if (auto error = to_error(states[i], "read an old record")) return error;
    auto bytes = old_[i].ToStringView();
    auto record = decode_record(bytes);
    if (!record) return corrupt_bytes("a record");
    auto& item = *items[i];
    item.exists = true;
    item.live = !record->tombstone;
    item.version = record->version;
    item.tail = bytes;
  }
  return {};
}

caf::error replica_batch::change(const versioned_mutation& mutation) {
  const auto& what = mutation.what;
  auto& item = keys_.at(what.key);
  if (mutation.version > horizon_) {
    if (auto error = check_mutation({item.exists, item.live, item.version}, what.kind, mutation.version))
      return error;
    if (item.exists)
      if (auto error = keep(what.key, item, mutation.version - 1)) return error;
  }
  record_view next{mutation.version, what.kind == mutation_kind::remove, std::nullopt, std::nullopt};
  if (!next.tombstone) next.value = what.value;
  item.exists = true;
  item.live = !next.tombstone;
  item.version = next.version;
  item.head = encode_record_head(next);
  item.tail = what.value;
  return {};
}

caf::error replica_batch::keep(std::string_view key, held& item, index_t until) {
  auto from_store = item.head.empty();
  if (!from_store) return put(db_.history(), history_key(key, until), item.head, item.tail);
  item.replaced = item.tail;
  item.replaced_until = until;
  return {};
}

caf::error replica_batch::write(std::string_view key, const held& item) {
  if (item.replaced_until != 0)
    if (auto error = put(db_.history(), history_key(key, item.replaced_until), {}, item.replaced)) return error;
  return put(db_.data(), key, item.head, item.tail);
}

caf::error replica_batch::put(rocksdb::ColumnFamilyHandle* family, std::string_view key, std::string_view head,
                              std::string_view tail) {
  rocksdb::Slice keys[] = {key};
  rocksdb::Slice values[] = {head, tail};
  return to_error(batch_.Put(family, {keys, 1}, {values, 2}), "build a batch");
}

} // namespace argentum::storage
