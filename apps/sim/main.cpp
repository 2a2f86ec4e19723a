// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/console.hpp"
#include "apps/sim/explain.hpp"
#include "apps/sim/options.hpp"
#include "apps/sim/report/report_files.hpp"
#include "apps/sim/report/units.hpp"
#include "apps/sim/scenario_file.hpp"
#include "apps/sim/seed_runs.hpp"
#include "apps/sim/world.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>

namespace {

using namespace argentum;
using namespace argentum::sim;

std::vector<std::string> library() {
  std::vector<std::string> paths;
  for (const auto& each : std::filesystem::directory_iterator{ARGENTUM_SCENARIOS})
    if (each.path().extension() == ".toml") paths.push_back(each.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// Exits with 2 and the reasons if it cannot be read.
scenario load(const std::string& name_or_path) {
  auto path = name_or_path;
  if (auto known = std::filesystem::path{ARGENTUM_SCENARIOS} / (path + ".toml"); std::filesystem::exists(known))
    path = known.string();
  app::config_report report{path};
  auto read = read_scenario(path, report);
  if (report.ok()) return read;
  for (const auto& text : report.texts()) fmt::print(stderr, "{}\n", text);
  std::exit(2);
}

void list() {
  for (const auto& path : library()) {
    auto each = load(path);
    fmt::print("{:<28} {}\n", each.name, each.description);
  }
}

/// The command that shows the same run again.
std::string replay_command(const options& given, const scenario& what, std::uint64_t seed) {
  bool is_file = given.scenario.find('/') != std::string::npos || given.scenario.ends_with(".toml");
  auto until = given.until ? fmt::format(" --until {}ms", given.until->count()) : std::string{};
  auto store = given.store == store_kind::rocks ? " --store rocks" : "";
  return fmt::format("argentum-sim replay {} --seed {}{}{}", is_file ? given.scenario : what.name, seed, until,
                     store);
}

struct timed_report {
  run_report report;
  double wall = 0; ///< seconds
};

/// `bar` may be null.
timed_report run_one(const options& given, const scenario& what, std::uint64_t seed, progress_bar* bar) {
  run_options how;
  how.seed = seed;
  how.store = given.store;
  how.trace_file = given.trace_file;
  how.look_at_disks = !given.report_dir.empty();
  if (bar != nullptr && bar->visible())
    how.progress = [&](const run_progress& at) {
      auto which = given.first_seed == given.last_seed
                       ? std::string{}
                       : fmt::format("seed {} of {}..{}, ", seed, given.first_seed, given.last_seed);
      bar->show(seconds(at.now) / seconds(what.until),
                fmt::format("{}{:.0f} of {:.0f} s, {} entries, {} answers judged", which, seconds(at.now),
                            seconds(what.until), grouped(at.entries), grouped(at.answers)));
    };
  auto begin = std::chrono::steady_clock::now();
  auto result = run(what, how);
  std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  if (bar != nullptr) bar->clear();
  return {make_report(what, std::move(result), replay_command(given, what, seed)), wall.count()};
}

int run_seed(const options& given, const scenario& what) {
  if (!given.report_dir.empty()) std::filesystem::create_directories(given.report_dir); // before the work
  progress_bar bar{stderr};
  auto [report, wall] = run_one(given, what, given.first_seed, &bar);
  fmt::print("{}", summary_of(report, wall));
  if (!given.report_dir.empty()) fmt::print("  {:<12}{}\n", "report", write_report(report, given.report_dir));
  return report.result.broken ? 1 : 0;
}

/// One line for each seed and one for all of them.
int run_range(const options& given, const scenario& what) {
  progress_bar bar{stderr};
  std::uint64_t clean = 0;
  seed_outcome::totals sums;
  auto run_seed = [&](std::uint64_t seed) {
    auto [report, wall] = run_one(given, what, seed, given.jobs == 1 ? &bar : nullptr);
    const auto& result = report.result;
    return seed_outcome{{result.broken.has_value(), result.virtual_time.count(), result.checks.answers,
                         result.faults, result.trace_hash},
                        line_of(report, wall)};
  };
  auto all = given.last_seed - given.first_seed + 1;
  auto done = [&](std::uint64_t, const seed_outcome& outcome) {
    bar.clear();
    fmt::print("{}", outcome.text);
    std::fflush(stdout);
    if (!outcome.sums.broken) ++clean;
    sums.broken |= outcome.sums.broken;
    sums.virtual_ns += outcome.sums.virtual_ns;
    sums.answers += outcome.sums.answers;
    sums.faults += outcome.sums.faults;
    if (given.jobs > 1)
      bar.show(static_cast<double>(clean) / static_cast<double>(all),
               fmt::format("{} of {} seeds, {} answers judged", clean, all, grouped(sums.answers)));
  };
  auto begin = std::chrono::steady_clock::now();
  run_seeds({given.first_seed, given.last_seed}, given.jobs, {run_seed, done});
  std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  bar.clear();
  fmt::print("{} of {} seeds clean: {:.0f} s virtual in {:.1f} s, {} answers judged, {} faults\n", clean, all,
             seconds(vtime{sums.virtual_ns}), wall.count(), grouped(sums.answers), grouped(sums.faults));
  return sums.broken ? 1 : 0;
}

int run_all(const options& given) {
  auto what = load(given.scenario);
  if (given.until) what.until = *given.until;
  return given.first_seed == given.last_seed ? run_seed(given, what) : run_range(given, what);
}

int replay(const options& given) {
  auto what = load(given.scenario);
  if (given.until) what.until = *given.until;
  progress_bar bar{stderr};
  auto first = run_one(given, what, given.first_seed, &bar);
  auto second = run_one(given, what, given.first_seed, &bar);
  fmt::print("{}", summary_of(first.report, first.wall));
  bool same = first.report.result.trace_hash == second.report.result.trace_hash;
  if (same)
    fmt::print("\nthe same run twice, {:.2f} s\n", second.wall);
  else
    fmt::print("\nNOT THE SAME RUN: something other than the seed decides\n");
  return first.report.result.broken || !same ? 1 : 0;
}

} // namespace

int main(int argc, char** argv) {
  options given;
  if (auto end = parse_options(argc, argv, given)) {
    fmt::print(end->code == 0 ? stdout : stderr, "{}\n", end->text);
    return end->code;
  }
  spdlog::set_level(spdlog::level::off); // nodes log about faults, thousands of times
  try {
    switch (given.what) {
    case options::command::list: list(); return 0;
    case options::command::explain: fmt::print("{}", explain(load(given.scenario))); return 0;
    case options::command::run: return run_all(given);
    case options::command::replay: return replay(given);
    }
  } catch (const std::exception& e) {
    fmt::print(stderr, "argentum-sim: {}\n", e.what());
  }
  return 2;
}
