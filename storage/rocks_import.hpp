// SPDX-License-Identifier: Apache-2.0
// Receives a full copy into an empty store. Records go into SST files of about limits::import_file_bytes that are
// ingested one by one; the progress on disk covers what was ingested, so a crash loses one file at most.
#pragma once

#include "storage/rocks_db.hpp"

#include <rocksdb/sst_file_writer.h>

namespace argentum::storage {

class rocks_import {
 public:
  /// Goes on from `record`, which is what the disk has.
  rocks_import(std::shared_ptr<rocks_db> db, instance_role role, import_record record);
  ~rocks_import();

  /// Includes what is in the open file.
  const import_record& progress() const noexcept { return progress_; }
  /// Writes the first progress record.
  caf::error begin();
  /// After an error the progress is back at what the disk has.
  caf::error add(const std::vector<snapshot_record>& records);
  /// Ingests the open file and writes the progress, durably.
  caf::error flush();

 private:
  caf::error add(const snapshot_record& record);
  caf::error ingest();
  caf::error save_progress();
  caf::error give_up(caf::error reason);

  std::shared_ptr<rocks_db> db_;
  instance_role role_;
  import_record progress_;
  import_record saved_; ///< as on disk
  std::string path_;
  std::unique_ptr<rocksdb::SstFileWriter> file_; ///< null between files
  std::string bytes_;                            ///< reused
};

} // namespace argentum::storage
