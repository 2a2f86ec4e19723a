// SPDX-License-Identifier: Apache-2.0
// When to ask a second replica: "The Tail at Scale" (Dean, Barroso, 2013) waits for the 95th percentile of the
// answers and so asks one request in twenty again. When all answers become slow the percentile follows late, and
// asking again would add to the load: so hedges are paid from a budget that requests fill, as gRPC throttles
// retries.
#pragma once

#include "actors/lookup/sliding_quantile.hpp"
#include "messages/oracle_limits.hpp"

namespace argentum::actors {

/// Pure rule; one thread.
class hedging {
 public:
  using duration = sliding_quantile::duration;

  /// A first request was sent.
  void asked() noexcept;
  /// Time from a request, whichever, to the first part of its answer.
  void answered(duration took) { answers_.note(took); }
  /// How long to wait for the first replica; nothing while too few answers are known.
  std::optional<duration> delay() const;
  /// Takes one hedge out of the budget; false: it is used up.
  bool spend() noexcept;

 private:
  sliding_quantile answers_{limits::hedge_samples};
  std::size_t saved_ = limits::hedge_burst * limits::hedge_budget_part; ///< in requests
};

} // namespace argentum::actors
