// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/report_figures.hpp"

#include "apps/sim/report/svg_plot.hpp"
#include "apps/sim/report/tree_drawing.hpp"
#include "apps/sim/report/units.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::sim {

namespace {

/// Of a series over time that is worth drawing as a rate.
constexpr std::size_t rate_points_max = 60;

/// An empty plot over the time of the run, with its faults.
line_plot over_time(const run_report& report, const std::string& y_label) {
  line_plot plot;
  plot.x_label = "virtual time, seconds";
  plot.y_label = y_label;
  plot.x_max = seconds(report.result.virtual_time);
  for (const auto& each : report.numbers().marks())
    plot.marks.push_back({seconds(each.when), fmt::format("{}: {}", seconds_text(each.when), each.text)});
  return plot;
}

template <class Value>
plot_line line_of(const run_report& report, const std::string& name, Value value) {
  plot_line line{name, {}};
  for (const auto& each : report.numbers().samples())
    line.points.emplace_back(seconds(each.when), static_cast<double>(value(each)));
  return line;
}

/// Of the reads since the sample before.
plot_line hit_rate_line(const run_report& report, std::size_t group) {
  plot_line line{report.groups[group].what.name, {}};
  const auto& samples = report.numbers().samples();
  auto step = std::max<std::size_t>(1, samples.size() / rate_points_max);
  group_sample before;
  for (auto n = step - 1; n < samples.size(); n += step) {
    const auto& now = samples[n].groups[group];
    auto reads = now.hits + now.misses - before.hits - before.misses;
    if (reads > 0)
      line.points.emplace_back(seconds(samples[n].when),
                               100 * static_cast<double>(now.hits - before.hits) / static_cast<double>(reads));
    before = now;
  }
  return line;
}

/// The points of all lines.
table series_table(const line_plot& plot, const std::string& unit) {
  table out{{"nodes", "second", unit}, {}};
  for (const auto& line : plot.lines)
    for (const auto& [second, value] : line.points)
      out.rows.push_back({line.name, fmt::format("{:.1f}", second), fmt::format("{:.6g}", value)});
  return out;
}

} // namespace

figure propagation_figure(const run_report& report) {
  figure out;
  out.title = "Propagation by depth";
  out.note =
      "From the moment the root's store applied an entry to the moment a node's readers see it for the first "
      "time. Depth 1 follows the root. What a node that was down or cut off catches up with counts; "
      "what it finds when it joins, and full copies, do not.";
  std::vector<bar_row> rows;
  table numbers{{"depth", "nodes at the end", "entries applied", "p50 ms", "p99 ms", "p99.9 ms", "max ms"}, {}};
  for (const auto& row : report.delays) {
    rows.push_back(
        {fmt::format("depth {}, {} {}", row.depth, grouped(row.nodes), row.nodes == 1 ? "node" : "nodes"),
         {{row.p50, delay_text(row.p50)}, {row.p99, delay_text(row.p99)}, {row.p999, delay_text(row.p999)}}});
    numbers.rows.push_back({std::to_string(row.depth), grouped(row.nodes), grouped(row.applied),
                            fmt::format("{:.2f}", row.p50), fmt::format("{:.2f}", row.p99),
                            fmt::format("{:.2f}", row.p999), fmt::format("{:.2f}", row.most)});
  }
  out.html = legend({"p50", "p99", "p99.9"}) + draw(rows);
  out.numbers = {std::move(numbers)};
  return out;
}

figure lag_entries_figure(const run_report& report) {
  figure out;
  out.title = "Lag in entries";
  out.note = "How many entries of the root a node does not have yet, over all nodes that serve clients. Red marks: "
             "faults, their ends and scripted steps.";
  auto plot = over_time(report, "entries");
  plot.lines = {line_of(report, "median", [](const auto& s) { return s.lag_entries_median; }),
                line_of(report, "max", [](const auto& s) { return s.lag_entries_max; })};
  out.html = legend({"median", "max"}) + draw(plot);
  table numbers{{"second", "median", "max", "nodes down"}, {}};
  for (const auto& each : report.numbers().samples())
    numbers.rows.push_back({fmt::format("{:.1f}", seconds(each.when)), grouped(each.lag_entries_median),
                            grouped(each.lag_entries_max), grouped(each.down)});
  out.numbers = {std::move(numbers)};
  return out;
}

figure lag_time_figure(const run_report& report) {
  figure out;
  out.title = "Lag in seconds";
  out.note = "How long ago the root applied the oldest entry that a node does not have yet.";
  auto plot = over_time(report, "seconds");
  plot.lines = {line_of(report, "median", [](const auto& s) { return seconds(s.lag_median); }),
                line_of(report, "max", [](const auto& s) { return seconds(s.lag_max); })};
  out.html = legend({"median", "max"}) + draw(plot);
  table numbers{{"second", "median s", "max s"}, {}};
  for (const auto& each : report.numbers().samples())
    numbers.rows.push_back({fmt::format("{:.1f}", seconds(each.when)),
                            fmt::format("{:.3f}", seconds(each.lag_median)),
                            fmt::format("{:.3f}", seconds(each.lag_max))});
  out.numbers = {std::move(numbers)};
  return out;
}

figure hit_rate_figure(const run_report& report) {
  figure out;
  out.title = "Hit rate of proxies";
  out.note =
      "Of the reads of keys that exist: those that the node answered itself. Absent keys never leave a node and "
      "are not counted. A miss is fetched from a replica.";
  auto plot = over_time(report, "percent");
  std::vector<std::string> names;
  table numbers{{"nodes", "count", "hits", "misses", "failed", "absent", "hit rate", "miss p50", "miss p99"}, {}};
  for (std::size_t group = 0; group < report.groups.size(); ++group) {
    const auto& row = report.groups[group];
    if (row.what.kind != tree_kind::proxy) continue;
    names.push_back(fmt::format("{}: {}", row.what.name, percent_text(row.hit_rate)));
    plot.lines.push_back(hit_rate_line(report, group));
    numbers.rows.push_back({row.what.name, grouped(row.what.nodes), grouped(row.reads.local),
                            grouped(row.reads.fetched), grouped(row.reads.failed), grouped(row.reads.absent),
                            percent_text(row.hit_rate), delay_text(row.fetch_p50), delay_text(row.fetch_p99)});
  }
  out.html = legend(names) + draw(plot);
  out.numbers = {std::move(numbers), series_table(plot, "percent")};
  return out;
}

figure disk_figure(const run_report& report) {
  figure out;
  out.title = "Disk of a node";
  out.note =
      "Keys and values that it holds, and on replicas the log and the history: payload bytes, before compression "
      "and without what RocksDB adds. The mean of up to three nodes of each kind.";
  auto plot = over_time(report, "bytes");
  plot.marks.clear();
  std::vector<std::string> names;
  table numbers{{"nodes", "datacenters", "count", "looked at", "mean", "largest"}, {}};
  for (std::size_t group = 0; group < report.groups.size(); ++group) {
    const auto& row = report.groups[group];
    names.push_back(fmt::format("{}: {}", row.what.name, bytes_text(row.stored_mean)));
    plot.lines.push_back(
        line_of(report, row.what.name, [&](const auto& s) { return s.groups[group].stored_bytes; }));
    numbers.rows.push_back({row.what.name, grouped(row.what.datacenters), grouped(row.what.nodes),
                            grouped(row.looked_at), bytes_text(row.stored_mean), bytes_text(row.stored_most)});
  }
  out.html = legend(names) + draw(plot);
  out.numbers = {std::move(numbers), series_table(plot, "bytes")};
  return out;
}

figure traffic_figure(const run_report& report) {
  figure out;
  out.title = "Traffic by kind of link";
  out.note =
      "Bytes that arrived in each direction, as the wire format makes them: without TCP, TLS and compression.";
  std::vector<bar_row> rows;
  table numbers{{"link", "message", "messages", "bytes", "bytes each"}, {}};
  for (const auto& row : report.traffic) {
    auto name = link_name(row, report.numbers().places().has_datacenters);
    rows.push_back({name,
                    {{static_cast<double>(row.all.bytes),
                      fmt::format("{}, {} msg", bytes_text(row.all.bytes), grouped(row.all.messages))}}});
    for (std::size_t kind = 0; kind < message_kinds; ++kind) {
      const auto& sum = row.by_kind[kind];
      if (sum.messages == 0) continue;
      numbers.rows.push_back(
          {name, message_name(kind), grouped(sum.messages), grouped(sum.bytes), grouped(sum.bytes / sum.messages)});
    }
  }
  out.html = draw(rows);
  out.numbers = {std::move(numbers)};
  return out;
}

figure tree_figure(const run_report& report) {
  figure out;
  out.wide = true;
  out.title = "The tree at the end";
  out.note = fmt::format("Who follows whom{}. Red outline: down. A number stands for that many leaves of one kind, "
                         "datacenter and upstream.",
                         report.numbers().places().instances.size() > 1
                             ? " for instance " + report.numbers().places().instances.front()
                             : std::string{});
  out.html = "<p class='legend'>";
  for (auto kind : {tree_kind::root, tree_kind::intermediate, tree_kind::replica, tree_kind::proxy})
    out.html += fmt::format("<span><i class='key {}'></i>{}</span> ", to_string(kind), to_string(kind));
  out.html += "</p>" + draw_tree(report.nodes);
  table numbers{{"node", "kind", "datacenter", "follows", "depth", "lag in entries", "serves"}, {}};
  for (const auto& node : report.nodes)
    numbers.rows.push_back({node.what.name, to_string(node.what.kind), node.what.datacenter, node.upstream,
                            std::to_string(node.depth), grouped(node.behind.entries), node.serves ? "yes" : "no"});
  out.numbers = {std::move(numbers)};
  return out;
}

} // namespace argentum::sim
