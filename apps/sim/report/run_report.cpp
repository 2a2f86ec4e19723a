// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/run_report.hpp"

#include <algorithm>

namespace argentum::sim {

namespace {

double quantile_ms(const histogram& us, double part) {
  return static_cast<double>(us.quantile(part)) / 1000;
}

std::vector<delay_row> delay_rows(const measures& numbers) {
  std::vector<delay_row> rows;
  auto delays = numbers.delays();
  for (std::size_t depth = 1; depth < delays.size(); ++depth) {
    const auto& us = delays[depth];
    if (us.count() == 0) continue;
    delay_row row{depth,
                  0,
                  us.count(),
                  quantile_ms(us, 0.5),
                  quantile_ms(us, 0.99),
                  quantile_ms(us, 0.999),
                  static_cast<double>(us.max()) / 1000};
    for (std::size_t node = 1; node < numbers.places().nodes.size(); ++node)
      if (numbers.instances().front().depth(node) == depth) ++row.nodes;
    rows.push_back(row);
  }
  return rows;
}

way_row row_of(const histogram& us) {
  return {quantile_ms(us, 0.5), quantile_ms(us, 0.99)};
}

way_row all_delays(const measures& numbers) {
  histogram all;
  for (const auto& each : numbers.delays()) all.add(each);
  return row_of(all);
}

way_row direct_ways(const scenario& what) {
  histogram all;
  for (const auto& node : what.nodes) {
    auto way = what.path_between(what.nodes.front().datacenter, node.datacenter).delay;
    all.add(static_cast<std::uint64_t>(std::chrono::floor<std::chrono::microseconds>(way).count()));
  }
  return row_of(all);
}

std::vector<group_row> group_rows(const measures& numbers) {
  std::vector<group_row> rows;
  const auto& places = numbers.places();
  for (std::size_t group = 0; group < places.groups.size(); ++group) {
    group_row row;
    row.what = places.groups[group];
    row.reads = numbers.reads_of_group(group);
    row.hit_rate = hit_rate(row.reads);
    row.fetch_p50 = quantile_ms(numbers.fetch_times(group), 0.5);
    row.fetch_p99 = quantile_ms(numbers.fetch_times(group), 0.99);
    std::uint64_t sum = 0;
    for (std::size_t node = 0; node < places.nodes.size(); ++node) {
      auto bytes = numbers.stored()[node];
      if (places.nodes[node].group != group || bytes == 0) continue;
      ++row.looked_at;
      sum += bytes;
      row.stored_most = std::max(row.stored_most, bytes);
    }
    if (row.looked_at > 0) row.stored_mean = sum / row.looked_at;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<node_row> node_rows(const run_result& result) {
  std::vector<node_row> rows;
  const auto& numbers = *result.numbers;
  const auto& first = numbers.instances().front();
  const auto& nodes = numbers.places().nodes;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    auto upstream = first.upstream(node);
    rows.push_back({nodes[node], upstream < nodes.size() ? nodes[upstream].name : std::string{}, first.depth(node),
                    result.serves[node], numbers.lag_of(node, result.virtual_time)});
  }
  return rows;
}

} // namespace

run_report make_report(const scenario& what, run_result result, std::string replay) {
  const auto& numbers = *result.numbers;
  auto nodes = node_rows(result);
  return {what.name,           what.description,    std::move(replay),      result,
          delay_rows(numbers), group_rows(numbers), numbers.traffic_rows(), std::move(nodes),
          all_delays(numbers), direct_ways(what)};
}

double milliseconds(vtime time) noexcept {
  return static_cast<double>(time.count()) / 1e6;
}

double seconds(vtime time) noexcept {
  return static_cast<double>(time.count()) / 1e9;
}

} // namespace argentum::sim
