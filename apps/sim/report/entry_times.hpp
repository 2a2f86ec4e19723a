// SPDX-License-Identifier: Apache-2.0
// When the root's store applied each entry of one instance, and how large entries are: what delays, lags and the
// bytes of logs are computed from.
#pragma once

#include "apps/sim/random_source.hpp"
#include "messages/types.hpp"

#include <algorithm>
#include <deque>
#include <optional>

namespace argentum::sim {

class entry_times {
 public:
  /// Entries remembered; what is older is no longer measured. Three hours of 100 writes a second, in 24 MB.
  static constexpr std::size_t remembered_max = 1'000'000;

  /// The root applied this entry of `bytes`, which took `superseded` bytes of keys and values out of the present.
  void add(index_t index, vtime when, std::uint64_t bytes, std::uint64_t superseded) {
    while (!rows_.empty() && head() >= index) rows_.pop_back(); // the root lost its last ones and goes on from here
    auto before = rows_.empty() ? row{} : rows_.back();
    if (rows_.empty()) base_ = index - 1;
    rows_.push_back({when, before.bytes + bytes, before.superseded + superseded});
    if (rows_.size() <= remembered_max) return;
    rows_.pop_front();
    ++base_;
  }
  index_t head() const noexcept { return base_ + rows_.size(); }
  /// Nothing if it is not remembered.
  std::optional<vtime> applied_at(index_t index) const {
    if (index <= base_ || index > head()) return {};
    return rows_[index - base_ - 1].when;
  }
  /// Of the entries after `from` up to `to`.
  std::uint64_t log_bytes(index_t from, index_t to) const { return through(to).bytes - through(from).bytes; }
  std::uint64_t history_bytes(index_t from, index_t to) const {
    return through(to).superseded - through(from).superseded;
  }

 private:
  /// Sums since the first entry.
  struct row {
    vtime when{0};
    std::uint64_t bytes = 0;
    std::uint64_t superseded = 0;
  };
  row through(index_t index) const {
    if (rows_.empty()) return {};
    if (index <= base_) return base_ == 0 ? row{} : rows_.front();
    return rows_[std::min<index_t>(index, head()) - base_ - 1];
  }

  std::deque<row> rows_; ///< of the entries after base_
  index_t base_ = 0;
};

} // namespace argentum::sim
