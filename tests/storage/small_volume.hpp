// SPDX-License-Identifier: Apache-2.0
// A real file system of a few megabytes, so that "no space left" is the kernel's own word. Needs the right to
// mount: without it a test that wants one says so and is passed over.
#pragma once

#include "tests/support/temp_dir.hpp"

#include <sys/mount.h>

namespace argentum::test {

class small_volume {
 public:
  explicit small_volume(std::size_t bytes)
      : mounted_(mount("none", dir_.path().c_str(), "tmpfs", 0, ("size=" + std::to_string(bytes)).c_str()) == 0) {}
  ~small_volume() {
    if (mounted_) umount2(dir_.path().c_str(), MNT_DETACH);
  }
  small_volume(const small_volume&) = delete;
  small_volume& operator=(const small_volume&) = delete;

  bool mounted() const noexcept { return mounted_; }
  const std::string& path() const noexcept { return dir_.path(); }

 private:
  temp_dir dir_;
  bool mounted_;
};

} // namespace argentum::test
