// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <set>

namespace argentum::bench {

namespace {

struct flag {
  const char* name;
  std::function<CLI::Option*(CLI::App&, bench_options&)> add;
  std::function<void(const bench_options& from, bench_options& to)> copy;
};

template <class T>
flag make_flag(const char* name, const char* help, T bench_options::*field, double least, double most) {
  return {name,
          [=](CLI::App& app, bench_options& into) {
            return app.add_option(name, into.*field, help)
                ->check(CLI::Range{least, most})
                ->delimiter(',')
                ->type_name("N")
                ->capture_default_str();
          },
          [=](const bench_options& from, bench_options& to) { to.*field = from.*field; }};
}

const std::vector<flag>& flags() {
  static const std::vector<flag> all{
      make_flag("--keys", "Keys in the data", &bench_options::keys, 1, 1e8),
      make_flag("--value", "Bytes of a value", &bench_options::value_bytes, 1, 1 << 20),
      make_flag("--connections", "Client connections", &bench_options::connections, 1, 10'000),
      make_flag("--pipeline", "Commands under way on a connection; 1,16 measures both", &bench_options::pipelines,
                1, 10'000),
      make_flag("--skew", "Zipf exponent of the keys read; 0 = all alike", &bench_options::skew, 0, 10),
      make_flag("--negatives", "Absent keys read for each present one", &bench_options::negatives, 0, 1e6),
      make_flag("--rounds", "Rounds of both sides in turn; medians are shown", &bench_options::rounds, 1, 1000),
      make_flag("--seconds", "Length of a round", &bench_options::seconds, 0.001, 3600),
      make_flag("--entries", "Entries that are missed, copied or overwritten", &bench_options::entries, 1, 1e9),
      make_flag("--rate", "Writes a second", &bench_options::rate, 1, 1e6),
      make_flag("--clients", "Idle clients", &bench_options::clients, 1, 1e6),
  };
  return all;
}

struct bench_kind {
  const char* name;
  const char* help;
  void (*run)(const workplace&, const bench_options&, report&);
  std::set<std::string> flags;
  bench_options usual;
  bench_options brief; ///< as part of `all`
};

std::vector<bench_kind> traffic_kinds() {
  const std::vector<int> both{1, 16};
  return {
      {"view",
       "The read view in the process against raw RocksDB",
       bench_view,
       {"--keys", "--value", "--skew", "--rounds", "--seconds"},
       {.keys = 1'000'000, .value_bytes = 100, .skew = 0, .rounds = 9, .seconds = 0.2},
       {.keys = 300'000, .value_bytes = 100, .skew = 0, .rounds = 9, .seconds = 0.1}},
      {"get",
       "GET over RESP against redis-server: hits, negatives, a mix; misses on a proxy",
       bench_get,
       {"--keys", "--value", "--connections", "--pipeline", "--skew", "--negatives", "--rounds", "--seconds"},
       {.keys = 1'000'000, .value_bytes = 100, .pipelines = both, .rounds = 15, .seconds = 1},
       {.keys = 100'000, .value_bytes = 100, .pipelines = both, .rounds = 9, .seconds = 0.3}},
      {"set",
       "SET over RESP: fsync against redis-server, a chain of three against one of Redis",
       bench_set,
       {"--keys", "--value", "--connections", "--pipeline", "--rounds", "--seconds"},
       {.keys = 1'000'000, .value_bytes = 100, .pipelines = both, .rounds = 9, .seconds = 2},
       {.keys = 100'000, .value_bytes = 100, .pipelines = both, .rounds = 9, .seconds = 0.3}},
      {"propagate",
       "Acknowledged on the root to visible two hops away",
       bench_propagate,
       {"--value", "--rate", "--rounds", "--seconds"},
       {.value_bytes = 100, .rounds = 5, .seconds = 5, .rate = 5000},
       {.value_bytes = 100, .rounds = 3, .seconds = 2, .rate = 5000}},
      {"catchup",
       "A leaf that missed entries, against a bare RocksDB",
       bench_catchup,
       {"--entries", "--value"},
       {.value_bytes = 500, .entries = 1'000'000},
       {.value_bytes = 500, .entries = 100'000}},
      {"bootstrap",
       "A full copy against following the log",
       bench_bootstrap,
       {"--entries", "--value"},
       {.value_bytes = 500, .entries = 2'000'000},
       {.value_bytes = 500, .entries = 200'000}},
      {"idle",
       "Memory of idle nodes and of idle clients",
       bench_idle,
       {"--clients"},
       {.clients = 10'000},
       {.clients = 10'000}},
      {"abuse",
       "GETs beside clients that misbehave",
       bench_abuse,
       {"--keys", "--value", "--connections", "--skew", "--seconds", "--clients"},
       {.keys = 200'000, .value_bytes = 100, .connections = 10, .seconds = 5, .clients = 10'000},
       {.keys = 200'000, .value_bytes = 100, .connections = 10, .seconds = 2, .clients = 10'000}},
  };
}

std::vector<bench_kind> proxy_kinds() {
  return {
      {"proxy",
       "A warm proxy against a replica; negatives stay on the node",
       bench_proxy,
       {"--keys", "--value", "--connections", "--pipeline", "--skew", "--negatives", "--rounds", "--seconds"},
       {.keys = 1'000'000, .value_bytes = 100, .pipelines = {1}, .rounds = 41, .seconds = 0.4},
       {.keys = 100'000, .value_bytes = 100, .pipelines = {1}, .rounds = 21, .seconds = 0.4}},
      {"admission",
       "What a scan leaves of a proxy's cache",
       bench_admission,
       {"--keys", "--skew"},
       {.keys = 1'000'000},
       {.keys = 100'000}},
      {"evict",
       "Disk and reads of a proxy that evicts, cost of history; on the stores",
       bench_evict,
       {"--keys", "--value", "--skew", "--negatives", "--rounds", "--seconds", "--entries"},
       {.keys = 1'000'000, .value_bytes = 363, .rounds = 5, .seconds = 2, .entries = 2'520'000},
       {.keys = 100'000, .value_bytes = 363, .rounds = 3, .seconds = 0.5, .entries = 200'000}},
  };
}

const std::vector<bench_kind>& kinds() {
  static const auto all = [] {
    auto made = traffic_kinds();
    for (auto& each : proxy_kinds()) made.push_back(std::move(each));
    return made;
  }();
  return all;
}

/// One line, without CLI11's own line breaks.
std::string line_of(const CLI::ParseError& error) {
  std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

} // namespace

std::optional<early_exit> parse_options(int argc, const char* const* argv, options& into) {
  CLI::App app{"Measures Argentum beside Redis and raw RocksDB, which it starts itself; figures, ratios and bars.",
               "argentum-bench"};
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--json", into.json_file, "Write the figures to this file too")->type_name("FILE");
  app.add_option("--node", into.node_binary, "The argentum-node to measure; default: the one beside this program")
      ->type_name("FILE");
  app.add_option("--dir", into.dir, "Where data is kept meanwhile")->type_name("DIR")->capture_default_str();
  std::vector<bench_options> given;
  for (const auto& kind : kinds()) given.push_back(kind.usual);
  for (std::size_t i = 0; i < kinds().size(); ++i) {
    auto* command = app.add_subcommand(kinds()[i].name, kinds()[i].help);
    for (const auto& each : flags())
      if (kinds()[i].flags.contains(each.name)) each.add(*command, given[i]);
  }
  auto* all = app.add_subcommand("all", "Each of them in a short form; options hold for all that know them");
  bench_options for_all;
  for (const auto& each : flags()) each.add(*all, for_all)->default_str("");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return early_exit{0, app.help()};
  } catch (const CLI::ParseError& e) {
    return early_exit{2, fmt::format("argentum-bench: {}; see argentum-bench --help", line_of(e))};
  }
  into.command_line = fmt::format("argentum-bench {}", fmt::join(argv + 1, argv + argc, " "));
  auto command = app.get_subcommands().front()->get_name();
  for (std::size_t i = 0; i < kinds().size(); ++i) {
    const auto& kind = kinds()[i];
    if (command == kind.name) into.plan.push_back({kind.name, kind.run, given[i]});
    if (!all->parsed()) continue;
    auto how = kind.brief;
    for (const auto& each : flags())
      if (kind.flags.contains(each.name) && all->count(each.name) > 0) each.copy(for_all, how);
    into.plan.push_back({kind.name, kind.run, how});
  }
  return {};
}

} // namespace argentum::bench
