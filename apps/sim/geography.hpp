// SPDX-License-Identifier: Apache-2.0
// How long light in a cable takes from here to there. Light makes 200 km per millisecond in glass; cables are
// longer than the great circle by a factor, and each end adds routers and a metropolitan network.
#pragma once

namespace argentum::sim {

/// Degrees; north and east are positive.
struct geo_position {
  double latitude = 0;
  double longitude = 0;
};

/// 1.3 is what the shortest conduits of a continent allow, 2.1 what the public Internet shows in the median
/// (Bozkurt et al., "Dissecting Latency in the Internet's Fiber Infrastructure", 2018); a backbone of one's own is
/// between.
inline constexpr double default_path_factor = 1.5;
/// Added to every way between two datacenters, there and back.
inline constexpr double metro_rtt_ms = 1.0;
/// Between two nodes of one datacenter, there and back.
inline constexpr double default_lan_rtt_ms = 0.5;

double great_circle_km(geo_position a, geo_position b);

/// There and back, in milliseconds: 2 * great circle * factor / 200 + metro_rtt_ms.
double cable_rtt_ms(geo_position a, geo_position b, double path_factor);

} // namespace argentum::sim
