// SPDX-License-Identifier: Apache-2.0
// One table of a TOML file, read key by key: each with its type and bounds, and in the end the keys that nobody
// asked for are errors. A value that is missing leaves the default; a wrong one is reported and leaves it too.
#pragma once

#include "apps/config/config_report.hpp"
#include "apps/config/units.hpp"

#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace argentum::app {

unsigned line_of(const toml::node& node) noexcept;

class toml_section {
 public:
  /// `path` is the section's name in reports ("tree"). Both references outlive this object.
  toml_section(const toml::table& table, std::string path, config_report& report);

  /// Where the section stands in its file; 0 if it does not.
  unsigned line() const noexcept { return line_of(table_); }

  void text(const char* key, std::string& into);
  void texts(const char* key, std::vector<std::string>& into);
  /// "256MiB" or a number of bytes.
  void size(const char* key, std::uint64_t& into, std::uint64_t min, std::uint64_t max);
  void integer(const char* key, std::uint64_t& into, std::uint64_t min, std::uint64_t max);
  void flag(const char* key, bool& into);
  /// 20 or 1.5.
  void number(const char* key, double& into, double min, double max);
  /// A list of so many of them.
  void numbers(const char* key, std::vector<double>& into, std::size_t count);
  /// "30s"; bounds are for others to check where they depend on more than the key.
  void duration(const char* key, std::chrono::milliseconds& into);

  /// "5GiB", "10GiB free" or "20% free"; `free_only`: not the first.
  void space(const char* key, std::optional<space_amount>& into, bool free_only = false);

  template <class T>
  struct word {
    const char* name;
    T value;
  };
  /// One of the words.
  template <class T>
  void choice(const char* key, T& into, std::initializer_list<word<T>> words);

  /// All keys that are there, for sections whose keys are names.
  std::vector<std::string> keys() const;
  /// The table at `key`; an empty one if it is not there or no table.
  toml_section table(const char* key);

  /// Reports every key that none of the calls above named.
  void refuse_unknown();

 private:
  const toml::node* find(const char* key);
  void wrong(const toml::node& at, const char* key, const std::string& expected);
  std::optional<std::string> choose(const char* key, const std::vector<std::string>& names);

  const toml::table& table_;
  std::string path_;
  config_report& report_;
  std::set<std::string, std::less<>> known_;
};

template <class T>
void toml_section::choice(const char* key, T& into, std::initializer_list<word<T>> words) {
  std::vector<std::string> names;
  for (auto& w : words) names.emplace_back(w.name);
  auto chosen = choose(key, names);
  for (auto& w : words) {
    if (chosen == w.name) into = w.value;
  }
}

} // namespace argentum::app
