// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/traffic.hpp"

#include <fmt/format.h>

namespace argentum::sim {

const char* message_name(std::size_t kind) noexcept {
  static constexpr std::array names{
      "hello",           "goodbye",       "ping",         "pong",         "subscribe",
      "subscribe_reply", "entry_batch",   "ack",          "credit_grant", "heartbeat",
      "copy_request",    "copy_wait",     "copy_begin",   "copy_chunk",   "lookup_request",
      "lookup_response", "unsubscribe",   "gossip_state", "nearest",      "nearest_reply",
      "register",        "admin_request", "admin_cancel", "admin_reply",  "unknown"};
  static_assert(names.size() == message_kinds);
  return names[kind];
}

std::string link_name(const traffic_row& row, bool has_datacenters) {
  auto name = fmt::format("{} to {}", to_string(row.from), to_string(row.to));
  if (!has_datacenters) return name;
  return name + (row.between_datacenters ? ", another datacenter" : ", same datacenter");
}

std::vector<traffic_row> traffic::rows() const {
  std::vector<traffic_row> all;
  for (std::size_t from = 0; from < tree_kinds; ++from)
    for (std::size_t to = 0; to < tree_kinds; ++to)
      for (std::size_t far : {0, 1}) {
        traffic_row row{
            static_cast<tree_kind>(from), static_cast<tree_kind>(to), far == 1, {}, sums_[from][to][far]};
        for (const auto& sum : row.by_kind) {
          row.all.messages += sum.messages;
          row.all.bytes += sum.bytes;
        }
        if (row.all.messages > 0) all.push_back(row);
      }
  return all;
}

} // namespace argentum::sim
