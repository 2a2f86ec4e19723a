// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/options.hpp"

#include "apps/config/units.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <map>

namespace argentum::sim {

namespace {

bool number(std::string_view text, std::uint64_t& into) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

/// "A..B", both included.
std::string read_range(const std::string& text, options& into) {
  auto dots = text.find("..");
  if (dots == std::string::npos || !number(std::string_view{text}.substr(0, dots), into.first_seed)
      || !number(std::string_view{text}.substr(dots + 2), into.last_seed) || into.last_seed < into.first_seed)
    return "expected A..B with A <= B, as 1..100";
  return {};
}

std::string read_until(const std::string& text, options& into) {
  into.until = app::parse_duration(text);
  return into.until ? std::string{} : "expected a duration, as \"30s\" (ms, s, m, h, d, w)";
}

} // namespace

std::optional<early_exit> parse_options(int argc, const char* const* argv, options& into) {
  CLI::App app{"Runs a whole Argentum tree in one thread under virtual time and judges every answer.",
               "argentum-sim"};
  app.set_version_flag("--version", "argentum-sim " ARGENTUM_VERSION);
  app.require_subcommand(1);
  std::string range;
  std::string until;
  auto add = [&](const char* name, const char* help, options::command what) {
    auto* command = app.add_subcommand(name, help);
    command->callback([&into, what] { into.what = what; });
    return command;
  };
  auto* run = add("run", "Runs a scenario; exit code 1 if a promise broke", options::command::run);
  auto* replay =
      add("replay", "Runs one seed twice: is it the same run, and what breaks?", options::command::replay);
  add("list", "The scenarios of the library", options::command::list);
  auto* explain = add("explain", "What a scenario does", options::command::explain);
  for (auto* command : {run, replay, explain})
    command->add_option("SCENARIO", into.scenario, "A file, or a name of the list")->required();
  for (auto* command : {run, replay}) {
    command->add_option("--seed", into.first_seed, "Seed of the run")->type_name("N");
    command->add_option("--until", until, "Length of the run before the faults heal")->type_name("TIME");
    command->add_option("--store", into.store, "What disks hold data in: memory (the model) or rocks (RocksDB)")
        ->transform(CLI::Transformer(
            std::map<std::string, store_kind>{{"memory", store_kind::memory}, {"rocks", store_kind::rocks}}))
        ->type_name("STORE");
    command->add_option("--trace", into.trace_file, "Write what happens, line by line")->type_name("FILE");
  }
  auto* seeds = run->add_option("--seeds", range, "A range of seeds, until one is broken")->type_name("A..B");
  seeds->excludes("--seed");
  run->add_option("--jobs", into.jobs, "Seeds at a time")->type_name("J")->check(CLI::Range(1, 1024))->needs(seeds);
  run->add_option("--report", into.report_dir, "Write report.html and report.json there")
      ->type_name("DIR")
      ->excludes(seeds);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return early_exit{0, app.help()};
  } catch (const CLI::CallForVersion& e) {
    return early_exit{0, e.what()};
  } catch (const CLI::ParseError& e) {
    return early_exit{2, fmt::format("argentum-sim: {}; see argentum-sim --help", e.what())};
  }
  if (into.jobs > 1 && !into.trace_file.empty())
    return early_exit{2, "argentum-sim: --trace: expected --jobs 1, there is one file"};
  into.last_seed = into.first_seed;
  std::string problem = range.empty() ? "" : read_range(range, into);
  if (!problem.empty()) return early_exit{2, fmt::format("argentum-sim: --seeds {}: {}", range, problem)};
  if (!until.empty()) problem = read_until(until, into);
  if (!problem.empty()) return early_exit{2, fmt::format("argentum-sim: --until {}: {}", until, problem)};
  return {};
}

} // namespace argentum::sim
