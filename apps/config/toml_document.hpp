// SPDX-License-Identifier: Apache-2.0
// A TOML file as sections: each is read once by name, and in the end those that nobody asked for are errors.
#pragma once

#include "apps/config/toml_section.hpp"

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace argentum::app {

class toml_document {
 public:
  toml_document(const toml::table& root, config_report& report) : root_(root), report_(report) {}

  /// [name]; an empty section if it is not there.
  toml_section section(const char* name);
  /// Calls f(section) for every [[name]]; they are numbered from `first_number` in reports.
  void each(const char* name, std::size_t first_number, const std::function<void(toml_section)>& f);
  void refuse_unknown();

 private:
  const toml::table& root_;
  config_report& report_;
  toml::table nothing_;
  std::vector<std::string> known_;
};

/// Parses and hands over the table; what is no TOML is reported, with its line.
void parse_toml(std::string_view text, config_report& report, const std::function<void(const toml::table&)>& read);

/// The whole file; false and a report if it cannot be read.
bool read_text(const std::string& path, config_report& report, std::string& into);

} // namespace argentum::app
