// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/explain.hpp"
#include "apps/sim/options.hpp"
#include "apps/sim/scenario_file.hpp"
#include "apps/sim/world.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <unistd.h>

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

void show_broken(const options& given, const scenario& what, const run_result& result) {
  const auto& broken = *result.broken;
  fmt::print("\nBROKEN: {}\n  seed {}, at {}\n  {}\n", broken.promise, result.seed, seconds_text(broken.when),
             broken.text);
  auto until = given.until ? fmt::format(" --until {}ms", given.until->count()) : std::string{};
  fmt::print("  again: argentum-sim replay {} --seed {}{}\n",
             what.name.find('/') == std::string::npos && given.scenario.find('/') == std::string::npos
                 ? what.name
                 : given.scenario,
             result.seed, until);
}

run_result run_one(const options& given, const scenario& what, std::uint64_t seed) {
  run_options how;
  how.seed = seed;
  how.trace_file = given.trace_file;
  if (isatty(STDERR_FILENO) == 1)
    how.progress = [&](vtime now, const check_totals& so_far) {
      fmt::print(stderr, "\r  seed {}  {} of {} s  {} answers judged ", seed, now.count() / 1'000'000'000,
                 what.until.count() / 1000, so_far.answers);
    };
  auto begin = std::chrono::steady_clock::now();
  auto result = run(what, how);
  std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  if (how.progress) fmt::print(stderr, "\r{:70}\r", "");
  const auto& c = result.checks;
  fmt::print("{} seed {}: {}, {} virtual in {:.2f} s ({:.0f} x), trace {:016x}\n", what.name, seed,
             result.broken ? "BROKEN" : "clean", seconds_text(result.virtual_time), wall.count(),
             static_cast<double>(result.virtual_time.count()) / 1e9 / wall.count(), result.trace_hash);
  fmt::print("  {} entries, {} writes acknowledged, {} failed; {} answers judged ({} absent, {} fetched, {} of the "
             "past), {} unavailable\n",
             result.entries, c.writes, c.failed_writes, c.answers, c.absences, c.fetched, c.past, c.unavailable);
  fmt::print(
      "  {} faults, {} scripted answers met, {} full copies, level after {}; {} actor steps, {} messages, {} "
      "bytes\n",
      result.faults, result.expectations_met, c.switches, seconds_text(result.converged_after), result.steps,
      result.network.messages, result.network.bytes);
  return result;
}

int run_all(const options& given) {
  auto what = load(given.scenario);
  if (given.until) what.until = *given.until;
  for (auto seed = given.first_seed; seed <= given.last_seed; ++seed) {
    auto result = run_one(given, what, seed);
    if (!result.broken) continue;
    show_broken(given, what, result);
    return 1;
  }
  return 0;
}

int replay(const options& given) {
  auto what = load(given.scenario);
  if (given.until) what.until = *given.until;
  auto first = run_one(given, what, given.first_seed);
  auto second = run_one(given, what, given.first_seed);
  if (first.broken) show_broken(given, what, first);
  if (first.trace_hash != second.trace_hash)
    fmt::print("\nNOT THE SAME RUN: something other than the seed decides\n");
  return first.broken || first.trace_hash != second.trace_hash ? 1 : 0;
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
