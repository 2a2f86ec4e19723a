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

TEST_CASE("what is wrong with places is told with file and line") {
  const std::string there = "[[node]]\nname = \"root\"\nkind = \"root\"\ndatacenter = \"a\"\n";
  auto first = [&](const std::string& text) { return problems(text).at(0); };
  auto place = [](const std::string& more) { return "datacenter = [\n{name = \"a\", " + more + "},\n]\n"; };
  CHECK(first(place("position = [1, 2, 3]") + there).rfind("s.toml:2: position = an array is wrong", 0) == 0);
  CHECK(first(place("position = [91, 0]") + there).rfind("s.toml:2: position is wrong", 0) == 0);
  CHECK(first(place("size = \"huge\"") + there).rfind("s.toml:2: size = \"huge\" is unknown", 0) == 0);
  CHECK(first(place("follows = \"b\"") + there).rfind("s.toml:2: follows = \"b\" is wrong", 0) == 0);
  CHECK(first(place("working_set_percent = 101") + there).rfind("s.toml:2: working_set_percent = 101 is", 0) == 0);
  CHECK(first(place("proxies = 1") + there).rfind("s.toml:2: a-proxy-1: tree.replicas: ", 0) == 0);
  CHECK(first(place("height = 1") + there).rfind("s.toml:2: unknown key height", 0) == 0);
  CHECK(first(place("replicas = 1") + root).rfind("s.toml:4: where is the root?", 0) == 0);
  CHECK(first("datacenter = [\n{name = \"a\"},\n{name = \"a\"},\n]\n" + there)
        == "s.toml:3: datacenter a is there twice");
  CHECK(first("datacenter = [\n{name = \"a\"},\n{name = \"b\"},\n]\n" + there)
            .rfind("s.toml:3: nobody knows how far b is from a", 0)
        == 0);
  CHECK(first(place("replicas = 0") + there + "[rtt]\na = {x = 3}\n").rfind("s.toml:9: [rtt] a to x", 0) == 0);
  CHECK(first("datacenter = [{name = \"a\"}, {name = \"b\"}]\n" + there + "[rtt]\na = {b = 3}\nb = {a = 4}\n")
            .rfind("s.toml:8: [rtt] b to a is 4 ms, the way back 3 ms", 0)
        == 0);
  CHECK(first("[[size]]\nname = \"s\"\nfollows = \"s\"\n" + root).rfind("s.toml:3: follows = \"s\" is", 0) == 0);
  CHECK(first(root + "[[node]]\nname = \"root\"\nupstreams = [\"x\"]\n").rfind("s.toml:4: node root is", 0) == 0);
}

TEST_CASE("limits hold for all nodes, a node's own log wins") {
  app::config_report report{"s.toml"};
  auto what = sim::parse_scenario(root + R"(
[[node]]
name = "mid"
kind = "intermediate"
upstreams = ["root"]
log_bytes = "2MiB"
[limits]
log_bytes = "1MiB"
log_age = "1m"
key_max = 100
value_max = "1KiB"
upstream_stale_after = "4s"
lookup_deadline = "1s"
)",
                                  report);
  REQUIRE(report.texts() == std::vector<std::string>{});
  const auto& node = what.nodes.at(0);
  CHECK(node.key_bytes_max == 100);
  CHECK(node.value_bytes_max == 1024);
  CHECK(node.upstream_stale_after == 4s);
  CHECK(node.lookup_deadline == 1s);
  CHECK(node.instances.at(0).log.bytes == 1024 * 1024);
  CHECK(node.instances.at(0).log.age == 60s);
  CHECK(what.nodes.at(1).instances.at(0).log.bytes == 2 * 1024 * 1024);
  CHECK(problems(root + "[limits]\nlookup_deadline = \"1ms\"\n").at(0).find("lookup_deadline")
        != std::string::npos);
  CHECK(problems(root + "[workload]\nvalue_bytes_min = 300\n").at(0).rfind("s.toml:5: value_bytes_min", 0) == 0);
}
