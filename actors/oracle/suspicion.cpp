// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/suspicion.hpp"

#include <algorithm>
#include <cmath>

namespace argentum::actors {

namespace {

using seconds = std::chrono::duration<double>;

suspicion::duration least_time(std::size_t members) {
  auto intervals = limits::suspicion_factor * std::max(1.0, std::log10(static_cast<double>(members)));
  return std::chrono::duration_cast<suspicion::duration>(intervals * seconds{limits::probe_interval});
}

} // namespace

suspicion::suspicion(time_point now, std::string accuser, std::size_t members)
    : since_(now),
      least_(least_time(members)),
      most_(std::chrono::duration_cast<duration>(limits::suspicion_max_factor * seconds{least_})),
      enough_(members >= limits::suspicion_confirmations + 3 ? limits::suspicion_confirmations : 0),
      accusers_{std::move(accuser)} {}

bool suspicion::confirm(const std::string& accuser) {
  return accusers_.size() <= enough_ && accusers_.insert(accuser).second;
}

suspicion::time_point suspicion::deadline() const noexcept {
  if (enough_ == 0) return since_ + least_;
  auto part = std::log(static_cast<double>(accusers_.size())) / std::log(static_cast<double>(enough_ + 1));
  return since_ + most_ - std::chrono::duration_cast<duration>(part * seconds{most_ - least_});
}

void suspicion::postpone(time_point now, duration slept, duration least) {
  since_ += std::max(slept, now + least - deadline());
}

} // namespace argentum::actors
