// SPDX-License-Identifier: Apache-2.0
// One process's access to a disk image, as RocksDB wants it. When the process is dead it changes nothing more, what
// it has open can still be read, and the next process comes with an access of its own. Nobody else locks a file.
#pragma once

#include "apps/sim/disk_image.hpp"

#include <rocksdb/file_system.h>

#include <atomic>
#include <thread>

namespace argentum::sim {

class disk_files final : public rocksdb::FileSystem {
 public:
  using status = rocksdb::IOStatus;
  using io = const rocksdb::IOOptions&;
  using debug = rocksdb::IODebugContext*;

  explicit disk_files(std::shared_ptr<disk_image> disk) : disk_(std::move(disk)) {}
  void kill() noexcept { alive_ = false; }

  const char* Name() const override { return "disk_files"; }
  status NewSequentialFile(const std::string& name, const rocksdb::FileOptions&,
                           std::unique_ptr<rocksdb::FSSequentialFile>* out, debug) override;
  status NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions&,
                             std::unique_ptr<rocksdb::FSRandomAccessFile>* out, debug) override;
  status NewWritableFile(const std::string& name, const rocksdb::FileOptions&,
                         std::unique_ptr<rocksdb::FSWritableFile>* out, debug) override;
  status ReopenWritableFile(const std::string& name, const rocksdb::FileOptions&,
                            std::unique_ptr<rocksdb::FSWritableFile>* out, debug) override;
  status NewDirectory(const std::string& name, io, std::unique_ptr<rocksdb::FSDirectory>* out, debug) override;
  status FileExists(const std::string& name, io, debug) override;
  status GetChildren(const std::string& name, io, std::vector<std::string>* out, debug) override;
  status DeleteFile(const std::string& name, io, debug) override;
  status CreateDir(const std::string& name, io, debug) override;
  status CreateDirIfMissing(const std::string& name, io, debug) override;
  status DeleteDir(const std::string& name, io, debug) override;
  status GetFileSize(const std::string& name, io, std::uint64_t* out, debug) override;
  status GetFileModificationTime(const std::string& name, io, std::uint64_t* out, debug) override;
  status RenameFile(const std::string& from, const std::string& to, io, debug) override;
  status LinkFile(const std::string& from, const std::string& to, io, debug) override;
  status LockFile(const std::string& name, io, rocksdb::FileLock** out, debug) override;
  status UnlockFile(rocksdb::FileLock* lock, io, debug) override;
  status GetAbsolutePath(const std::string& name, io, std::string* out, debug) override;
  status IsDirectory(const std::string& name, io, bool* out, debug) override;
  status GetTestDirectory(io, std::string*, debug) override { return status::NotSupported(); }
  status NewLogger(const std::string&, io, std::shared_ptr<rocksdb::Logger>* out, debug) override;

 private:
  class reader;
  class random_reader;
  class writer;
  class directory;
  class no_log;

  /// OK if the change was made; else why it was not.
  template <class F>
  status change(const std::string& name, F&& made);
  status open(const std::string& name, disk_image::file_ptr& out) const;

  std::shared_ptr<disk_image> disk_;
  std::thread::id owner_ = std::this_thread::get_id(); ///< whose calls are the store's own
  std::atomic<bool> alive_ = true;
};

} // namespace argentum::sim
