// SPDX-License-Identifier: Apache-2.0
// argentum-bench: exit code 0 when all was measured (whatever the figures), 1 when it could not be, 2 for a wrong
// command line.
#include "tools/bench/cleanup.hpp"
#include "tools/bench/options.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>

namespace {

using namespace argentum::bench;

workplace place_of(const options& given, const std::string& dir) {
  std::filesystem::path binary = given.node_binary;
  if (binary.empty()) binary = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "argentum-node";
  binary = std::filesystem::absolute(binary);
  if (!std::filesystem::exists(binary)) throw std::runtime_error{"no argentum-node at " + binary.string()};
  return {binary.string(), dir};
}

void run(const options& given) {
  std::ofstream json;
  if (!given.json_file.empty()) {
    json.open(given.json_file); // now, not after minutes of work
    if (!json) throw std::runtime_error{"cannot write " + given.json_file};
  }
  report figures;
  for (const auto& each : given.plan) {
    scratch_dir dir{given.dir};
    each.run(place_of(given, dir.path()), each.how, figures);
  }
  fmt::print("{}", figures.table());
  if (json.is_open()) json << figures.json(given.command_line).dump(2) << '\n';
}

} // namespace

int main(int argc, char** argv) {
  options given;
  given.dir = std::filesystem::temp_directory_path().string();
  if (auto end = parse_options(argc, argv, given)) {
    fmt::print(end->code == 0 ? stdout : stderr, "{}\n", end->text);
    return end->code;
  }
  clean_up_on_signals();
  try {
    run(given);
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "argentum-bench: {}\n", e.what());
    return 1;
  }
}
