// SPDX-License-Identifier: Apache-2.0
#include "apps/node/config_file.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace argentum;

namespace {

const std::string leaf = "[node]\nname = \"l\"\ndatacenter = \"ams\"\ndata_dir = \"/d\"\ninstances = [\"a\"]\n";
const std::string seeds = "[oracle]\nseeds = [\"10.0.0.1:1\", \"root.example:1\"]\n"; // from line 6 on

std::vector<std::string> problems(const std::string& text) {
  app::config_report report{"f.toml"};
  auto all = app::parse_config(text, report);
  if (report.ok()) app::check(all, report);
  return report.texts();
}

/// Of a leaf whose peer listener is there.
std::vector<std::string> listening(const std::string& peer, const std::string& oracle) {
  return problems(leaf + oracle + "[listen]\npeer = \"" + peer + "\"\n");
}

} // namespace

TEST_CASE("a datacenter and seeds are all that a leaf is told") {
  app::config_report report{"f.toml"};
  auto all = app::parse_config(leaf + seeds + "advertise = \"leaf.example:7\"\nkeys_file = \"/k\"\n", report);
  app::check(all, report);
  REQUIRE_MESSAGE(report.ok(), report.texts().front());
  REQUIRE(all.node.oracle);
  CHECK(all.node.oracle->seeds == std::vector<std::string>{"10.0.0.1:1", "root.example:1"});
  CHECK(all.node.oracle->address == "leaf.example:7");
  CHECK(all.keys.file == "/k");
}

TEST_CASE("an address at which others cannot reach the node is refused") {
  std::string expected = "; expected the \"host:port\" of its peer listener as they see it";
  for (std::string host : {"127.0.0.1", "localhost", "0.0.0.0"})
    CHECK(listening(host + ":7", seeds)
          == std::vector{"f.toml:6: others cannot reach this node at " + host + expected});
  CHECK(listening("10.0.0.7:7", seeds).empty());
  CHECK(listening("0.0.0.0:7", seeds + "advertise = \"10.0.0.7:7\"\n").empty());
  CHECK(listening("127.0.0.1:7", "[oracle]\nseeds = [\"127.0.0.1:1\", \"localhost:2\"]\n").empty());
}
