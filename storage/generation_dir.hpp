// SPDX-License-Identifier: Apache-2.0
// The directory of one instance:
//
//   CURRENT   "gen-7": the generation in use; "gen-1 creating" until the first one is complete
//   gen-7/    its files
//   gen-8/    being built beside it by an import
//
// CURRENT is replaced by a rename after its new content is on disk, so a crash leaves the old or the new one.
#pragma once

#include "messages/error.hpp"

#include <rocksdb/env.h>

#include <optional>
#include <string>
#include <vector>

namespace argentum::storage {

struct current_generation {
  std::uint64_t number = 0;
  bool creating = false;
};

class generation_dir {
 public:
  generation_dir(rocksdb::Env& env, std::string path) : env_(env), path_(std::move(path)) {}

  /// Makes the directory if needed.
  caf::error prepare();
  /// Nothing in a new directory. corrupt if generations are there and CURRENT is not, or if it is garbled.
  caf::expected<std::optional<current_generation>> current() const;
  /// Durable when it returns.
  caf::error set_current(const current_generation& generation);
  caf::expected<std::vector<std::uint64_t>> generations() const;
  bool exists(std::uint64_t generation) const;
  std::string path_of(std::uint64_t generation) const;
  /// Removes it if it is there.
  caf::error remove(std::uint64_t generation);

 private:
  rocksdb::Env& env_;
  std::string path_;
};

/// Removes a directory and the files in it; no error if it does not exist.
caf::error remove_dir(rocksdb::Env& env, const std::string& dir);

} // namespace argentum::storage
