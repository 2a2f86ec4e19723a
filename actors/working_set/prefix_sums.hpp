// SPDX-License-Identifier: Apache-2.0
// Numbers at places whose sums over a range take as many steps as the count has bits: a Fenwick tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace argentum::actors {

class prefix_sums {
 public:
  explicit prefix_sums(std::size_t places) : tree_(places + 1) {}

  std::size_t size() const noexcept { return tree_.size() - 1; }
  void add(std::size_t place, std::int64_t number) noexcept {
    total_ += number;
    for (++place; place < tree_.size(); place += place & (~place + 1)) tree_[place] += number;
  }
  /// Of all places behind this one.
  std::int64_t behind(std::size_t place) const noexcept {
    auto sum = total_;
    for (++place; place > 0; place -= place & (~place + 1)) sum -= tree_[place];
    return sum;
  }
  std::int64_t total() const noexcept { return total_; }

 private:
  std::vector<std::int64_t> tree_;
  std::int64_t total_ = 0;
};

} // namespace argentum::actors
