// SPDX-License-Identifier: Apache-2.0
#include "apps/node/config_file.hpp"
#include "apps/node/options.hpp"
#include "apps/node/reload.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

using namespace argentum;
using namespace std::chrono_literals;

namespace {

struct reading {
  app::settings all;
  std::vector<std::string> problems;
};

reading read(const std::string& text, const app::options& given = {}) {
  app::config_report report{"f.toml"};
  auto all = app::parse_config(text, report);
  app::apply_overrides(given, all, report);
  if (report.ok()) app::check(all, report);
  return {all, report.texts()};
}

app::options file_at(const std::string& path) {
  app::options given;
  given.config_path = path;
  return given;
}

/// The only problem of a file; "" if there is none.
std::string problem(const std::string& text) {
  auto r = read(text);
  if (r.problems.empty()) return "";
  CHECK_MESSAGE(r.problems.size() == 1, r.problems.back());
  return r.problems.front();
}

const std::string root = "[node]\nname = \"r\"\nrole = \"root\"\ndata_dir = \"/d\"\ninstances = [\"a\"]\n";
const std::string leaf = "[node]\nname = \"l\"\nrole = \"leaf\"\ndata_dir = \"/d\"\n[tree]\n"
                         "upstreams = [\"h:1\"]\n"; // 6 lines

} // namespace

TEST_CASE("a full config is read as written") {
  auto r = read(R"(
[node]
name = "leaf-1"
role = "leaf"
datacenter = "ams"
data_dir = "/var/lib/argentum"
instances = ["dns"]
[listen]
client = "0.0.0.0:6379"
peer = "[::1]:7000"
admin = "127.0.0.1:0"
http = "127.0.0.1:0"
[tree]
upstreams = ["a:7000", "b:7000"]
replicas = ["c:7000"]
root = "root.example:6379"
upstream_stale_after = "10s"
lookup_deadline = "1500ms"
[storage]
block_cache = "1GiB"
write_buffers = 67108864
background_threads = 4
write_rate = "100MiB"
[limits]
key_max = "1KiB"
value_max = "2MiB"
clients_max = 5
client_stalled = "1m"
[log]
level = "warn"
format = "json"
[[instance]]
name = "cdn"
role = "proxy"
[[instance]]
name = "waf"
log_age = "2d"
log_bytes = "3GiB"
history_span = "30m"
)");
  REQUIRE_MESSAGE(r.problems.empty(), r.problems.front());
  auto& n = r.all.node;
  CHECK(n.name == "leaf-1");
  CHECK(n.role == node_role::leaf);
  CHECK(n.datacenter == "ams");
  CHECK(n.upstreams == std::vector<std::string>{"a:7000", "b:7000"});
  CHECK(n.replicas == std::vector<std::string>{"c:7000"});
  CHECK(n.root_name == "root.example:6379");
  CHECK(n.upstream_stale_after == 10s);
  CHECK(n.lookup_deadline == 1500ms);
  CHECK(n.key_bytes_max == 1024);
  CHECK(n.value_bytes_max == 2 * limits::mib);
  REQUIRE(n.instances.size() == 3);
  CHECK((n.instances[0].name == "dns" && n.instances[0].log.age == 1h));
  CHECK(n.instances[1].role == instance_role::proxy);
  CHECK(n.instances[2].log.age == 48h);
  CHECK(n.instances[2].log.bytes == 3ull << 30);
  CHECK(n.instances[2].history_span == 30min);
  CHECK(r.all.data_dir == "/var/lib/argentum");
  CHECK(r.all.listen.peer == "[::1]:7000");
  CHECK(r.all.storage.block_cache_bytes == 1ull << 30);
  CHECK(r.all.storage.write_buffer_bytes == 64 * limits::mib);
  CHECK(r.all.storage.background_threads == 4);
  CHECK(r.all.storage.write_rate_bytes == 100 * limits::mib);
  CHECK(r.all.clients.clients_max == 5);
  CHECK(r.all.clients.stalled_max == 60s);
  CHECK(r.all.log.level == "warn");
  CHECK(r.all.log.format == app::log_format::json);
}

TEST_CASE("the tracker of accesses has a size, within bounds") {
  CHECK(read(root + "[storage]\naccess_tracker = \"4MiB\"\n").all.storage.access_tracker_bytes == 4 * limits::mib);
  CHECK(!read(root + "[storage]\naccess_tracker = \"1KiB\"\n").problems.empty());
}

TEST_CASE("idle clients and emptying are allowed or not by name") {
  auto r = read(root + "[limits]\nclient_idle = \"5m\"\n[commands]\nflush = true\n");
  REQUIRE(r.problems.empty());
  CHECK(r.all.clients.idle_max == 5min);
  CHECK(r.all.clients.flush);
  CHECK(problem(root + "[limits]\nclient_idle = \"10ms\"\n").find("expected 1s to 1w") != std::string::npos);
  CHECK(problem(root + "[commands]\nflush = 1\n").find("flush = 1 is wrong; expected true or false")
        != std::string::npos);
}

TEST_CASE("reads are sampled, and exported, as configured") {
  CHECK(read(root).all.node.sampling.one_key_in == 0);
  auto r = read(root + R"([working_set]
one_key_in = 100
span = "48h"
clear_keys = true
clickhouse = "http://10.0.0.9:8123/"
database = "ops"
table = "reads_1"
user = "argentum"
password_file = "/etc/argentum/password"
)");
  REQUIRE(r.problems.empty());
  CHECK(r.all.node.sampling.one_key_in == 100);
  CHECK(r.all.node.sampling.span == 48h);
  CHECK(r.all.node.sampling.clear_keys);
  CHECK(r.all.clickhouse.database == "ops");
  CHECK(r.all.clickhouse.table == "reads_1");
  CHECK(r.all.clickhouse.user == "argentum");
  CHECK(r.all.clickhouse.password_file == "/etc/argentum/password");
  auto at = app::clickhouse_address(r.all.clickhouse.url);
  REQUIRE(at);
  CHECK(at->host == "10.0.0.9");
  CHECK(at->port == 8123);
}

TEST_CASE("what cannot be sampled or exported is told with its line") {
  auto with = [&](const std::string& lines) { return problem(root + "[working_set]\n" + lines); };
  auto says = [&](const std::string& lines, const char* expected) {
    CHECK_MESSAGE(with(lines).find(expected) != std::string::npos, with(lines));
  };
  says("one_key_in = 2000000\n", "f.toml:7: one_key_in = 2000000 is wrong");
  says("span = \"30m\"\n", "expected 1h to 1w");
  says("clickhouse = \"http://h:8123\"\n", "no reads are sampled");
  const std::string on = "one_key_in = 1\n";
  says(on + "clickhouse = \"https://h:8123\"\n", "expected \"http://host:port\"");
  says(on + "clickhouse = \"http://h\"\n", "expected \"http://host:port\"");
  says(on + "clickhouse = \"http://h:1\"\ntable = \"a;b\"\n", "'a;b' is no name");
  says(on + "passwort = \"x\"\n", "passwort");
}

TEST_CASE("clients leave files to links and tables") {
  CHECK(app::clients_that_fit(1'000'000) == 1'000'000 - limits::files_reserved);
  CHECK(app::clients_that_fit(1024) == 512);
}

TEST_CASE("defaults follow the role") {
  auto r = read(root);
  REQUIRE(r.problems.empty());
  CHECK(r.all.node.instances[0].log.age == 24h * 7);
  CHECK(r.all.node.instances[0].history_span == 2h);
  CHECK(r.all.node.instances[0].commit == actors::durability::fsync);
  CHECK(r.all.node.value_bytes_max == 16 * limits::mib);
  CHECK(read(root + "[[instance]]\nname = \"b\"\ndurability = \"os\"\n").all.node.instances[1].commit
        == actors::durability::os);
}

TEST_CASE("unknown keys and wrong values name file, line and what is expected") {
  CHECK(problem(root + "colour = 1\n")
        == "f.toml:6: unknown key colour in [node]; expected one of data_dir, datacenter, instances, name, role");
  CHECK(problem(root + "[nodes]\n").starts_with("f.toml:6: unknown section nodes; expected one of node, listen"));
  CHECK(problem(root + "[limits]\nkey_max = -1\n").starts_with("f.toml:7: key_max = -1 is wrong; expected bytes"));
  CHECK(problem(root + "[limits]\nvalue_max = \"17MiB\"\n")
        == "f.toml:7: value_max = \"17MiB\" is wrong; expected 1 to 16777216 bytes");
  CHECK(problem(root + "[storage]\nblock_cache = \"12 parsecs\"\n").starts_with("f.toml:7: block_cache ="));
  CHECK(problem(root + "[storage]\nbackground_threads = 2.5\n")
        == "f.toml:7: background_threads = 2.5 is wrong; expected a number from 1 to 64");
  CHECK(problem(root + "[log]\nlevel = \"loud\"\n")
        == "f.toml:7: level = \"loud\" is wrong; expected \"debug\" or \"info\" or \"warn\" or \"error\"");
  CHECK(problem(root + "[tree]\nupstream_stale_after = 30\n")
        == "f.toml:7: upstream_stale_after = 30 is wrong; expected a duration, as \"30s\" (ms, s, m, h, d, w)");
  CHECK(problem(root + "[tree]\nupstreams = \"h:1\"\n")
            .starts_with("f.toml:7: upstreams = \"h:1\" is wrong; expected a "
                         "list of texts"));
  CHECK(problem(root + "[tree]\nupstreams = [\n  \"h:1\",\n  2]\n")
        == "f.toml:9: upstreams = 2 is wrong; expected texts only in this list");
  CHECK(problem(root + "[[instance]]\nname = \"b\"\nrole = \"cache\"\n")
        == "f.toml:8: role = \"cache\" is wrong; expected \"replica\" or \"proxy\"");
  CHECK(problem("listen = 3\n" + root).starts_with("f.toml:1: listen is no section"));
  CHECK(problem(root + "[instance]\nname = \"b\"\n").starts_with("f.toml:6: instance is no list of sections"));
  CHECK(problem("[node\n").starts_with("f.toml:1: "));
  CHECK(problem("[node]\nname = \"a\"\nname = \"b\"\n").starts_with("f.toml:3: "));
}

TEST_CASE("limits of disk space stand where they make sense") {
  auto proxy = leaf + "replicas = [\"h:2\"]\n[[instance]]\nname = \"b\"\nrole = \"proxy\"\n"; // 10 lines
  CHECK(problem(proxy) == "");
  auto all = read(proxy
                  + "window_span = \"5m\"\nwindow_entries = 500\nsoft_limit = \"5GiB\"\nhard_limit = \"6GiB\"\n"
                    "[storage]\nsoft_limit = \"20% free\"\nhard_limit = \"10GiB free\"\n");
  REQUIRE_MESSAGE(all.problems.empty(), all.problems.front());
  auto& n = all.all.node;
  CHECK(n.instances[0].window.span == 5min);
  CHECK(n.instances[0].window.entries == 500);
  using kind = actors::space_limit::kind;
  CHECK(n.volume.soft == std::vector<actors::space_limit>{{kind::free_percent, 20}});
  CHECK(n.volume.hard == std::vector<actors::space_limit>{{kind::free_bytes, 10ull << 30}});
  CHECK(n.instances[0].space.soft == std::vector<actors::space_limit>{{kind::budget, 5ull << 30}});
  CHECK(n.instances[0].space.hard == std::vector<actors::space_limit>{{kind::budget, 6ull << 30}});
  CHECK(problem(proxy + "soft_limit = \"5GiB\"\nhard_limit = \"2% free\"\n") == "");
  CHECK(problem(proxy + "soft_limit = \"a lot\"\n")
        == "f.toml:11: soft_limit = \"a lot\" is wrong; expected what may be taken, as \"5GiB\", or stays free, as "
           "\"10GiB free\" or \"20% free\"");
  CHECK(problem(proxy + "soft_limit = \"5GiB\"\nhard_limit = \"4GiB\"\n")
        == "f.toml:12: it is reached before soft_limit; expected it behind");
  CHECK(problem(proxy + "hard_limit = \"4GiB\"\n")
        == "f.toml:11: nothing would be evicted; expected soft_limit beside it");
  CHECK(problem(root + "[storage]\nsoft_limit = \"5GiB\"\n")
        == "f.toml:7: soft_limit = \"5GiB\" is wrong; expected what stays free, as \"10GiB free\" or \"20% free\"");
  CHECK(problem(root + "[storage]\nhard_limit = \"15% free\"\n")
        == "f.toml:7: it is reached before soft_limit; expected it behind");
}

TEST_CASE("all wrong keys are reported, in the order of the file") {
  auto r = read("[node]\nname = 1\nrole = \"king\"\n[log]\nlevel = 2\nx = 1\n");
  REQUIRE(r.problems.size() == 4);
  CHECK(r.problems[0].starts_with("f.toml:2: name"));
  CHECK(r.problems[1].starts_with("f.toml:3: role"));
  CHECK(r.problems[2].starts_with("f.toml:5: level"));
  CHECK(r.problems[3].starts_with("f.toml:6: unknown key x"));
}

TEST_CASE("combinations that cannot work are refused where they stand") {
  CHECK(problem(root + "[[instance]]\nname = \"a\"\n")
        == "f.toml:7: instance 'a' is there twice; expected every name once");
  CHECK(problem("[node]\nname = \"r\"\nrole = \"root\"\ndata_dir = \"/d\"\ninstances = [\"a\", \"a\"]\n")
        == "f.toml:5: instance 'a' is there twice; expected every name once");
  CHECK(
      problem(root + "[[instance]]\nname = \"b\"\nrole = \"proxy\"\n")
      == "f.toml:8: instance 'b' is a proxy on the root, which must hold all values; expected replica, or a leaf");
  CHECK(problem(leaf + "[[instance]]\nname = \"b\"\nrole = \"proxy\"\n")
            .starts_with("f.toml:5: instance 'b' is a proxy and there are no replicas to ask"));
  CHECK(problem(leaf + "[[instance]]\nname = \"b\"\ndurability = \"os\"\n")
        == "f.toml:9: instance 'b' sets durability on the leaf; expected it on the root only");
  CHECK(problem("[node]\nname = \"l\"\nrole = \"leaf\"\ndata_dir = \"/d\"\ninstances = [\"a\"]\n")
        == "f.toml:1: a leaf without upstreams receives nothing; expected at least one \"host:port\", or [oracle]");
  CHECK(problem("[node]\nname = \"l\"\nrole = \"intermediate\"\ndata_dir = \"/d\"\n[tree]\nupstreams = []\n")
        == "f.toml:6: an intermediate without upstreams receives nothing; expected at least one \"host:port\", or "
           "[oracle]");
  CHECK(problem(root + "[tree]\nupstreams = [\"h:1\"]\n")
        == "f.toml:7: a root has no upstream; expected none, or another role");
  CHECK(problem(leaf) == "f.toml:1: there are no instances; expected at least one");
  CHECK(problem(root + "[listen]\nclient = \"h:5\"\npeer = \"h:5\"\n")
        == "f.toml:8: h:5 is also listen.client; expected another port");
  CHECK(problem(root + "[listen]\nhttp = \"h\"\n")
            .starts_with("f.toml:7: \"h\" is no address; expected \"host:port\""));
  CHECK(problem(leaf + "[listen]\npeer = \"h:1\"\n[[instance]]\nname = \"b\"\n")
        == "f.toml:6: h:1 is this node itself; expected another node");
  CHECK(problem(root + "[storage]\nblock_cache = \"64MiB\"\n")
            .starts_with("f.toml:6: more than half of block_cache"));
  CHECK(problem(root + "[storage]\nwrite_buffers = \"200MiB\"\n")
            .starts_with("f.toml:7: more than half of block_cache"));
  CHECK(problem(root + "[tree]\nupstream_stale_after = \"1s\"\n") == "f.toml:7: out of range; expected 3s to 1h");
}

TEST_CASE("names must be fit for paths, logs and SELECT") {
  auto named = [](const std::string& name) { return problem(root + "[[instance]]\nname = \"" + name + "\"\n"); };
  CHECK(named("A-b_c.9") == "");
  CHECK(named(std::string(64, 'x')) == "");
  for (auto bad : {"", "..", ".a", "a/b", "a b", "ü"})
    CHECK(named(bad).find("is no instance name") != std::string::npos);
  CHECK(named(std::string(65, 'x')).starts_with("f.toml:7: "));
  CHECK(named("12").find("is a number") != std::string::npos);
}

TEST_CASE("flags override the file and are named when they are wrong") {
  app::options given;
  const char* argv[] = {"argentum-node", "--config", "f.toml", "--listen-peer", "x:1", "--name", "other"};
  REQUIRE_FALSE(app::parse_options(7, argv, given));
  auto r = read(root, given);
  REQUIRE(r.problems.empty());
  CHECK(r.all.node.name == "other");
  CHECK(r.all.listen.peer == "x:1");
  CHECK(given.config_path == "f.toml");

  app::options wrong;
  const char* bad[] = {"argentum-node", "--config", "f.toml", "--listen-peer", "x"};
  REQUIRE_FALSE(app::parse_options(5, bad, wrong));
  CHECK(
      read(root, wrong).problems
      == std::vector<std::string>{"--listen-peer: \"x\" is no address; expected \"host:port\" or \"[ipv6]:port\""});
}

TEST_CASE("wrong flags end with code 2 and one line") {
  auto run = [](std::vector<const char*> argv) {
    argv.insert(argv.begin(), "argentum-node");
    app::options given;
    return app::parse_options(static_cast<int>(argv.size()), argv.data(), given);
  };
  for (auto argv : std::vector<std::vector<const char*>>{{},
                                                         {"--config"},
                                                         {"--config", "f", "--wat"},
                                                         {"--config", "f", "extra"},
                                                         {"--config", "f", "--log-level", "x"}}) {
    auto end = run(argv);
    REQUIRE(end);
    CHECK(end->code == 2);
    CHECK(end->text.starts_with("argentum-node: "));
    CHECK(end->text.find('\n') == std::string::npos);
  }
  CHECK(run({"--help"})->code == 0);
  CHECK(run({"--version"})->text.starts_with("argentum-node "));
}

TEST_CASE("a config that cannot be read says so") {
  app::config_report report{"/nonexistent/f.toml"};
  app::load_config(file_at("/nonexistent/f.toml"), report);
  CHECK(report.texts()
        == std::vector<std::string>{"/nonexistent/f.toml: cannot be read: No such file or directory"});
  app::config_report directory{"/"};
  app::load_config(file_at("/"), directory);
  CHECK_FALSE(directory.ok());
}

namespace {

/// What a reload from one text to another refuses.
std::vector<std::string> refused(const std::string& before, const std::string& now) {
  test::temp_dir home;
  auto path = home.path() + "/f.toml";
  auto load = [&](const std::string& text, app::config_report& report) {
    std::ofstream{path} << text;
    return app::load_config(file_at(path), report).keys;
  };
  app::config_report first{"f.toml"};
  app::config_report report{"f.toml"};
  auto was = load(before, first);
  auto is = load(now, report);
  CHECK(first.ok());
  if (report.ok()) app::refuse_changes(was, is, report);
  return report.texts();
}

} // namespace

TEST_CASE("a reload changes roles of instances and nothing else") {
  auto config = leaf + "replicas = [\"h:2\"]\n[limits]\nclients_max = 5\n[[instance]]\nname = \"a\"\n"
                + "[[instance]]\nname = \"b\"\nrole = \"proxy\"\n";
  auto changed = [&](std::string from, std::string to) {
    auto text = config;
    text.replace(text.find(from), from.size(), to);
    return refused(config, text);
  };
  CHECK(refused(config, "# a comment\n" + config).empty());
  CHECK(changed("name = \"a\"\n", "name = \"a\"\nrole = \"proxy\"\n").empty());
  CHECK(changed("role = \"proxy\"\n", "").empty());
  constexpr auto rule = "; while the node runs only roles of instances may change: restart it for this";
  using texts = std::vector<std::string>;
  CHECK(changed("= 5", "= 6") == texts{std::string{"f.toml:9: limits.clients_max has changed"} + rule});
  CHECK(changed("clients_max = 5\n", "") == texts{std::string{"f.toml: limits.clients_max is gone"} + rule});
  CHECK(changed("name = \"a\"\n", "name = \"a\"\nlog_age = \"2h\"\n")
        == texts{std::string{"f.toml:12: instance a: log_age has changed"} + rule});
  CHECK(changed("name = \"a\"\n", "name = \"c\"\n")
        == texts{std::string{"f.toml:1: node.instances has changed"} + rule});
  CHECK(changed("role = \"proxy\"\n", "role = \"waf\"\n").size() == 1);
}

TEST_CASE("an instance may move to a section of its own to get another role") {
  auto before = leaf + "replicas = [\"h:2\"]\n";
  before.replace(before.find("[tree]"), 0, "instances = [\"a\", \"b\"]\n");
  auto now = before + "[[instance]]\nname = \"b\"\nrole = \"proxy\"\n";
  now.replace(now.find(", \"b\""), 5, "");
  CHECK(refused(before, now).empty());
}
