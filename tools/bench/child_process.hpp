// SPDX-License-Identifier: Apache-2.0
// A server that the benchmark runs: what it prints goes to a file, and it ends with its object, with a signal to
// the benchmark (cleanup.hpp), and with the benchmark's sudden death.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace argentum::bench {

/// Used by the main thread, which must live as long as the child.
class child_process {
 public:
  /// Throws if the program cannot be started.
  child_process(std::vector<std::string> command, std::string log_path);
  ~child_process() { stop(); }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// The first line of its log that contains `text`. Throws with the end of the log if the process ends before it,
  /// or after 60 s.
  std::string wait_for_line(const std::string& text);
  /// For a program that ends by itself: waits up to 10 minutes and returns what it printed.
  std::string output();
  /// SIGTERM, after 15 s SIGKILL. Returns when it is gone.
  void stop() noexcept;
  /// Its resident memory.
  std::uint64_t resident_bytes() const { return status_bytes("VmRSS:"); }
  /// The most that it was.
  std::uint64_t peak_resident_bytes() const { return status_bytes("VmHWM:"); }
  /// Processor time of all its threads since it started.
  std::chrono::nanoseconds cpu_time() const;

 private:
  bool ended() noexcept;
  std::string log() const;
  std::uint64_t status_bytes(const std::string& field) const;

  std::string program_;
  std::string log_path_;
  pid_t pid_ = 0; ///< 0 once it is gone
};

} // namespace argentum::bench
