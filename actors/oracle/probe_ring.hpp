// SPDX-License-Identifier: Apache-2.0
// Who is probed next (SWIM): all members once in a random order, then once in another. So each is probed within two
// rounds, whatever the dice say.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace argentum::actors {

class probe_ring {
 public:
  explicit probe_ring(std::uint64_t seed) : random_(seed) {}

  /// A new member gets a random place in what is left of this round.
  void add(std::string node) {
    order_.push_back(std::move(node));
    std::swap(order_.back(), order_[draw(order_.size())]);
  }
  /// It comes next.
  void hurry(std::string node) { order_.push_back(std::move(node)); }
  /// The next that `lives`; when the round is over, the next is made of `all()`. None: nobody lives.
  template <class Lives, class All>
  std::optional<std::string> next(Lives lives, All all) {
    for (int round = 0; round < 2; ++round) {
      while (!order_.empty()) {
        auto node = std::move(order_.back());
        order_.pop_back();
        if (lives(node)) return node;
      }
      order_ = all();
      std::shuffle(order_.begin(), order_.end(), random_);
    }
    return {};
  }

 private:
  std::size_t draw(std::size_t end) { return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_); }

  std::mt19937_64 random_;
  std::vector<std::string> order_; ///< what is left of the round, the next one last
};

} // namespace argentum::actors
