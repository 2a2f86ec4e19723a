// SPDX-License-Identifier: Apache-2.0
// A file system that can lose what was not synced (the idea of LevelDB's fault_injection_test): it remembers how
// far each file was synced, and `crash` cuts every file back to that. `full` makes every write fail with "no
// space"; `on_read` lets a test come between the reads of one call.
#pragma once

#include <rocksdb/env.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>

namespace argentum::test {

class unsynced_env final : public rocksdb::EnvWrapper {
 public:
  unsynced_env() : rocksdb::EnvWrapper(rocksdb::Env::Default()) {}

  const char* Name() const override { return "unsynced_env"; }

  rocksdb::Status NewWritableFile(const std::string& name, std::unique_ptr<rocksdb::WritableFile>* out,
                                  const rocksdb::EnvOptions& options) override {
    auto status = EnvWrapper::NewWritableFile(name, out, options);
    if (!status.ok()) return status;
    note(name, 0);
    *out = std::make_unique<file>(*this, name, std::move(*out));
    return status;
  }
  rocksdb::Status RenameFile(const std::string& from, const std::string& to) override {
    auto status = EnvWrapper::RenameFile(from, to);
    std::lock_guard lock{mutex_};
    if (status.ok())
      if (auto node = synced_.extract(from)) {
        synced_.erase(to);
        node.key() = to;
        synced_.insert(std::move(node));
      }
    return status;
  }

  rocksdb::Status NewRandomAccessFile(const std::string& name, std::unique_ptr<rocksdb::RandomAccessFile>* out,
                                      const rocksdb::EnvOptions& options) override {
    auto status = EnvWrapper::NewRandomAccessFile(name, out, options);
    if (status.ok()) *out = std::make_unique<table_file>(std::move(*out));
    return status;
  }

  /// Called before each read of a table file by the thread that set it.
  static inline thread_local std::function<void()> on_read;

  /// Call it with every database closed.
  void crash() {
    std::lock_guard lock{mutex_};
    for (const auto& [name, size] : synced_)
      if (std::filesystem::exists(name) && std::filesystem::file_size(name) > size)
        std::filesystem::resize_file(name, size);
  }

  std::atomic<bool> full = false;

 private:
  class file final : public rocksdb::WritableFileWrapper {
   public:
    file(unsynced_env& env, std::string name, std::unique_ptr<rocksdb::WritableFile> target)
        : WritableFileWrapper(target.get()), env_(env), name_(std::move(name)), target_(std::move(target)) {}
    rocksdb::Status Append(const rocksdb::Slice& data) override {
      if (env_.full) return rocksdb::Status::NoSpace("test");
      return WritableFileWrapper::Append(data);
    }
    rocksdb::Status Append(const rocksdb::Slice& data, const rocksdb::DataVerificationInfo&) override {
      return Append(data);
    }
    rocksdb::Status Sync() override { return note(WritableFileWrapper::Sync()); }
    rocksdb::Status Fsync() override { return note(WritableFileWrapper::Fsync()); }

   private:
    rocksdb::Status note(rocksdb::Status status) {
      if (status.ok()) env_.note(name_, GetFileSize());
      return status;
    }
    unsynced_env& env_;
    std::string name_;
    std::unique_ptr<rocksdb::WritableFile> target_;
  };

  class table_file final : public rocksdb::RandomAccessFileWrapper {
   public:
    explicit table_file(std::unique_ptr<rocksdb::RandomAccessFile> target)
        : RandomAccessFileWrapper(target.get()), target_(std::move(target)) {}
    rocksdb::Status Read(std::uint64_t at, std::size_t bytes, rocksdb::Slice* out, char* room) const override {
      if (on_read) on_read();
      return RandomAccessFileWrapper::Read(at, bytes, out, room);
    }

   private:
    std::unique_ptr<rocksdb::RandomAccessFile> target_;
  };

  void note(const std::string& name, std::uint64_t size) {
    std::lock_guard lock{mutex_};
    synced_[name] = size;
  }

  std::mutex mutex_;
  std::map<std::string, std::uint64_t> synced_;
};

} // namespace argentum::test
