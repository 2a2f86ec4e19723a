// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/scenario_file.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> problems(const std::string& text) {
  app::config_report report{"s.toml"};
  sim::parse_scenario(text, report);
  return report.texts();
}

const std::string root = "[[node]]\nname = \"root\"\nkind = \"root\"\n";

} // namespace

TEST_CASE("groups become nodes, each with another first upstream") {
  app::config_report report{"s.toml"};
  auto what = sim::parse_scenario(root + R"(
[[node]]
name = "mid"
kind = "intermediate"
count = 2
upstreams = ["root"]
[[node]]
name = "leaf"
kind = "proxy"
count = 3
upstreams = ["mid"]
replicas = ["mid"]
[run]
until = "5s"
)",
                                  report);
  REQUIRE(report.texts() == std::vector<std::string>{});
  REQUIRE(what.nodes.size() == 6);
  CHECK(what.until == 5s);
  CHECK(what.nodes[0].role == node_role::root);
  CHECK(what.nodes[2].name == "mid-2");
  CHECK(what.nodes[3].upstreams == std::vector<std::string>{"mid-1", "mid-2"});
  CHECK(what.nodes[4].upstreams == std::vector<std::string>{"mid-2", "mid-1"});
  CHECK(what.nodes[5].instances.at(0).role == instance_role::proxy);
}

TEST_CASE("nodes may join later, and a root may acknowledge before the disk has it") {
  app::config_report report{"s.toml"};
  auto what = sim::parse_scenario(root + R"(durability = "os"
[[node]]
name = "spare"
kind = "replica"
upstreams = ["root"]
joins = "later"
)",
                                  report);
  REQUIRE(report.texts() == std::vector<std::string>{});
  CHECK(what.nodes[0].instances[0].commit == actors::durability::os);
  CHECK(what.spares == std::set<std::string>{"spare"});
  CHECK(problems(root + "joins = \"later\"\n").at(0).find("the first [[node]] must be the root")
        != std::string::npos);
}

TEST_CASE("a skew has a sign and a unit") {
  CHECK(*sim::parse_skew("+2h") == 2h);
  CHECK(*sim::parse_skew("-30m") == -30min);
  for (const auto* wrong : {"", "2h", "+", "-2", "--2h"}) CHECK_FALSE(sim::parse_skew(wrong));
}

TEST_CASE("what is wrong is told with file and line") {
  CHECK(problems(root + "[run]\nuntill = \"5s\"\n").at(0).rfind("s.toml:5: unknown key untill", 0) == 0);
  CHECK(problems(root + "[network]\ndelay = 5\n").at(0).rfind("s.toml:5: delay = 5 is wrong", 0) == 0);
  CHECK(problems(root + "[[event]]\nat = \"1s\"\ndo = \"explode\"\n").at(0).rfind("s.toml:6: do = \"explode\"", 0)
        == 0);
  CHECK(
      problems(root + "[[event]]\nat = \"1s\"\ndo = \"kill\"\nnode = \"x\"\n").at(0).rfind("s.toml:7: expected", 0)
      == 0);
  CHECK(problems(root + "[[event]]\ndo = \"clock\"\nnode = \"root\"\nvalue = \"2h\"\n").at(0).rfind("s.toml:7: ", 0)
        == 0);
  CHECK(problems(root + "[[event]]\ndo = \"role\"\nnode = \"root\"\nvalue = \"x\"\n").at(0).rfind("s.toml:7: ", 0)
        == 0);
  CHECK(problems("[[node]]\nname = \"a\"\nkind = \"replica\"\n").size() == 1);
  CHECK(problems("").size() == 1);
  CHECK(problems("[run\n").at(0).find("expected TOML") != std::string::npos);
}
