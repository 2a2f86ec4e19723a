// SPDX-License-Identifier: Apache-2.0
#include "apps/config/toml_document.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace argentum::app {

toml_section toml_document::section(const char* name) {
  known_.emplace_back(name);
  auto* node = root_.get(name);
  if (node == nullptr) return {nothing_, name, report_};
  if (auto* table = node->as_table()) return {*table, name, report_};
  report_.add(line_of(*node), fmt::format("{} is no section; expected [{}] on a line of its own", name, name));
  return {nothing_, name, report_};
}

void toml_document::each(const char* name, std::size_t first_number, const std::function<void(toml_section)>& f) {
  known_.emplace_back(name);
  auto* node = root_.get(name);
  if (node == nullptr) return;
  auto* array = node->as_array();
  if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) {
    report_.add(line_of(*node), fmt::format("{} is no list of sections; expected [[{}]]", name, name));
    return;
  }
  for (std::size_t n = 0; n < array->size(); ++n)
    f(toml_section{*array->get_as<toml::table>(n), fmt::format("{}.{}", name, first_number + n), report_});
}

void toml_document::refuse_unknown() {
  for (auto&& [key, value] : root_) {
    bool known = std::find(known_.begin(), known_.end(), key.str()) != known_.end();
    if (!known)
      report_.add(key.source().begin.line,
                  fmt::format("unknown section {}; expected one of {}", key.str(), fmt::join(known_, ", ")));
  }
}

void parse_toml(std::string_view text, config_report& report, const std::function<void(const toml::table&)>& read) {
  try {
    read(toml::parse(text));
  } catch (const toml::parse_error& e) {
    report.add(e.source().begin.line, fmt::format("{}; expected TOML", e.description()));
  }
}

bool read_text(const std::string& path, config_report& report, std::string& into) {
  std::ifstream in{path, std::ios::binary};
  if (!in || std::filesystem::is_directory(path)) {
    report.add_at_file(fmt::format("cannot be read: {}", std::strerror(in ? EISDIR : errno)));
    return false;
  }
  std::ostringstream text;
  text << in.rdbuf();
  into = text.str();
  return true;
}

} // namespace argentum::app
