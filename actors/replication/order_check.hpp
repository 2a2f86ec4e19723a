// SPDX-License-Identifier: Apache-2.0
// Promise 3 (no gap, no repeat, no reorder) and promise 4 (divergence is detected) at the receiving end of a link.
#pragma once

#include "messages/chain.hpp"
#include "messages/entry.hpp"
#include "messages/error.hpp"

namespace argentum::actors {

class order_check {
 public:
  void start(const position& at) noexcept { at_ = at; }
  /// Up to where all has come.
  const position& at() const noexcept { return at_; }

  /// Whether the run goes on where the last one ended; out_of_order or diverged if not.
  caf::error accept(const std::vector<log_record>& run) {
    for (const auto& record : run) {
      if (record.index != at_.index + 1)
        return make_error(errc::out_of_order,
                          "entry " + std::to_string(record.index) + " came after " + std::to_string(at_.index));
      auto chain = extend_chain(at_.chain, record.bytes);
      if (record.chain != chain)
        return make_error(errc::diverged, "the chain differs at entry " + std::to_string(record.index));
      at_.index = record.index;
      at_.chain = chain;
    }
    return caf::none;
  }

 private:
  position at_;
};

} // namespace argentum::actors
