// SPDX-License-Identifier: Apache-2.0
// The working set of one instance, estimated from a sample of its keys: distinct keys and their bytes over sliding
// windows, and the hit rate by cache size.
#pragma once

#include "actors/working_set/sliding_distinct.hpp"
#include "actors/working_set/working_set_report.hpp"
#include "messages/access_sample.hpp"

namespace argentum::actors {

class working_set_estimate {
 public:
  /// One key in `one_key_in` is sampled; the longest window is `span`, at least an hour.
  working_set_estimate(std::uint64_t one_key_in, std::chrono::seconds span, time_point now);

  void note(const access_sample& sample, time_point now);
  working_set_report report(time_point now);

  /// From an hour on, each twice as long as the one before, up to `span`.
  static std::vector<std::chrono::seconds> windows(std::chrono::seconds span);

 private:
  std::uint64_t one_key_in_;
  std::chrono::seconds span_;
  time_point started_;
  sliding_distinct distinct_;
  reuse_curve curve_;
  std::uint64_t samples_ = 0;
  std::uint64_t reads_ = 0;
};

} // namespace argentum::actors
