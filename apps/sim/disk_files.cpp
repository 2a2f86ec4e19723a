// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/disk_files.hpp"

#include <filesystem>
#include <thread>
#include <utility>

namespace argentum::sim {

namespace {

using io_status = rocksdb::IOStatus;

io_status missing(const std::string& name) {
  return io_status::PathNotFound(name);
}

/// RocksDB and our own code also say "/a/" and "/a/b/..".
std::string plain(const std::string& directory) {
  auto out = std::filesystem::path{directory}.lexically_normal().string();
  if (out.ends_with('/')) out.pop_back();
  return out;
}

} // namespace

class disk_files::reader final : public rocksdb::FSSequentialFile {
 public:
  reader(std::shared_ptr<disk_image> disk, disk_image::file_ptr file)
      : disk_(std::move(disk)), file_(std::move(file)) {}
  status Read(std::size_t bytes, io, rocksdb::Slice* out, char* into, debug) override {
    *out = {into, disk_->read(*file_, at_, bytes, into)};
    at_ += out->size();
    return status::OK();
  }
  status Skip(std::uint64_t bytes) override {
    at_ += bytes;
    return status::OK();
  }

 private:
  std::shared_ptr<disk_image> disk_;
  disk_image::file_ptr file_;
  std::size_t at_ = 0;
};

class disk_files::random_reader final : public rocksdb::FSRandomAccessFile {
 public:
  random_reader(std::shared_ptr<disk_image> disk, disk_image::file_ptr file)
      : disk_(std::move(disk)), file_(std::move(file)) {}
  status Read(std::uint64_t at, std::size_t bytes, io, rocksdb::Slice* out, char* into, debug) const override {
    *out = {into, disk_->read(*file_, at, bytes, into)};
    return status::OK();
  }

 private:
  std::shared_ptr<disk_image> disk_;
  disk_image::file_ptr file_;
};

class disk_files::writer final : public rocksdb::FSWritableFile {
 public:
  writer(disk_files& of, std::string name, disk_image::file_ptr file)
      : of_(of), name_(std::move(name)), file_(std::move(file)) {}
  using rocksdb::FSWritableFile::Append;
  status Append(const rocksdb::Slice& bytes, io, debug) override {
    return of_.change(name_, [&] {
      bool background = std::this_thread::get_id() != of_.owner_;
      return of_.disk_->append(*file_, bytes.ToStringView(), background) ? status::OK() : status::NoSpace(name_);
    });
  }
  status Sync(io, debug) override {
    return of_.change(name_, [&] {
      of_.disk_->sync(*file_);
      return status::OK();
    });
  }
  status Flush(io, debug) override { return status::OK(); } // nothing is held back
  status Close(io, debug) override { return status::OK(); }
  bool IsSyncThreadSafe() const override { return true; }
  std::uint64_t GetFileSize(io, debug) override { return of_.disk_->size(*file_); }

 private:
  disk_files& of_;
  std::string name_;
  disk_image::file_ptr file_;
};

class disk_files::directory final : public rocksdb::FSDirectory {
 public:
  directory(disk_files& of, std::string name) : of_(of), name_(std::move(name)) {}
  status Fsync(io, debug) override {
    return of_.change(name_, [&] {
      of_.disk_->sync_directory(name_);
      return status::OK();
    });
  }
  status Close(io, debug) override { return status::OK(); }

 private:
  disk_files& of_;
  std::string name_;
};

/// Of RocksDB's own log, which nobody reads.
class disk_files::no_log final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
  std::size_t GetLogFileSize() const override { return 0; }
};

template <class F>
disk_files::status disk_files::change(const std::string& name, F&& made) {
  return alive_ ? made() : status::IOError(name, "the process is dead");
}

disk_files::status disk_files::open(const std::string& name, disk_image::file_ptr& out) const {
  out = disk_->find(name);
  return out ? status::OK() : missing(name);
}

disk_files::status disk_files::NewSequentialFile(const std::string& name, const rocksdb::FileOptions&,
                                                 std::unique_ptr<rocksdb::FSSequentialFile>* out, debug) {
  disk_image::file_ptr file;
  auto opened = open(name, file);
  if (opened.ok()) *out = std::make_unique<reader>(disk_, std::move(file));
  return opened;
}

disk_files::status disk_files::NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions&,
                                                   std::unique_ptr<rocksdb::FSRandomAccessFile>* out, debug) {
  disk_image::file_ptr file;
  auto opened = open(name, file);
  if (opened.ok()) *out = std::make_unique<random_reader>(disk_, std::move(file));
  return opened;
}

disk_files::status disk_files::NewWritableFile(const std::string& name, const rocksdb::FileOptions&,
                                               std::unique_ptr<rocksdb::FSWritableFile>* out, debug) {
  return change(name, [&] {
    auto file = disk_->create(name);
    if (!file) return missing(name);
    *out = std::make_unique<writer>(*this, name, std::move(file));
    return status::OK();
  });
}

disk_files::status disk_files::ReopenWritableFile(const std::string& name, const rocksdb::FileOptions&,
                                                  std::unique_ptr<rocksdb::FSWritableFile>* out, debug) {
  disk_image::file_ptr file;
  auto opened = open(name, file);
  if (opened.ok()) *out = std::make_unique<writer>(*this, name, std::move(file));
  return opened;
}

disk_files::status disk_files::NewDirectory(const std::string& name, io, std::unique_ptr<rocksdb::FSDirectory>* out,
                                            debug) {
  if (!disk_->has_directory(plain(name))) return missing(name);
  *out = std::make_unique<directory>(*this, plain(name));
  return status::OK();
}

disk_files::status disk_files::FileExists(const std::string& name, io, debug) {
  return disk_->find(name) || disk_->has_directory(plain(name)) ? status::OK() : status::NotFound(name);
}

disk_files::status disk_files::GetChildren(const std::string& name, io, std::vector<std::string>* out, debug) {
  if (!disk_->has_directory(plain(name))) return missing(name);
  *out = disk_->list(plain(name));
  return status::OK();
}

disk_files::status disk_files::DeleteFile(const std::string& name, io, debug) {
  return change(name, [&] { return disk_->remove_file(name) ? status::OK() : missing(name); });
}

disk_files::status disk_files::CreateDir(const std::string& name, io, debug) {
  return change(name, [&] { return disk_->make_directory(plain(name)) ? status::OK() : status::IOError(name); });
}

disk_files::status disk_files::CreateDirIfMissing(const std::string& name, io options, debug context) {
  return disk_->has_directory(plain(name)) ? status::OK() : CreateDir(name, options, context);
}

disk_files::status disk_files::DeleteDir(const std::string& name, io, debug) {
  return change(name, [&] { return disk_->remove_directory(plain(name)) ? status::OK() : status::IOError(name); });
}

disk_files::status disk_files::GetFileSize(const std::string& name, io, std::uint64_t* out, debug) {
  disk_image::file_ptr file;
  auto opened = open(name, file);
  if (opened.ok()) *out = disk_->size(*file);
  return opened;
}

disk_files::status disk_files::GetFileModificationTime(const std::string& name, io options, std::uint64_t* out,
                                                       debug context) {
  *out = 0;
  return FileExists(name, options, context);
}

disk_files::status disk_files::RenameFile(const std::string& from, const std::string& to, io, debug) {
  return change(from, [&] { return disk_->rename(from, to) ? status::OK() : missing(from); });
}

disk_files::status disk_files::LinkFile(const std::string& from, const std::string& to, io, debug) {
  return change(from, [&] { return disk_->link(from, to) ? status::OK() : missing(from); });
}

disk_files::status disk_files::LockFile(const std::string&, io, rocksdb::FileLock** out, debug) {
  *out = new rocksdb::FileLock;
  return status::OK();
}

disk_files::status disk_files::UnlockFile(rocksdb::FileLock* lock, io, debug) {
  delete lock;
  return status::OK();
}

disk_files::status disk_files::GetAbsolutePath(const std::string& name, io, std::string* out, debug) {
  *out = name;
  return status::OK();
}

disk_files::status disk_files::IsDirectory(const std::string& name, io, bool* out, debug) {
  *out = disk_->has_directory(plain(name));
  return *out || disk_->find(name) ? status::OK() : missing(name);
}

disk_files::status disk_files::NewLogger(const std::string&, io, std::shared_ptr<rocksdb::Logger>* out, debug) {
  *out = std::make_shared<no_log>();
  return status::OK();
}

} // namespace argentum::sim
