// SPDX-License-Identifier: Apache-2.0
// The scenarios that argentum-sim ships.
#pragma once

#include "apps/sim/scenario_file.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace argentum::test {

inline sim::scenario library_scenario(const std::string& name) {
  if (std::getenv("ARGENTUM_TEST_LOG") == nullptr)
    spdlog::set_level(spdlog::level::off); // nodes log about faults, thousands of times
  auto path = std::string{ARGENTUM_SCENARIOS} + "/" + name + ".toml";
  app::config_report report{path};
  auto read = sim::read_scenario(path, report);
  if (!report.ok()) throw std::runtime_error{report.texts().front()};
  return read;
}

inline std::vector<std::string> library_names() {
  std::vector<std::string> names;
  for (const auto& each : std::filesystem::directory_iterator{ARGENTUM_SCENARIOS})
    names.push_back(each.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

} // namespace argentum::test
