// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <thread>

namespace argentum::bench {

namespace {

using row = std::vector<std::string>;

double load_average() {
  double out = 0;
  ::getloadavg(&out, 1);
  return out;
}

/// Three digits or more: 0.0512, 4.21, 173, 61,234.
std::string number(double value) {
  if (std::abs(value) < 100) return fmt::format("{:.3g}", value);
  auto out = fmt::format("{:.0f}", value);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > (value < 0 ? 1 : 0); at -= 3)
    out.insert(static_cast<std::size_t>(at), ",");
  return out;
}

std::string text_of(const std::optional<latency>& what) {
  return what ? fmt::format("{} / {} / {}", number(what->p50), number(what->p99), number(what->p999)) : "";
}

std::string text_of(const std::optional<bar>& what) {
  if (!what) return "";
  return fmt::format("{}{} {}", what->of == bar::subject::ratio ? "ratio " : "",
                     what->which == bar::direction::at_least ? ">=" : "<=", number(what->limit));
}

row row_of(const figure& what) {
  auto passed = what.passed();
  auto ratio = what.ratio();
  return {what.name,
          number(what.value),
          what.unit,
          what.peer ? number(*what.peer) : "",
          what.peer_name,
          ratio ? number(*ratio) : "",
          text_of(what.wanted),
          passed ? *passed ? "pass" : "FAIL" : "",
          what.cpu_us ? number(*what.cpu_us) : "",
          what.peer_cpu_us ? number(*what.peer_cpu_us) : "",
          text_of(what.latencies),
          text_of(what.peer_latencies)};
}

nlohmann::json json_of(const latency& what) {
  return {{"p50_us", what.p50}, {"p99_us", what.p99}, {"p999_us", what.p999}};
}

nlohmann::json json_of(const figure& what) {
  nlohmann::json out{{"name", what.name}, {"unit", what.unit}, {"value", what.value}};
  if (what.latencies) out["latency"] = json_of(*what.latencies);
  if (what.cpu_us) out["cpu_us"] = *what.cpu_us;
  if (what.peer) out["peer"] = {{"name", what.peer_name}, {"value", *what.peer}};
  if (what.peer_latencies) out["peer"]["latency"] = json_of(*what.peer_latencies);
  if (what.peer_cpu_us) out["peer"]["cpu_us"] = *what.peer_cpu_us;
  if (auto ratio = what.ratio()) out["ratio"] = *ratio;
  if (what.wanted)
    out["bar"] = {{"of", what.wanted->of == bar::subject::ratio ? "ratio" : "value"},
                  {what.wanted->which == bar::direction::at_least ? "at_least" : "at_most", what.wanted->limit},
                  {"passed", *what.passed()}};
  return out;
}

} // namespace

std::optional<double> figure::ratio() const {
  if (!peer || *peer == 0) return std::nullopt;
  return value / *peer;
}

std::optional<bool> figure::passed() const {
  if (!wanted) return std::nullopt;
  auto reached = wanted->of == bar::subject::ratio ? ratio().value_or(0) : value;
  return wanted->which == bar::direction::at_least ? reached >= wanted->limit : reached <= wanted->limit;
}

figure compare(std::string name, std::string unit, const measured_pair& measured, std::string peer_name,
               std::optional<bar> wanted) {
  const auto& [ours, theirs] = measured;
  return {.name = std::move(name),
          .unit = std::move(unit),
          .value = ours.rate,
          .latencies = ours.latencies,
          .cpu_us = ours.cpu_us,
          .peer_name = std::move(peer_name),
          .peer = theirs.rate,
          .peer_latencies = theirs.latencies,
          .peer_cpu_us = theirs.cpu_us,
          .wanted = wanted};
}

report::report() : begin_(std::chrono::steady_clock::now()), load_before_(load_average()) {}

std::string report::table() const {
  std::vector<row> rows{{"figure", "value", "unit", "peer's", "peer", "ratio", "bar", "", "cpu us/op", "peer's",
                         "p50 / p99 / p99.9 us", "peer's"}};
  for (const auto& each : figures_) rows.push_back(row_of(each));
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& each : rows)
    for (std::size_t i = 0; i < each.size(); ++i) widths[i] = std::max(widths[i], each[i].size());
  std::string out;
  for (const auto& each : rows) {
    for (std::size_t i = 0; i < each.size(); ++i) out += fmt::format("{:<{}}  ", each[i], widths[i]);
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  for (const auto& each : notes_) out += each + '\n';
  return out
         + fmt::format(
             "load average {:.2f} before, {:.2f} after; {} processors; only ratios of one run mean much\n",
             load_before_, load_average(), std::thread::hardware_concurrency());
}

nlohmann::json report::json(const std::string& command) const {
  auto figures = nlohmann::json::array();
  for (const auto& each : figures_) figures.push_back(json_of(each));
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin_;
  return {{"command", command},
          {"figures", figures},
          {"notes", notes_},
          {"seconds", took.count()},
          {"load_average", {{"before", load_before_}, {"after", load_average()}}},
          {"processors", std::thread::hardware_concurrency()}};
}

} // namespace argentum::bench
