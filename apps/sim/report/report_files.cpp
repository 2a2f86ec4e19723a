// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/report_files.hpp"

#include "apps/sim/report/report_html.hpp"
#include "apps/sim/report/report_json.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace argentum::sim {

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file << text;
  file.close();
  if (!file) throw std::runtime_error{path.string() + ": cannot be written"};
}

} // namespace

std::string write_report(const run_report& report, const std::string& directory) {
  std::filesystem::path path{directory};
  write(path / "report.json", report_json(report));
  write(path / "report.html", report_html(report));
  return (path / "report.html").string();
}

} // namespace argentum::sim
