// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/report_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace argentum::sim {

namespace {

using nlohmann::ordered_json;

ordered_json run_of(const run_report& report) {
  const auto& run = report.result;
  const auto& checks = run.checks;
  ordered_json out{{"scenario", report.scenario},
                   {"description", report.description},
                   {"seed", run.seed},
                   {"clean", !run.broken},
                   {"trace_hash", fmt::format("{:016x}", run.trace_hash)},
                   {"replay", report.replay},
                   {"virtual_seconds", seconds(run.virtual_time)},
                   {"level_after_seconds", seconds(run.converged_after)},
                   {"nodes", report.nodes.size()},
                   {"entries", run.entries},
                   {"faults", run.faults},
                   {"scripted_answers_met", run.expectations_met},
                   {"full_copies", checks.switches},
                   {"actor_steps", run.steps}};
  if (run.broken)
    out["broken"] = {
        {"promise", run.broken->promise}, {"at_seconds", seconds(run.broken->when)}, {"text", run.broken->text}};
  out["writes"] = {{"acknowledged", checks.writes}, {"failed", checks.failed_writes}};
  out["answers"] = {{"judged", checks.answers},
                    {"absent", checks.absences},
                    {"fetched", checks.fetched},
                    {"past", checks.past},
                    {"unavailable", checks.unavailable}};
  return out;
}

ordered_json delays_of(const run_report& report) {
  auto rows = ordered_json::array();
  for (const auto& row : report.delays)
    rows.push_back({{"depth", row.depth},
                    {"nodes", row.nodes},
                    {"applied", row.applied},
                    {"p50_ms", row.p50},
                    {"p99_ms", row.p99},
                    {"p99.9_ms", row.p999},
                    {"max_ms", row.most}});
  return rows;
}

ordered_json overlay_of(const run_report& report) {
  auto rows = ordered_json::array();
  for (const auto& row : report.result.overlay) {
    ordered_json out{{"began_with", row.what},
                     {"at_seconds", seconds(row.since)},
                     {"lasted_seconds", seconds(row.lasted)},
                     {"members", row.members},
                     {"bytes_per_second_mean", row.mean_bytes()},
                     {"bytes_per_second_max", row.most_bytes()},
                     {"suspicions", row.suspicions},
                     {"deaths", row.deaths}};
    if (row.agreed) out["all_know_all_seconds"] = seconds(*row.agreed);
    if (row.whole) out["all_follow_the_root_seconds"] = seconds(*row.whole);
    rows.push_back(std::move(out));
  }
  return rows;
}

ordered_json way_of(const way_row& row) {
  return {{"p50_ms", row.p50}, {"p99_ms", row.p99}};
}

ordered_json groups_of(const run_report& report) {
  auto rows = ordered_json::array();
  for (const auto& row : report.groups)
    rows.push_back(
        {{"name", row.what.name},
         {"kind", to_string(row.what.kind)},
         {"datacenters", row.what.datacenters},
         {"nodes", row.what.nodes},
         {"reads",
          {{"local", row.reads.local},
           {"absent", row.reads.absent},
           {"fetched", row.reads.fetched},
           {"failed", row.reads.failed}}},
         {"hit_rate", row.hit_rate},
         {"fetch_p50_ms", row.fetch_p50},
         {"fetch_p99_ms", row.fetch_p99},
         {"stored_bytes", {{"nodes", row.looked_at}, {"mean", row.stored_mean}, {"max", row.stored_most}}}});
  return rows;
}

ordered_json traffic_of(const run_report& report) {
  auto rows = ordered_json::array();
  for (const auto& row : report.traffic) {
    ordered_json kinds = ordered_json::object();
    for (std::size_t kind = 0; kind < message_kinds; ++kind)
      if (row.by_kind[kind].messages > 0)
        kinds[message_name(kind)] = {{"messages", row.by_kind[kind].messages}, {"bytes", row.by_kind[kind].bytes}};
    rows.push_back({{"from", to_string(row.from)},
                    {"to", to_string(row.to)},
                    {"between_datacenters", row.between_datacenters},
                    {"messages", row.all.messages},
                    {"bytes", row.all.bytes},
                    {"kinds", kinds}});
  }
  return rows;
}

ordered_json samples_of(const run_report& report) {
  auto rows = ordered_json::array();
  for (const auto& sample : report.numbers().samples()) {
    auto groups = ordered_json::array();
    for (const auto& group : sample.groups)
      groups.push_back({{"hits", group.hits}, {"misses", group.misses}, {"stored_bytes_mean", group.stored_bytes}});
    rows.push_back({{"at_seconds", seconds(sample.when)},
                    {"lag_entries_max", sample.lag_entries_max},
                    {"lag_entries_median", sample.lag_entries_median},
                    {"lag_seconds_max", seconds(sample.lag_max)},
                    {"lag_seconds_median", seconds(sample.lag_median)},
                    {"nodes_down", sample.down},
                    {"groups", groups}});
  }
  return rows;
}

ordered_json nodes_of(const run_report& report) {
  auto rows = ordered_json::array();
  for (const auto& row : report.nodes)
    rows.push_back({{"name", row.what.name},
                    {"kind", to_string(row.what.kind)},
                    {"datacenter", row.what.datacenter},
                    {"upstream", row.upstream},
                    {"depth", row.depth},
                    {"serves", row.serves},
                    {"lag_entries", row.behind.entries}});
  return rows;
}

} // namespace

std::string report_json(const run_report& report) {
  auto marks = ordered_json::array();
  for (const auto& each : report.numbers().marks())
    marks.push_back({{"at_seconds", seconds(each.when)}, {"text", each.text}});
  ordered_json all{{"run", run_of(report)},
                   {"propagation", delays_of(report)},
                   {"propagation_to_all", way_of(report.all_delays)},
                   {"half_round_trips_to_root", way_of(report.direct_ways)},
                   {"overlay", overlay_of(report)},
                   {"groups", groups_of(report)},
                   {"traffic", traffic_of(report)},
                   {"samples", samples_of(report)},
                   {"marks", marks},
                   {"marks_left_out", report.numbers().marks_left_out()},
                   {"tree", nodes_of(report)}};
  return all.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

} // namespace argentum::sim
