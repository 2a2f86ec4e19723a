// SPDX-License-Identifier: Apache-2.0
// What happened in a run, as one number: every step of an actor, every message with its bytes, every answer and
// every fault goes into a hash. Equal seeds give equal hashes; a difference means that something other than the
// seed decided. The same, for people, as lines of text if a file is asked for.
#pragma once

#include "apps/sim/random_source.hpp"

#include <cstdint>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

namespace argentum::sim {

class trace {
 public:
  /// Hears every line that is in the hash: faults, their ends, scripted steps.
  std::function<void(vtime now, const std::string& text)> on_line;

  /// Also writes lines to that file; throws std::runtime_error if it cannot be created.
  void open(const std::string& path);
  bool has_lines() const noexcept { return file_.is_open(); }

  void note(std::uint64_t what) noexcept { hash_ = (hash_ ^ what) * 0x9e3779b97f4a7c15ull + (hash_ >> 29); }
  void note(std::string_view what) noexcept;
  /// For people only; what it says must be in the hash already.
  void text(vtime now, const std::string& text);
  /// For people, and into the hash.
  void line(vtime now, const std::string& text);
  std::uint64_t hash() const noexcept { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325ull;
  std::ofstream file_;
};

/// "12.345678s"
std::string seconds_text(vtime when);

} // namespace argentum::sim
