// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/geography.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace argentum::sim {

namespace {

constexpr double earth_radius_km = 6371.0;
constexpr double fibre_km_per_ms = 200.0;

double radians(double degrees) {
  return degrees * std::numbers::pi / 180.0;
}

} // namespace

/// The haversine formula: exact enough for near places as well.
double great_circle_km(geo_position a, geo_position b) {
  auto half_sine_squared = [](double angle) { return std::pow(std::sin(angle / 2), 2); };
  auto h = half_sine_squared(radians(b.latitude - a.latitude))
           + std::cos(radians(a.latitude)) * std::cos(radians(b.latitude))
                 * half_sine_squared(radians(b.longitude - a.longitude));
  return 2 * earth_radius_km * std::asin(std::sqrt(std::min(1.0, h)));
}

double cable_rtt_ms(geo_position a, geo_position b, double path_factor) {
  return 2 * great_circle_km(a, b) * path_factor / fibre_km_per_ms + metro_rtt_ms;
}

} // namespace argentum::sim
