// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/console.hpp"

#include "apps/sim/report/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unistd.h>

namespace argentum::sim {

namespace {

std::string head_of(const run_report& report, double wall) {
  const auto& run = report.result;
  return fmt::format("{} seed {}: {}, {:.1f} s virtual in {:.2f} s ({:.0f} x)", report.scenario, run.seed,
                     run.broken ? "BROKEN" : "clean", seconds(run.virtual_time), wall,
                     seconds(run.virtual_time) / wall);
}

std::string propagation_lines(const run_report& report) {
  std::string out;
  const char* name = "propagation";
  for (const auto& row : report.delays) {
    out += fmt::format(
        "  {:<12}depth {}  p50 {:>8.2f} ms  p99 {:>8.2f} ms  p99.9 {:>8.2f} ms  ({} nodes, {} applied)\n", name,
        row.depth, row.p50, row.p99, row.p999, grouped(row.nodes), grouped(row.applied));
    name = "";
  }
  return out;
}

std::string way_line(const run_report& report) {
  if (!report.numbers().places().has_datacenters) return {};
  return fmt::format(
      "  {:<12}all      p50 {:>8.2f} ms  p99 {:>8.2f} ms; half a round trip to the root: p50 {:.2f} ms, "
      "p99 {:.2f} ms\n",
      "", report.all_delays.p50, report.all_delays.p99, report.direct_ways.p50, report.direct_ways.p99);
}

std::string overlay_lines(const run_report& report) {
  std::string out;
  const char* name = "overlay";
  for (const auto& row : report.result.overlay) {
    auto after = [](const std::optional<vtime>& time) {
      return time ? fmt::format("after {:.0f} s", seconds(*time)) : std::string{"never"};
    };
    out += fmt::format(
        "  {:<12}{} of {} members: all know all {}, all follow the root {}; {:.1f} kB/s each, at most "
        "{:.1f}; {} suspicions, {} deaths in {:.0f} s\n",
        name, row.what, grouped(row.members), after(row.agreed), after(row.whole), row.mean_bytes() / 1000,
        row.most_bytes() / 1000, grouped(row.suspicions), grouped(row.deaths), seconds(row.lasted));
    name = "";
  }
  return out;
}

std::string proxy_lines(const run_report& report) {
  std::string out;
  const char* name = "proxies";
  for (const auto& row : report.groups) {
    if (row.what.kind != tree_kind::proxy) continue;
    out += fmt::format("  {:<12}hit rate {} of {} values read; misses p50 {}, p99 {} ({})\n", name,
                       percent_text(row.hit_rate), grouped(row.reads.local + row.reads.fetched + row.reads.failed),
                       delay_text(row.fetch_p50), delay_text(row.fetch_p99), row.what.name);
    name = "";
  }
  return out;
}

std::string traffic_lines(const run_report& report) {
  std::string out;
  const char* name = "traffic";
  bool has_datacenters = report.numbers().places().has_datacenters;
  for (const auto& row : report.traffic) {
    out += fmt::format("  {:<12}{:<48}{:>12} messages {:>10}\n", name, link_name(row, has_datacenters),
                       grouped(row.all.messages), bytes_text(row.all.bytes));
    name = "";
  }
  return out;
}

} // namespace

std::string summary_of(const run_report& report, double wall) {
  const auto& run = report.result;
  const auto& checks = run.checks;
  auto worst = report.numbers().worst_lag();
  auto out = head_of(report, wall) + "\n";
  out += fmt::format("  {:<12}{} entries; {} writes acknowledged, {} failed\n", "writes", grouped(run.entries),
                     grouped(checks.writes), grouped(checks.failed_writes));
  out += fmt::format("  {:<12}{} judged: {} absent, {} fetched, {} of the past; {} reads were unavailable\n",
                     "answers", grouped(checks.answers), grouped(checks.absences), grouped(checks.fetched),
                     grouped(checks.past), grouped(checks.unavailable));
  out += fmt::format("  {:<12}{}; {} scripted answers met, {} full copies\n", "faults", grouped(run.faults),
                     grouped(run.expectations_met), grouped(checks.switches));
  out += propagation_lines(report) + way_line(report) + overlay_lines(report);
  out += fmt::format("  {:<12}worst {} entries, {}; level {} after all faults were healed\n", "lag",
                     grouped(worst.entries), delay_text(milliseconds(worst.time)),
                     delay_text(milliseconds(run.converged_after)));
  out += proxy_lines(report) + traffic_lines(report);
  out += fmt::format("  {:<12}{:016x}, {} actor steps, {} messages\n", "trace", run.trace_hash, grouped(run.steps),
                     grouped(run.network.messages));
  return out + broken_text(report);
}

std::string line_of(const run_report& report, double wall) {
  const auto& run = report.result;
  return fmt::format("{}, {} entries, {} answers judged, {} faults, trace {:016x}\n{}", head_of(report, wall),
                     grouped(run.entries), grouped(run.checks.answers), grouped(run.faults), run.trace_hash,
                     broken_text(report));
}

std::string broken_text(const run_report& report) {
  const auto& broken = report.result.broken;
  if (!broken) return {};
  return fmt::format("\nBROKEN: {}\n  seed {}, at {}\n  {}\n  again: {}\n", broken->promise, report.result.seed,
                     seconds_text(broken->when), broken->text, report.replay);
}

progress_bar::progress_bar(std::FILE* to) : to_(to), visible_(isatty(fileno(to)) == 1) {}

void progress_bar::show(double part, const std::string& text) {
  if (!visible_) return;
  constexpr std::size_t cells = 24;
  auto full = static_cast<std::size_t>(std::clamp(part, 0.0, 1.0) * cells);
  fmt::print(to_, "\r[{}{}] {}\x1b[K", std::string(full, '#'), std::string(cells - full, '.'), text);
  std::fflush(to_);
}

void progress_bar::clear() {
  if (visible_) fmt::print(to_, "\r\x1b[K");
}

} // namespace argentum::sim
