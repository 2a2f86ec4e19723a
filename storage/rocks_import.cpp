// SPDX-License-Identifier: Apache-2.0
#include "storage/rocks_import.hpp"

#include "storage/record.hpp"
#include "storage/rocks_status.hpp"
#include "storage/store_rules.hpp"

namespace argentum::storage {

rocks_import::rocks_import(std::shared_ptr<rocks_db> db, instance_role role, import_record record)
    : db_(std::move(db)),
      role_(role),
      progress_(std::move(record)),
      saved_(progress_),
      path_(db_->dir() + "/import.part") {}

rocks_import::~rocks_import() {
  file_.reset();
  (void)db_->shared().env()->DeleteFile(path_); // usually it is not there
}

caf::error rocks_import::begin() {
  return save_progress();
}

caf::error rocks_import::add(const std::vector<snapshot_record>& records) {
  for (const auto& record : records) {
    auto fresh = count_import(progress_, record);
    if (!fresh) return give_up(fresh.error());
    if (!*fresh) continue;
    if (auto error = add(record)) return give_up(error);
  }
  return {};
}

caf::error rocks_import::add(const snapshot_record& record) {
  if (!file_) {
    auto options = db_->db().GetOptions(db_->data());
    file_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions{options}, options);
    if (auto error = to_error(file_->Open(path_), "open an import file")) return error;
  }
  record_view stored{record.version, false, std::nullopt, std::nullopt};
  if (role_ == instance_role::replica) stored.value = record.value;
  bytes_ = encode_record_head(stored);
  if (stored.value) bytes_.append(*stored.value);
  if (auto error = to_error(file_->Put(record.key, bytes_), "write an import file")) return error;
  return file_->FileSize() >= limits::import_file_bytes ? ingest() : caf::error{};
}

caf::error rocks_import::flush() {
  if (!file_) return {};
  if (auto error = ingest()) return give_up(error);
  return {};
}

caf::error rocks_import::ingest() {
  if (auto error = to_error(file_->Finish(), "finish an import file")) return error;
  file_.reset();
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false; // the number in the manifest is enough, and saves a random write
  auto status = db_->db().IngestExternalFile(db_->data(), {path_}, options);
  if (auto error = to_error(status, "ingest an import file")) return error;
  return save_progress();
}

caf::error rocks_import::save_progress() {
  rocksdb::WriteBatch batch;
  auto status = batch.Put(db_->meta(), import_key, encode_import(progress_));
  if (status.ok()) status = db_->write(batch, true);
  if (status.ok()) saved_ = progress_;
  return to_error(status, "save the progress of an import");
}

caf::error rocks_import::give_up(caf::error reason) {
  file_.reset();
  progress_ = saved_;
  return reason;
}

} // namespace argentum::storage
