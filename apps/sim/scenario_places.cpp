// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/scenario_places.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::sim {

namespace {

using app::config_report;
using app::toml_document;
using app::toml_section;

constexpr std::uint64_t nodes_each_max = 10'000;

/// Two names are never both "size" and "root": what follows may be either.
constexpr const char* root_word = "root";

const datacenter* size_named(const std::vector<datacenter>& sizes, const std::string& name) {
  auto found = std::find_if(sizes.begin(), sizes.end(), [&](const datacenter& s) { return s.size == name; });
  return found == sizes.end() ? nullptr : &*found;
}

/// The keys that [[size]] and [[datacenter]] share.
void read_contents(toml_section& section, datacenter& into) {
  section.integer("intermediates", into.intermediates, 0, nodes_each_max);
  section.integer("replicas", into.replicas, 0, nodes_each_max);
  section.integer("proxies", into.proxies, 0, nodes_each_max);
  section.text("follows", into.follows);
  section.number("working_set_percent", into.working_set_percent, 0, 100);
  section.size("soft_limit", into.soft_limit, 0, 1ull << 50);
}

/// Sizes are followed only by those that stand behind them, so nobody follows in a circle.
bool may_follow(const std::vector<datacenter>& sizes, const std::string& follower, const std::string& followed) {
  if (followed == root_word) return true;
  const auto* target = size_named(sizes, followed);
  const auto* own = size_named(sizes, follower);
  return target != nullptr && (own == nullptr || target < own);
}

std::vector<datacenter> read_sizes(toml_document& file, config_report& report) {
  std::vector<datacenter> sizes;
  file.each("size", 1, [&](toml_section section) {
    auto path = fmt::format("size.{}", sizes.size() + 1);
    datacenter size;
    section.text("name", size.size);
    read_contents(section, size);
    section.refuse_unknown();
    if (size.size.empty() || size.size == root_word || size_named(sizes, size.size) != nullptr)
      report.add_at(path + ".name", "expected a name of its own for the size");
    sizes.push_back(size);
    if (!may_follow(sizes, size.size, size.follows))
      report.add_at(path + ".follows", fmt::format("follows = \"{}\" is wrong; expected \"root\" or the name of a "
                                                   "[[size]] before this one",
                                                   size.follows));
  });
  return sizes;
}

std::optional<geo_position> read_position(toml_section& section, const std::string& path, config_report& report) {
  std::vector<double> degrees;
  section.numbers("position", degrees, 2);
  if (degrees.empty()) return {};
  geo_position at{degrees[0], degrees[1]};
  if (std::abs(at.latitude) <= 90 && std::abs(at.longitude) <= 180) return at;
  report.add_at(path + ".position", "position is wrong; expected [latitude, longitude] in degrees, north and east "
                                    "positive, -90 to 90 and -180 to 180");
  return {};
}

datacenter read_datacenter(toml_section& section, const std::string& path, const std::vector<datacenter>& sizes,
                           config_report& report) {
  datacenter place;
  section.text("size", place.size);
  if (const auto* size = size_named(sizes, place.size))
    place = *size;
  else if (!place.size.empty())
    report.add_at(path + ".size",
                  fmt::format("size = \"{}\" is unknown; expected the name of a [[size]]", place.size));
  section.text("name", place.name);
  place.position = read_position(section, path, report);
  read_contents(section, place);
  section.refuse_unknown();
  if (!may_follow(sizes, place.size, place.follows))
    report.add_at(path + ".follows",
                  fmt::format("follows = \"{}\" is wrong; expected \"root\" or a larger [[size]]", place.follows));
  return place;
}

/// [rtt]: `frankfurt = {paris = 9, london = 12.5}`, in milliseconds.
measured_rtts read_rtts(toml_document& file, const scenario& all, config_report& report) {
  measured_rtts found;
  auto section = file.section("rtt");
  for (const auto& from : section.keys()) {
    auto row = section.table(from.c_str());
    for (const auto& to : row.keys()) {
      double ms = 0;
      row.number(to.c_str(), ms, 0.001, 60'000);
      auto path = fmt::format("rtt.{}.{}", from, to);
      if (!all.place_of(from) || !all.place_of(to) || from == to)
        report.add_at(path, fmt::format("[rtt] {} to {}; expected the names of two datacenters", from, to));
      if (auto other = found.find({to, from}); other != found.end() && other->second != ms)
        report.add_at(path, fmt::format("[rtt] {} to {} is {} ms, the way back {} ms; a round trip has one time",
                                        from, to, ms, other->second));
      found[{from, to}] = ms;
    }
  }
  section.refuse_unknown();
  return found;
}

} // namespace

void read_datacenters(toml_document& file, const distance_rules& rules, scenario& all, config_report& report) {
  auto sizes = read_sizes(file, report);
  file.each("datacenter", 1, [&](toml_section section) {
    auto path = fmt::format("datacenter.{}", all.datacenters.size() + 1);
    auto place = read_datacenter(section, path, sizes, report);
    if (place.name.empty()) report.add_at(path, "a datacenter needs a name");
    if (all.place_of(place.name))
      report.add_at(path + ".name", fmt::format("datacenter {} is there twice", place.name));
    all.datacenters.push_back(std::move(place));
  });
  all.rtt = {all.datacenters, read_rtts(file, all, report), rules.path_factor, rules.lan_rtt_ms};
  if (auto pair = all.rtt.unknown_pair(); pair && report.ok())
    report.add_at(fmt::format("datacenter.{}", pair->second + 1),
                  fmt::format("nobody knows how far {} is from {}; expected a position of both, or a time in [rtt]",
                              all.datacenters[pair->second].name, all.datacenters[pair->first].name));
}

} // namespace argentum::sim
