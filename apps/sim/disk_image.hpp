// SPDX-License-Identifier: Apache-2.0
// What a disk holds, for RocksDB under simulation: directories and files in memory that know what of them was
// synced. A power loss leaves of each file the synced bytes and a random part of those written since, and of each
// directory, by the toss of a coin, the names it has or those that it had when it was last synced. What was deleted
// stays deleted: the harder case for who deletes too early. A full disk takes half of a write and refuses the rest,
// as write(2) does; what RocksDB writes in the background still finds room, since it would be tried again by the
// real clock.
#pragma once

#include "apps/sim/random_source.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace argentum::sim {

/// Thread-safe. Paths are taken as they come, "/a/b"; the root directory is always there.
class disk_image {
 public:
  /// The bytes of one file, under one or more names; lives as long as a name or somebody who has it open.
  struct file {
    std::string bytes;
    std::size_t synced = 0; ///< this many of them survive
  };
  using file_ptr = std::shared_ptr<file>;

  /// Null if there is no such file.
  file_ptr find(const std::string& path) const;
  bool has_directory(const std::string& path) const;
  /// Empty, also if it is there already. Null if there is no such directory.
  file_ptr create(const std::string& path);
  /// False if its parent is missing.
  bool make_directory(const std::string& path);
  /// Files and directories in it, without their path.
  std::vector<std::string> list(const std::string& directory) const;
  /// False if it is not there, or not an empty directory.
  bool remove_file(const std::string& path);
  bool remove_directory(const std::string& path);
  /// Both replace what is at `to`; false if `from` is no file.
  bool rename(const std::string& from, const std::string& to);
  bool link(const std::string& from, const std::string& to);
  /// From now on the names in it survive.
  void sync_directory(const std::string& path);

  /// False if the disk is full, and `reserve`, the room for background work, may not be used.
  bool append(file& to, std::string_view bytes, bool reserve);
  void sync(file& what);
  std::size_t size(const file& of) const;
  /// Copies up to `most` bytes and returns how many.
  std::size_t read(const file& from, std::size_t offset, std::size_t most, char* into) const;

  void set_full(bool full);
  bool full() const;
  /// The disk as it is found when the power is back. Whoever has files of this one open keeps them.
  std::shared_ptr<disk_image> after_power_loss(random_source& random) const;

 private:
  using names = std::map<std::string, file_ptr>; ///< null: a directory

  bool has_parent(const std::string& path) const;
  bool put(const std::string& from, const std::string& to);
  static file_ptr what_is_left(const file& of, random_source& random);

  mutable std::mutex mutex_; ///< of all below and of the bytes of all files
  names names_{{"", nullptr}};
  names synced_{{"", nullptr}}; ///< that survive for sure
  bool full_ = false;
};

} // namespace argentum::sim
