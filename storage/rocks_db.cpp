// SPDX-License-Identifier: Apache-2.0
#include "storage/rocks_db.hpp"

#include "storage/fixed_int.hpp"
#include "storage/generation_dir.hpp"
#include "storage/rocks_status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace argentum::storage {

namespace {

/// What kind of store the families on disk are; nothing if none of ours.
std::optional<instance_role> role_of(std::vector<std::string> names, const rocks_shared& shared) {
  std::sort(names.begin(), names.end());
  for (auto role : {instance_role::replica, instance_role::proxy}) {
    std::vector<std::string> expected;
    for (const auto& family : families_of(role, shared, {})) expected.push_back(family.name);
    std::sort(expected.begin(), expected.end());
    if (names == expected) return role;
  }
  return std::nullopt;
}

std::string sample_key(index_t index) {
  std::string out{sample_prefix};
  put_be64(out, index);
  return out;
}

std::string sample_value(const stamp_sample& sample) {
  std::string out;
  put_le64(out, static_cast<std::uint64_t>(sample.stamp.time_since_epoch().count()));
  return out;
}

} // namespace

rocks_db::rocks_db(std::string dir, instance_role role, std::shared_ptr<rocks_shared> shared)
    : dir_(std::move(dir)),
      role_(role),
      shared_(std::move(shared)),
      records_(std::make_unique<record_cache>(shared_->cache())),
      bounds_(std::make_shared<filter_bounds>()) {
  if (role_ == instance_role::proxy) bounds_->accesses = std::make_unique<access_table>(shared_->accesses_bytes());
}

rocks_db::~rocks_db() {
  for (auto* family : families_) db_->DestroyColumnFamilyHandle(family);
  bool opened = db_ != nullptr;
  db_.reset();
  auto& env = *shared_->env();
  if (remove_)
    (void)remove_dir(env, dir_); // what stays is removed at the next start
  else if (bounds_->accesses && opened)
    (void)rocksdb::WriteStringToFile(&env, bounds_->accesses->save(), accesses_path()); // else less is known
}

caf::expected<std::shared_ptr<rocks_db>>
rocks_db::open_families(std::string dir, instance_role role, std::shared_ptr<rocks_shared> shared, bool create) {
  std::shared_ptr<rocks_db> out{new rocks_db{std::move(dir), role, std::move(shared)}};
  auto options = database_options(*out->shared_);
  options.create_if_missing = options.create_missing_column_families = options.error_if_exists = create;
  rocksdb::DB* db = nullptr;
  auto status =
      rocksdb::DB::Open(options, out->dir_, families_of(role, *out->shared_, out->bounds_), &out->families_, &db);
  if (auto error = to_error(status, "open " + out->dir_)) return error;
  out->db_.reset(db);
  std::string accesses;
  if (out->bounds_->accesses
      && rocksdb::ReadFileToString(out->shared_->env(), out->accesses_path(), &accesses).ok())
    out->bounds_->accesses->load(accesses);
  return out;
}

caf::expected<std::shared_ptr<rocks_db>> rocks_db::open(std::string dir, std::shared_ptr<rocks_shared> shared) {
  std::vector<std::string> names;
  auto status = rocksdb::DB::ListColumnFamilies(database_options(*shared), dir, &names);
  if (!status.ok()) return make_error(errc::corrupt, fmt::format("no store in {}: {}", dir, status.ToString()));
  auto found = role_of(std::move(names), *shared);
  if (!found) return make_error(errc::corrupt, fmt::format("{} holds another program's data", dir));
  return open_families(std::move(dir), *found, std::move(shared), false);
}

caf::expected<std::shared_ptr<rocks_db>> rocks_db::create(std::string dir, instance_role role,
                                                          std::shared_ptr<rocks_shared> shared) {
  auto out = open_families(std::move(dir), role, std::move(shared), true);
  if (!out) return out;
  store_state state;
  state.role = role;
  rocksdb::WriteBatch batch;
  auto& self = **out;
  auto status = batch.Put(self.meta(), state_key, encode_state(state));
  if (status.ok()) status = self.write(batch, true);
  if (auto error = to_error(status, "create a store")) return error;
  return out;
}

rocksdb::Status rocks_db::write(rocksdb::WriteBatch& batch, bool sync) const {
  // A memtable may be full and be flushed within this very write, and then the rule below does not help: so neither
  // the log file nor a flush may meet a full disk.
  auto volume = shared_->volume(dir_);
  auto reserve = limits::disk_reserve_bytes + shared_->memtables()->memory_usage();
  if (volume.bytes > 0 && volume.free_bytes < reserve + batch.GetDataSize())
    return rocksdb::Status::NoSpace("less is free than is kept in reserve");
  // Where a log file could not be written, RocksDB begins a new one along with the flush of a memtable. If all are
  // empty, because they have just been flushed, it goes on with the broken file and aborts (7.8,
  // WritableFileWriter: "sync_without_flush_called_"). So one is never empty; the record in it need not survive.
  rocksdb::WriteOptions options;
  std::uint64_t held = 0;
  db_->GetIntProperty(meta(), rocksdb::DB::Properties::kNumEntriesActiveMemTable, &held);
  if (held == 0) {
    options.disableWAL = true;
    if (auto status = db_->Put(options, meta(), anchor_key, {}); !status.ok()) return status;
    options.disableWAL = false;
  }
  options.sync = sync;
  return db_->Write(options, &batch);
}

rocksdb::Status rocks_db::begin_flush() const {
  rocksdb::FlushOptions options;
  options.wait = false;
  options.allow_write_stall = true; // else it would wait until there is none
  return db_->Flush(options, families_);
}

std::uint64_t rocks_db::wal_bytes() const {
  std::vector<std::string> names;
  if (!shared_->env()->GetChildren(dir_, &names).ok()) return 0;
  std::uint64_t sum = 0;
  for (const auto& name : names) {
    std::uint64_t size = 0;
    if (name.ends_with(".log") && shared_->env()->GetFileSize(dir_ + "/" + name, &size).ok()) sum += size;
  }
  return sum;
}

caf::expected<store_state> rocks_db::read_state(const rocksdb::ReadOptions& options) const {
  rocksdb::PinnableSlice bytes;
  if (auto error = to_error(db_->Get(options, meta(), state_key, &bytes), "read the state of " + dir_))
    return error;
  auto state = decode_state(bytes.ToStringView());
  if (!state) return corrupt_bytes("the state of " + dir_);
  return *state;
}

caf::expected<std::optional<import_record>> rocks_db::read_import() const {
  rocksdb::PinnableSlice bytes;
  auto status = db_->Get({}, meta(), import_key, &bytes);
  if (status.IsNotFound()) return std::optional<import_record>{};
  if (auto error = to_error(status, "read the import of " + dir_)) return error;
  auto import = decode_import(bytes.ToStringView());
  if (!import) return corrupt_bytes("the import of " + dir_);
  return import;
}

caf::expected<stamp_samples> rocks_db::read_samples() const {
  std::deque<stamp_sample> out;
  std::unique_ptr<rocksdb::Iterator> it{db_->NewIterator({}, meta())};
  for (it->Seek(sample_prefix); it->Valid() && it->key().starts_with(sample_prefix); it->Next()) {
    auto key = it->key().ToStringView(), value = it->value().ToStringView();
    key.remove_prefix(std::strlen(sample_prefix));
    index_t index = 0;
    std::uint64_t micros = 0;
    if (!take_be64(key, index) || !take_le64(value, micros)) return corrupt_bytes("a stamp in " + dir_);
    out.push_back({index, stamp_t{std::chrono::microseconds{static_cast<std::int64_t>(micros)}}});
  }
  if (auto error = to_error(it->status(), "read the stamps of " + dir_)) return error;
  return stamp_samples{std::move(out)};
}

caf::expected<access_time> rocks_db::read_clock() const {
  rocksdb::PinnableSlice bytes;
  auto status = db_->Get({}, meta(), clock_key, &bytes);
  if (status.IsNotFound()) return access_time{1};
  if (auto error = to_error(status, "read the access clock of " + dir_)) return error;
  access_time out = 0;
  auto in = bytes.ToStringView();
  return take_le32(in, out) ? caf::expected<access_time>{out} : corrupt_bytes("the access clock of " + dir_);
}

rocksdb::Status rocks_db::add_samples(rocksdb::WriteBatch& batch, const stamp_samples& before,
                                      const stamp_samples& now) const {
  auto newest = before.all().empty() ? 0 : before.all().back().index;
  rocksdb::Status status;
  for (const auto& each : before.all())
    if (status.ok() && each.index < now.all().front().index) status = batch.Delete(meta(), sample_key(each.index));
  for (const auto& each : now.all())
    if (status.ok() && each.index > newest) status = batch.Put(meta(), sample_key(each.index), sample_value(each));
  return status;
}

rocksdb::ReadOptions rocks_snapshot::options() const {
  rocksdb::ReadOptions out;
  out.snapshot = snapshot_;
  return out;
}

} // namespace argentum::storage
