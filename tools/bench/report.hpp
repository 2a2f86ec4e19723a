// SPDX-License-Identifier: Apache-2.0
// What was measured: a table for people, JSON for programs.
#pragma once

#include "tools/bench/measurement.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace argentum::bench {

/// What is to be reached, by the value itself or by its ratio to the peer's.
struct bar {
  enum class subject { value, ratio } of = subject::value;
  enum class direction { at_least, at_most } which = direction::at_least;
  double limit = 0;
};
inline bar ratio_at_least(double limit) {
  return {bar::subject::ratio, bar::direction::at_least, limit};
}
inline bar ratio_at_most(double limit) {
  return {bar::subject::ratio, bar::direction::at_most, limit};
}
inline bar value_at_most(double limit) {
  return {bar::subject::value, bar::direction::at_most, limit};
}

struct figure {
  std::string name; ///< "get: hit, pipeline 16"
  std::string unit;
  double value = 0;
  std::optional<latency> latencies = std::nullopt;
  std::optional<double> cpu_us = std::nullopt; ///< processor time of the servers for one operation
  std::string peer_name = {};
  std::optional<double> peer = std::nullopt;
  std::optional<latency> peer_latencies = std::nullopt;
  std::optional<double> peer_cpu_us = std::nullopt;
  std::optional<bar> wanted = std::nullopt;

  std::optional<double> ratio() const;
  /// Nothing without a bar.
  std::optional<bool> passed() const;
};

/// A figure of rates with its peer.
figure compare(std::string name, std::string unit, const measured_pair& measured, std::string peer_name,
               std::optional<bar> wanted = std::nullopt);

class report {
 public:
  report();

  void add(figure what) { figures_.push_back(std::move(what)); }
  /// Something that people should know of the run, such as what was left out.
  void note(std::string text) { notes_.push_back(std::move(text)); }

  std::string table() const;
  /// `command` is what repeats the run.
  nlohmann::json json(const std::string& command) const;

 private:
  std::chrono::steady_clock::time_point begin_;
  double load_before_; ///< average of the last minute
  std::vector<figure> figures_;
  std::vector<std::string> notes_;
};

} // namespace argentum::bench
