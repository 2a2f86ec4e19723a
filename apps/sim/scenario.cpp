// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/scenario.hpp"

#include "apps/config/units.hpp"

#include <algorithm>
#include <cmath>

namespace argentum::sim {

const std::vector<scripted_action>& scripted_actions() {
  static const std::vector<scripted_action> all{
      {"write", false, false, true, true, "puts a key at the root"},
      {"write_all", false, false, false, true, "puts several keys in one entry: \"A=a1 B=b1\""},
      {"delete", false, false, true, false, "removes a key at the root"},
      {"load", false, false, false, false, "writes every key of the workload once, as fast as the root takes it"},
      {"fill", false, false, false, false, "`count` writes of the workload's kind, at once"},
      {"read", true, false, true, true, "expects exactly this value"},
      {"absent", true, false, true, false, "expects that the key is absent"},
      {"unavailable", true, false, true, false, "expects an error: nobody can tell the value"},
      {"index", true, false, false, false, "expects that the node has applied exactly `count` entries"},
      {"past", true, false, true, false, "expects what the key was at index `count`: a value, or absent if \"\""},
      {"evict", true, false, true, false, "removes a value of a proxy"},
      {"horizon", true, false, false, false, "moves a replica's horizon to `count`"},
      {"kill", true, false, false, false, "ends the process, as kill -9"},
      {"power", true, false, false, false, "the machine loses power"},
      {"stop", true, false, false, false, "stops the process, as SIGTERM"},
      {"wipe", true, false, false, false, "the disk of a node that is down becomes empty"},
      {"start", true, false, false, false, "starts the process"},
      {"add", true, false, false, false, "a node that is not there joins, with an empty disk"},
      {"remove", true, false, false, false, "a node leaves for good: nobody waits for it"},
      {"role", true, false, false, false,
       "a node that is not frozen gets another role: value = \"replica\" or \"proxy\""},
      {"clock", true, false, false, false, "its wall clock is off by value = \"+2h\" or \"-30m\""},
      {"diverged", true, false, false, false, "expects that the node says that its data is not its upstream's"},
      {"freeze", true, false, false, false, "the process stands still"},
      {"thaw", true, false, false, false, "it goes on"},
      {"cut", true, true, false, false, "nothing passes between two nodes"},
      {"cut_way", true, true, false, false, "nothing passes from a node to another"},
      {"heal", true, true, false, false, "both ways are open again"},
      {"lose", false, false, false, false, "kills one node in `count`, but not the root"},
      {"split", true, false, false, false,
       "nothing passes between the nodes before that one in the file and the others"},
      {"heal_all", false, false, false, false, "all ways are open again"},
      {"reset", true, true, false, false, "the connections of two nodes break"},
      {"stall", true, false, false, false, "the disk answers nothing"},
      {"unstall", true, false, false, false, "it answers again"},
      {"full", true, false, false, false, "the disk takes no more writes"},
      {"free", true, false, false, false, "it does again"}};
  return all;
}

std::optional<std::size_t> scenario::place_of(const std::string& datacenter) const {
  auto found =
      std::find_if(datacenters.begin(), datacenters.end(), [&](const auto& d) { return d.name == datacenter; });
  if (found == datacenters.end()) return {};
  return static_cast<std::size_t>(found - datacenters.begin());
}

path_shape scenario::path_between(const std::string& from, const std::string& to) const {
  auto a = place_of(from);
  auto b = place_of(to);
  if (!a || !b) return path;
  auto delay = vtime{std::llround(rtt.between(*a, *b) / 2 * 1e6)};
  if (a == b) return {delay, vtime{0}, 0, 0}; // a LAN is fast and clean
  auto shape = path;
  shape.delay = delay;
  return shape;
}

std::optional<vtime> parse_skew(const std::string& text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return {};
  auto size = app::parse_duration(text.substr(1));
  if (!size) return {};
  return text[0] == '-' ? -vtime{*size} : vtime{*size};
}

} // namespace argentum::sim
