// SPDX-License-Identifier: Apache-2.0
// Collects what is wrong with a config file, and where: one line for people each, in the order of the file.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace argentum::app {

class config_report {
 public:
  explicit config_report(std::string file) : file_(std::move(file)) {}

  /// Where a key ("tree.upstreams") or a section ("tree") stands.
  void found(const std::string& key, unsigned line) { lines_[key] = line; }
  /// `key` stands where `other` stands.
  void alias(const std::string& key, const std::string& other);
  /// The value of `key` came from a command-line flag.
  void overridden(const std::string& key, std::string flag) { flags_[key] = std::move(flag); }

  void add(unsigned line, const std::string& text);
  /// About the file as a whole.
  void add_at_file(const std::string& text) { problems_.emplace(0u, file_ + ": " + text); }
  /// Adds the place of the key, else of its section, else of the file.
  void add_at(const std::string& key, const std::string& text);

  /// "FILE:LINE: what is wrong; expected ..."
  std::vector<std::string> texts() const;
  bool ok() const noexcept { return problems_.empty(); }

 private:
  std::string file_;
  std::map<std::string, unsigned> lines_;
  std::map<std::string, std::string> flags_;
  std::multimap<unsigned, std::string> problems_; ///< line -> text with its place
};

} // namespace argentum::app
