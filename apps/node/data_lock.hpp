// SPDX-License-Identifier: Apache-2.0
// One process per data directory: an flock on DIR/LOCK, which the system takes back however the process ends. The
// file holds the owner's pid, for people.
#pragma once

#include "messages/error.hpp"

#include <string>

namespace argentum::app {

class data_lock {
 public:
  /// Makes the directory if it is missing. busy: another process has it; io_failed: the system refused.
  static caf::expected<data_lock> take(const std::string& directory);

  data_lock(data_lock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  data_lock& operator=(data_lock&&) = delete;
  ~data_lock();

 private:
  explicit data_lock(int file) : file_(file) {}
  int file_;
};

} // namespace argentum::app
