// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/report_html.hpp"

#include "apps/sim/report/html_page.hpp"
#include "apps/sim/report/report_figures.hpp"
#include "apps/sim/report/svg_plot.hpp"
#include "apps/sim/report/units.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::sim {

namespace {

std::string header(const run_report& report) {
  const auto& run = report.result;
  auto out = fmt::format("<h1>{}<span class='result{}'>{}</span></h1>\n<p>{}</p>\n", escape(report.scenario),
                         run.broken ? " broken" : "", run.broken ? "BROKEN" : "clean", escape(report.description));
  out += fmt::format(
      "<p class='soft'>seed {}, {:.1f} s of virtual time, trace {:016x}; level {:.1f} s after all faults "
      "were healed</p>\n<p class='soft'>Again: <code>{}</code></p>\n",
      run.seed, seconds(run.virtual_time), run.trace_hash, seconds(run.converged_after), escape(report.replay));
  if (run.broken)
    out += fmt::format("<div class='broken-box'><b>{}</b> at {}<p>{}</p></div>\n", escape(run.broken->promise),
                       seconds_text(run.broken->when), escape(run.broken->text));
  return out;
}

std::string tile(const std::string& number, const std::string& what) {
  return fmt::format("<div class='tile'><b>{}</b><span>{}</span></div>\n", escape(number), escape(what));
}

std::string tiles(const run_report& report) {
  const auto& run = report.result;
  std::string out = "<div class='tiles'>\n";
  out += tile(grouped(report.nodes.size()), "nodes");
  out += tile(grouped(run.entries), "entries written");
  out += tile(grouped(run.checks.answers), "answers judged");
  out += tile(grouped(run.faults), "faults");
  if (!report.delays.empty())
    out += tile(delay_text(report.delays.back().p99),
                fmt::format("p99 of propagation at depth {}", report.delays.back().depth));
  out += tile(delay_text(milliseconds(report.numbers().worst_lag().time)), "worst lag of a node that serves");
  auto proxies = report.numbers().reads_of(tree_kind::proxy);
  if (proxies.local + proxies.fetched > 0) out += tile(percent_text(hit_rate(proxies)), "hit rate of proxies");
  out += tile(bytes_text(run.network.bytes), "on the network");
  return out + "</div>\n";
}

std::string what_happened(const run_report& report) {
  const auto& marks = report.numbers().marks();
  if (marks.empty()) return {};
  table rows{{"second", "what happened"}, {}};
  for (const auto& each : marks) rows.rows.push_back({fmt::format("{:.3f}", seconds(each.when)), each.text});
  auto more = report.numbers().marks_left_out();
  if (more > 0) rows.rows.push_back({"", fmt::format("and {} more", grouped(more))});
  return fmt::format(
      "<figure class='wide'><figcaption><h2>Faults and steps</h2></figcaption><details><summary>{} of "
      "them</summary>{}</details></figure>\n",
      grouped(marks.size() + more), draw(rows));
}

} // namespace

std::string report_html(const run_report& report) {
  auto html = header(report) + tiles(report) + "<div class='figures'>\n";
  html += draw(propagation_figure(report)) + draw(traffic_figure(report));
  html += draw(lag_entries_figure(report)) + draw(lag_time_figure(report));
  bool proxies = std::any_of(report.groups.begin(), report.groups.end(),
                             [](const auto& group) { return group.what.kind == tree_kind::proxy; });
  if (proxies) html += draw(hit_rate_figure(report));
  html += draw(disk_figure(report)) + draw(tree_figure(report)) + what_happened(report) + "</div>\n";
  return page(fmt::format("{}, seed {}", report.scenario, report.result.seed), html);
}

} // namespace argentum::sim
