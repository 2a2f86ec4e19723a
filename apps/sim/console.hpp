// SPDX-License-Identifier: Apache-2.0
// What argentum-sim shows on a terminal.
#pragma once

#include "apps/sim/report/run_report.hpp"

#include <cstdio>
#include <string>

namespace argentum::sim {

/// Several lines about one run that took `wall` seconds.
std::string summary_of(const run_report& report, double wall);
/// The same in one line.
std::string line_of(const run_report& report, double wall);
/// Why a run is broken and how to see it again; empty if it is not.
std::string broken_text(const run_report& report);

/// The last line of a terminal; nothing is written if the file is none.
class progress_bar {
 public:
  explicit progress_bar(std::FILE* to);
  ~progress_bar() { clear(); }
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;

  bool visible() const noexcept { return visible_; }
  /// `part` from 0 to 1.
  void show(double part, const std::string& text);
  /// Before something else is written.
  void clear();

 private:
  std::FILE* to_;
  bool visible_;
};

} // namespace argentum::sim
