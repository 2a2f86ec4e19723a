// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/options.hpp"
#include "apps/sim/seed_runs.hpp"
#include "apps/sim/world.hpp"
#include "tests/sim/library.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <map>

using namespace argentum;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

sim::seed_outcome outcome(std::uint64_t seed, bool broken) {
  return {{broken, 1, seed, 2, 3}, "seed " + std::to_string(seed)};
}

std::vector<std::uint64_t> seeds_told(std::uint64_t jobs,
                                      const std::function<sim::seed_outcome(std::uint64_t)>& run) {
  std::vector<std::uint64_t> told;
  sim::run_seeds({3, 40}, jobs, {run, [&](std::uint64_t seed, const sim::seed_outcome&) { told.push_back(seed); }});
  return told;
}

struct parsed {
  sim::options what;
  std::optional<sim::early_exit> end;
};

parsed parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "argentum-sim");
  parsed out;
  out.end = sim::parse_options(static_cast<int>(arguments.size()), arguments.data(), out.what);
  return out;
}

} // namespace

TEST_CASE("seeds are told in order, up to the first broken one, however many run at a time") {
  for (std::uint64_t jobs : {1, 2, 7}) {
    CAPTURE(jobs);
    auto told = seeds_told(jobs, [](std::uint64_t seed) { return outcome(seed, false); });
    REQUIRE(told.size() == 38);
    CHECK(std::is_sorted(told.begin(), told.end()));
    told = seeds_told(jobs, [](std::uint64_t seed) { return outcome(seed, seed == 9 || seed == 11); });
    CHECK(told == std::vector<std::uint64_t>{3, 4, 5, 6, 7, 8, 9});
  }
}

TEST_CASE("an outcome comes whole out of its process, however long its text") {
  std::string text(300'000, 'x');
  auto run = [&](std::uint64_t seed) { return sim::seed_outcome{{false, 1, seed, 5, 6}, text}; };
  auto done = [&](std::uint64_t seed, const sim::seed_outcome& got) {
    CHECK(got.sums.answers == seed);
    CHECK(got.sums.trace_hash == 6);
    CHECK(got.text == text);
  };
  sim::run_seeds({1, 4}, 3, {run, done});
}

TEST_CASE("a process that dies breaks its seed, one that cannot run ends all") {
  std::string text;
  auto die = [](std::uint64_t seed) {
    if (seed == 2) std::raise(SIGKILL);
    return outcome(seed, false);
  };
  sim::run_seeds({1, 5}, 2, {die, [&](std::uint64_t, const sim::seed_outcome& got) { text = got.text; }});
  CHECK(text == "seed 2: BROKEN: the process died: Killed\n");
  auto fail = [](std::uint64_t) -> sim::seed_outcome { throw std::runtime_error{"no file"}; };
  CHECK_THROWS_AS(sim::run_seeds({1, 5}, 2, {fail, [](std::uint64_t, const sim::seed_outcome&) {}}),
                  std::runtime_error);
}

TEST_CASE("a seed is the same run with any number of jobs") {
  auto what = library_scenario("small-tree-all-faults");
  what.until = 20s;
  auto run = [&](std::uint64_t seed) {
    sim::run_options how;
    how.seed = seed;
    auto result = sim::run(what, how);
    return sim::seed_outcome{{false, 0, result.checks.answers, result.faults, result.trace_hash}, {}};
  };
  std::map<std::uint64_t, std::uint64_t> alone;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) alone[seed] = run(seed).sums.trace_hash;
  for (std::uint64_t jobs : {1, 4}) {
    std::map<std::uint64_t, std::uint64_t> hashes;
    auto done = [&](std::uint64_t seed, const sim::seed_outcome& got) { hashes[seed] = got.sums.trace_hash; };
    sim::run_seeds({1, 6}, jobs, {run, done});
    CHECK(hashes == alone);
  }
}

TEST_CASE("options of jobs and reports") {
  auto run = parse({"run", "storm", "--seeds", "4..9", "--jobs", "3"});
  REQUIRE_FALSE(run.end);
  CHECK(run.what.jobs == 3);
  CHECK(run.what.first_seed == 4);
  CHECK(run.what.last_seed == 9);
  CHECK(parse({"run", "storm"}).what.jobs == 1);
  CHECK(parse({"run", "storm", "--report", "out"}).what.report_dir == "out");
  for (const auto& wrong :
       std::vector<std::vector<const char*>>{{"run", "storm", "--seeds", "1..2", "--jobs", "0"},
                                             {"run", "storm", "--seeds", "1..2", "--jobs", "x"},
                                             {"run", "storm", "--jobs", "2"},
                                             {"run", "storm", "--seeds", "1..2", "--report", "out"},
                                             {"run", "storm", "--seeds", "1..2", "--jobs", "2", "--trace", "file"},
                                             {"replay", "storm", "--report", "out"}}) {
    auto end = parse(wrong).end;
    REQUIRE(end);
    CHECK(end->code == 2);
    CHECK(end->text.find('\n') == std::string::npos);
  }
}
