// SPDX-License-Identifier: Apache-2.0
#include "apps/config/config_report.hpp"

#include <fmt/format.h>

namespace argentum::app {

void config_report::add(unsigned line, const std::string& text) {
  problems_.emplace(line, fmt::format("{}:{}: {}", file_, line, text));
}

void config_report::alias(const std::string& key, const std::string& other) {
  if (auto line = lines_.find(other); line != lines_.end()) lines_[key] = line->second;
}

void config_report::add_at(const std::string& key, const std::string& text) {
  if (auto flag = flags_.find(key); flag != flags_.end()) {
    problems_.emplace(0u, fmt::format("{}: {}", flag->second, text));
    return;
  }
  for (auto where = key;; where.resize(where.rfind('.'))) {
    if (auto line = lines_.find(where); line != lines_.end()) return add(line->second, text);
    if (where.find('.') == std::string::npos) return add(1, text);
  }
}

std::vector<std::string> config_report::texts() const {
  std::vector<std::string> all;
  for (auto& [line, text] : problems_) all.push_back(text);
  return all;
}

} // namespace argentum::app
