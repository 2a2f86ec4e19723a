// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/explain.hpp"
#include "apps/sim/rtt_table.hpp"
#include "apps/sim/scenario_file.hpp"
#include "apps/sim/tree_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace argentum;
using namespace std::chrono_literals;

namespace {

const sim::geo_position frankfurt{50.11, 8.68};
const sim::geo_position new_york{40.71, -74.01};
const sim::geo_position sydney{-33.87, 151.21};
const sim::geo_position santiago{-33.45, -70.67};

/// Three places on a line, 1000 km of equator between neighbours, and one that is only measured.
const std::string line_of_places = R"(
datacenter = [
  {name = "west", size = "large", position = [0, 0]},
  {name = "centre", size = "small", position = [0, 9]},
  {name = "east", size = "large", position = [0, 18]},
  {name = "moon", size = "small"},
]
[rtt]
moon = {west = 2500, centre = 2600, east = 2700}
centre = {east = 3.5}
[[size]]
name = "large"
intermediates = 2
replicas = 2
proxies = 1
[[size]]
name = "small"
intermediates = 1
proxies = 2
follows = "large"
[[node]]
name = "root"
kind = "root"
datacenter = "west"
)";

sim::scenario read(const std::string& text) {
  app::config_report report{"s.toml"};
  auto what = sim::parse_scenario(text, report);
  REQUIRE(report.texts() == std::vector<std::string>{});
  return what;
}

const actors::node_config& node(const sim::scenario& what, const std::string& name) {
  auto found = std::find_if(what.nodes.begin(), what.nodes.end(), [&](const auto& n) { return n.name == name; });
  REQUIRE(found != what.nodes.end());
  return *found;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("great circles between known cities") {
  CHECK(sim::great_circle_km(frankfurt, new_york) == doctest::Approx(6200).epsilon(0.01));
  CHECK(sim::great_circle_km(sydney, santiago) == doctest::Approx(11360).epsilon(0.01)); // over the date line
  CHECK(sim::great_circle_km(frankfurt, frankfurt) == 0);
  CHECK(sim::great_circle_km({0, 0}, {0, 180}) == doctest::Approx(20015).epsilon(0.001));
}

TEST_CASE("light makes 200 km of cable in a millisecond, and the ends take one") {
  CHECK(sim::cable_rtt_ms({0, 0}, {0, 180}, 1) == doctest::Approx(201.15).epsilon(0.001));
  CHECK(sim::cable_rtt_ms(frankfurt, new_york, 1.5) == doctest::Approx(94).epsilon(0.01));
  CHECK(sim::cable_rtt_ms(frankfurt, frankfurt, 1.5) == 1);
}

TEST_CASE("a measured time wins over positions, in both directions") {
  auto what = read(line_of_places);
  CHECK(what.path_between("west", "east").delay == what.path_between("east", "west").delay);
  CHECK(what.path_between("west", "centre").delay == what.path_between("centre", "west").delay);
  CHECK(what.path_between("west", "east").delay > 15ms); // by position
  CHECK(what.path_between("centre", "east").delay == 1750us);
  CHECK(what.path_between("moon", "east").delay == 1350ms);
}

TEST_CASE("inside a datacenter it is near and calm, outside of all the network's delay holds") {
  auto what = read(line_of_places + "[network]\ndelay = \"7ms\"\njitter = \"3ms\"\nloss_percent = 2\n");
  auto inside = what.path_between("west", "west");
  CHECK(inside.delay == 250us);
  CHECK(inside.jitter == 0ms);
  CHECK(inside.loss_percent == 0);
  CHECK(what.path_between("west", "east").jitter == 3ms);
  CHECK(what.path_between("west", "east").loss_percent == 2);
  CHECK(what.path_between("west", "").delay == 7ms);
}

TEST_CASE("everyone follows and asks the nearest, its own datacenter first, each neighbour another one") {
  auto what = read(line_of_places);
  CHECK(what.nodes.size() == 1 + 4 + 2 + 4 + 6);
  CHECK(node(what, "west-mid-1").upstreams == names{"root"});
  CHECK(node(what, "west-mid-1").datacenter == "west");
  // an intermediate of a small place: a large one, never itself; east is measured to be nearer than west is
  CHECK(node(what, "centre-mid-1").upstreams == names{"east-mid-1", "east-mid-2", "west-mid-1"});
  CHECK(node(what, "east-replica-1").upstreams == names{"east-mid-1", "east-mid-2", "centre-mid-1"});
  CHECK(node(what, "east-replica-2").upstreams == names{"east-mid-2", "east-mid-1", "centre-mid-1"});
  CHECK(node(what, "centre-proxy-2").upstreams == names{"centre-mid-1", "east-mid-2", "east-mid-1"});
  CHECK(node(what, "east-proxy-1").replicas
        == names{"east-replica-1", "east-replica-2", "west-replica-1", "west-replica-2"});
  CHECK(node(what, "centre-proxy-1").replicas
        == names{"east-replica-1", "east-replica-2", "west-replica-1", "west-replica-2"});
}

TEST_CASE("without intermediates all follow the root; what stands there by hand is followed too") {
  std::string places = "datacenter = [{name = \"a\", position = [0, 0], replicas = 1}]\n";
  std::string root = "[[node]]\nname = \"root\"\nkind = \"root\"\ndatacenter = \"a\"\n";
  std::string own =
      "[[node]]\nname = \"own\"\nkind = \"intermediate\"\ndatacenter = \"a\"\nupstreams = [\"root\"]\n";
  CHECK(node(read(places + root), "a-replica-1").upstreams == names{"root"});
  CHECK(node(read(places + root + own), "a-replica-1").upstreams == names{"own"});
}

TEST_CASE("a datacenter may say otherwise than its size") {
  auto what = read("datacenter = [{name = \"a\", size = \"s\", position = [0, 0], proxies = 0, soft_limit = 9}]\n"
                   "[[size]]\nname = \"s\"\nreplicas = 1\nproxies = 3\nworking_set_percent = 0.5\n"
                   "[[node]]\nname = \"root\"\nkind = \"root\"\ndatacenter = \"a\"\n");
  CHECK(what.nodes.size() == 2);
  CHECK(what.datacenters.at(0).working_set_percent == 0.5);
  CHECK(what.datacenters.at(0).soft_limit == 9);
}

TEST_CASE("explain shows who is where and which limits are set") {
  auto text = sim::explain(read(line_of_places + "[limits]\nlookup_deadline = \"1s\"\n"));
  CHECK(text.find("4 datacenters; round trips between two 3.5 to 2700.0 ms, within one 0.5 ms")
        != std::string::npos);
  CHECK(text.find("2: centre, moon\n") != std::string::npos);
  CHECK(text.find("lookup_deadline: 1000 ms") != std::string::npos);
  CHECK(text.find("upstream_stale_after") == std::string::npos);
}
