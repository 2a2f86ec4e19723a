// SPDX-License-Identifier: Apache-2.0
// What must not outlive the program, however it ends: server processes and directories. Objects that own one
// register it; on SIGINT, SIGTERM or SIGHUP a thread of its own kills and removes all that is registered.
#pragma once

#include <functional>
#include <string>
#include <sys/types.h>

namespace argentum::bench {

/// Once, before any other thread starts: from then on these signals reach only the thread that cleans up.
void clean_up_on_signals();

/// Forks by `spawn` (which returns the child's pid) and registers the child, so that no signal falls between.
pid_t start_registered(const std::function<pid_t()>& spawn);
/// After the process has been waited for.
void forget_process(pid_t pid);

/// A fresh directory below `parent`, removed with everything in it. Throws if it cannot be made.
class scratch_dir {
 public:
  explicit scratch_dir(const std::string& parent);
  ~scratch_dir();
  scratch_dir(const scratch_dir&) = delete;
  scratch_dir& operator=(const scratch_dir&) = delete;

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

} // namespace argentum::bench
