// SPDX-License-Identifier: Apache-2.0
// Where we are among the others: a spring between each pair that is measured, as long as its round trip (Vivaldi,
// see coordinate). The height stands for the way from a node to the core of the network. A weak pull to the origin
// keeps the whole cloud from drifting (Ledlie, Gardner, Seltzer, "Network Coordinates in the Wild", 2007).
#pragma once

#include "messages/oracle.hpp"

#include <chrono>
#include <cstdint>
#include <random>

namespace argentum::actors {

class vivaldi {
 public:
  using microseconds = std::chrono::microseconds;

  explicit vivaldi(std::uint64_t seed) : random_(seed) {}

  /// A round trip to somebody who says that it is there.
  void measured(microseconds rtt, const coordinate& other);
  const coordinate& own() const noexcept { return own_; }

 private:
  using vector = std::array<double, 4>;
  /// The direction from `other` to us; a random one if we are at the same place.
  vector away_from(const coordinate& other);
  void push(const vector& direction, double by, double other_height, double distance);

  coordinate own_;
  std::mt19937_64 random_;
};

/// What a round trip between two of them takes.
std::chrono::microseconds estimate(const coordinate& a, const coordinate& b) noexcept;
/// How wrong that may be.
std::chrono::microseconds estimate_error(const coordinate& a, const coordinate& b) noexcept;
/// How far somebody has moved, in milliseconds.
double moved(const coordinate& from, const coordinate& to) noexcept;

} // namespace argentum::actors
