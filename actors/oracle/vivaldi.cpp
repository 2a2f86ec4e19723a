// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/vivaldi.hpp"

#include <algorithm>
#include <cmath>

namespace argentum::actors {

namespace {

// All in milliseconds; errors are relative. Values of the paper and of Serf.
constexpr double error_max = 1.5;
constexpr double error_weight = 0.25; ///< how fast our error follows
constexpr double step = 0.25;         ///< how much of the way we move
constexpr double height_min = 0.01;
constexpr double close = 1e-6;
constexpr double gravity_reach = 1024; ///< farther out the pull gets strong

double length(const std::array<double, 4>& v) noexcept {
  double sum = 0;
  for (auto x : v) sum += x * x;
  return std::sqrt(sum);
}

double between(const coordinate& a, const coordinate& b) noexcept {
  std::array<double, 4> way{};
  for (std::size_t i = 0; i < way.size(); ++i) way[i] = a.at[i] - b.at[i];
  return length(way);
}

double distance_ms(const coordinate& a, const coordinate& b) noexcept {
  return between(a, b) + a.height + b.height;
}

std::chrono::microseconds to_us(double ms) noexcept {
  return std::chrono::microseconds{std::llround(ms * 1000)};
}

} // namespace

void vivaldi::measured(microseconds rtt, const coordinate& other) {
  auto ms = std::max(std::chrono::duration<double, std::milli>(rtt).count(), close);
  auto distance = distance_ms(own_, other);
  auto wrong = std::abs(distance - ms) / ms;
  // Who is surer moves less. An error of 0 is nobody's.
  auto weight = own_.error / std::max(own_.error + other.error, close);
  own_.error = std::clamp(wrong * error_weight * weight + own_.error * (1 - error_weight * weight), 0.0, error_max);
  push(away_from(other), step * weight * (ms - distance), other.height, distance);
  auto out = length(own_.at);
  if (out < close) return;
  auto pull = std::min(out, out * out / (gravity_reach * gravity_reach));
  for (auto& x : own_.at) x -= x / out * pull;
}

vivaldi::vector vivaldi::away_from(const coordinate& other) {
  vector way{};
  for (std::size_t i = 0; i < way.size(); ++i) way[i] = own_.at[i] - other.at[i];
  auto far = length(way);
  while (far < close) {
    for (auto& x : way) x = std::uniform_real_distribution<double>{-1, 1}(random_);
    far = length(way);
  }
  for (auto& x : way) x /= far;
  return way;
}

void vivaldi::push(const vector& direction, double by, double other_height, double distance) {
  for (std::size_t i = 0; i < direction.size(); ++i) own_.at[i] += direction[i] * by;
  if (distance > close)
    own_.height = std::max(height_min, own_.height + (own_.height + other_height) * by / distance);
}

std::chrono::microseconds estimate(const coordinate& a, const coordinate& b) noexcept {
  return to_us(distance_ms(a, b));
}

std::chrono::microseconds estimate_error(const coordinate& a, const coordinate& b) noexcept {
  return to_us(distance_ms(a, b) * std::max(a.error, b.error));
}

double moved(const coordinate& from, const coordinate& to) noexcept {
  return between(from, to) + std::abs(from.height - to.height);
}

} // namespace argentum::actors
