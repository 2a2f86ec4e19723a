// SPDX-License-Identifier: Apache-2.0
// Reports of fixed runs; report_test.py reads the same as a browser and other programs would.
#include "apps/sim/console.hpp"
#include "apps/sim/report/report_html.hpp"
#include "apps/sim/report/report_json.hpp"
#include "apps/sim/report/svg_plot.hpp"
#include "apps/sim/report/tree_layout.hpp"
#include "apps/sim/report/units.hpp"
#include "tests/sim/library.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace argentum;
using namespace argentum::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

sim::run_report report_of(const sim::scenario& what, std::uint64_t seed) {
  sim::run_options how;
  how.seed = seed;
  how.look_at_disks = true;
  return sim::make_report(what, sim::run(what, how), "again");
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Of no reads, with all that names can bring into a page.
sim::run_report hostile_report() {
  const std::string evil = "<script>alert('1')</script>&\"\x01\xff";
  sim::scenario what = library_scenario("seed-figure");
  what.until = 1s;
  what.events.clear();
  auto report = report_of(what, 1);
  report.scenario = report.description = report.replay = evil;
  report.result.broken = sim::violation{1s, evil, evil};
  for (auto& node : report.nodes) node.what.name = node.what.datacenter = node.upstream = evil;
  for (auto& group : report.groups) group.what.name = evil;
  return report;
}

} // namespace

TEST_CASE("the JSON of a run says what the run says") {
  auto what = library_scenario("small-tree-all-faults");
  what.until = 30s;
  auto report = report_of(what, 3);
  const auto& run = report.result;
  auto all = json::parse(sim::report_json(report));
  CHECK(all["run"]["scenario"] == what.name);
  CHECK(all["run"]["seed"] == 3);
  CHECK(all["run"]["clean"] == true);
  CHECK(all["run"]["trace_hash"] == fmt::format("{:016x}", run.trace_hash));
  CHECK(all["run"]["entries"] == run.entries);
  CHECK(all["run"]["faults"] == run.faults);
  CHECK(all["run"]["answers"]["judged"] == run.checks.answers);
  std::uint64_t messages = 0, bytes = 0;
  for (const auto& link : all["traffic"]) {
    messages += link["messages"].get<std::uint64_t>();
    bytes += link["bytes"].get<std::uint64_t>();
  }
  CHECK(messages == run.network.messages);
  CHECK(bytes == run.network.bytes);
  std::uint64_t fetched = 0;
  for (const auto& group : all["groups"]) {
    fetched += group["reads"]["fetched"].get<std::uint64_t>();
    CHECK(group["stored_bytes"]["mean"] > 0);
  }
  CHECK(fetched == run.checks.fetched);
  CHECK(all["tree"].size() == what.nodes.size());
  for (const auto& node : all["tree"]) CHECK((node["kind"] == "root") == (node["upstream"] == ""));
  CHECK(all["samples"].size() >= 30);
  CHECK(all["marks"].size() > 0);
}

TEST_CASE("propagation in a calm world is the paths' delay, once for each step") {
  auto what = library_scenario("small-tree-all-faults");
  what.faults = {};
  what.path = {};
  what.path.delay = 7ms;
  what.until = 20s;
  auto report = report_of(what, 1);
  REQUIRE(report.delays.size() == 2);
  CHECK(report.delays[0].nodes == 3);
  CHECK(report.delays[0].p50 == doctest::Approx(7).epsilon(0.016));
  CHECK(report.delays[1].nodes == 6);
  CHECK(report.delays[1].p50 == doctest::Approx(14).epsilon(0.016));
  CHECK(report.delays[0].applied <= 3 * report.result.entries);
}

TEST_CASE("looking at disks changes nothing in a run") {
  auto what = library_scenario("small-tree-all-faults");
  what.until = 20s;
  sim::run_options how;
  how.seed = 5;
  auto without = sim::run(what, how);
  CHECK(report_of(what, 5).result.trace_hash == without.trace_hash);
  auto summary = sim::summary_of(sim::make_report(what, without, "again"), 1);
  CHECK(has(summary, "small-tree-all-faults seed 5: clean"));
  CHECK(has(summary, "hit rate"));
  CHECK_FALSE(has(summary, "BROKEN"));
}

TEST_CASE("names cannot break out of a page, and a broken run says why") {
  auto report = hostile_report();
  auto html = sim::report_html(report);
  CHECK_FALSE(has(html, "<script"));
  CHECK(has(html, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;"));
  CHECK_FALSE(has(html, "\x01"));
  CHECK_FALSE(has(html, "\xff"));
  CHECK(has(html, "BROKEN"));
  CHECK(json::parse(sim::report_json(report))["run"]["clean"] == false);
  CHECK(sim::escape("a\nb\t\xc3\xa9") == "a\nb\t\xc3\xa9");
}

TEST_CASE("a plot of nothing, of zeros and of one point is a plot") {
  for (const auto& points : std::vector<std::vector<std::pair<double, double>>>{{}, {{0, 0}}, {{1, 0}, {2, 0}}}) {
    sim::line_plot plot{"x", "y", 0, {{"line", points}}, {}};
    auto svg = sim::draw(plot);
    CHECK(has(svg, "</svg>"));
    CHECK_FALSE(has(svg, "nan"));
    CHECK_FALSE(has(svg, "inf"));
  }
  CHECK_FALSE(has(sim::draw({{"row", {{0, "none"}}}}), "nan"));
}

TEST_CASE("numbers for people") {
  CHECK(sim::grouped(0) == "0");
  CHECK(sim::grouped(999) == "999");
  CHECK(sim::grouped(1'234'567) == "1,234,567");
  CHECK(sim::bytes_text(1'500'000) == "1.5 MB");
  CHECK(sim::bytes_text(12) == "12 B");
  CHECK(sim::delay_text(2500) == "2.5 s");
}

TEST_CASE("every node has its place in the drawing, many leaves share one") {
  std::vector<sim::node_row> nodes(3);
  nodes[0].what = {"root", sim::tree_kind::root, "", 0};
  nodes[1].what = {"mid", sim::tree_kind::intermediate, "", 0};
  nodes[1].upstream = "root";
  nodes[2].what = {"lost", sim::tree_kind::intermediate, "", 0};
  nodes[2].upstream = "lost"; // a circle: no way to the root
  auto add = [&](std::size_t count, const std::string& datacenter) {
    for (std::size_t n = 0; n < count; ++n) {
      auto& leaf = nodes.emplace_back();
      leaf.what = {datacenter + std::to_string(n), sim::tree_kind::proxy, datacenter, 0};
      leaf.upstream = "mid";
    }
  };
  add(10, "x");
  sim::tree_layout small{nodes};
  CHECK(small.shapes.size() == 13);
  CHECK(small.depth == 2);
  CHECK(small.shapes[2].parent == sim::tree_shape::nobody);
  add(sim::tree_layout::single_leaves_max, "y");
  sim::tree_layout large{nodes};
  REQUIRE(large.shapes.size() == 5);
  CHECK(large.shapes[3].count == 10);
  CHECK(large.shapes[4].count == sim::tree_layout::single_leaves_max);
}
