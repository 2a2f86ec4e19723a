// SPDX-License-Identifier: Apache-2.0
#include "storage/rocks_export.hpp"

#include "storage/record.hpp"
#include "storage/rocks_status.hpp"

namespace argentum::storage {

rocks_export::rocks_export(std::shared_ptr<rocks_db> db, instance_role reader)
    : db_(std::move(db)), snapshot_(db_->db()), reader_(reader) {}

caf::expected<std::unique_ptr<store_export>> rocks_export::open(std::shared_ptr<rocks_db> db,
                                                                instance_role reader) {
  std::unique_ptr<rocks_export> out{new rocks_export{std::move(db), reader}};
  auto state = out->db_->read_state(out->snapshot_.options());
  if (!state) return state.error();
  out->header_ = {state->id, state->applied, state->stamp, state->key_count};
  return std::unique_ptr<store_export>{std::move(out)};
}

caf::expected<snapshot_chunk> rocks_export::read(std::string_view after, bool from_start, std::size_t bytes_max) {
  auto options = snapshot_.options();
  options.fill_cache = false;
  std::unique_ptr<rocksdb::Iterator> it{db_->db().NewIterator(options, db_->data())};
  if (from_start)
    it->SeekToFirst();
  else
    it->Seek(after);
  if (!from_start && it->Valid() && it->key() == rocksdb::Slice{after}) it->Next();
  snapshot_chunk out;
  out.last = true;
  std::size_t bytes = 0;
  for (; it->Valid(); it->Next()) {
    auto record = decode_record(it->value().ToStringView());
    if (!record || (!record->tombstone && !record->value)) return corrupt_bytes("a record");
    if (record->tombstone) continue;
    if (!out.records.empty() && bytes >= bytes_max) {
      out.last = false;
      break;
    }
    std::string value;
    if (reader_ == instance_role::replica) value = *record->value;
    bytes += it->key().size() + value.size() + sizeof(index_t);
    out.records.push_back({it->key().ToString(), record->version, std::move(value)});
  }
  if (auto error = to_error(it->status(), "read a range of keys")) return error;
  return out;
}

} // namespace argentum::storage
