// SPDX-License-Identifier: Apache-2.0
#include "apps/net/oracle_text.hpp"

#include <nlohmann/json.hpp>

namespace argentum::net {

namespace {

const char* state_text(member_state state) {
  static constexpr const char* names[] = {"", "alive", "suspect", "dead", "left"};
  return names[static_cast<std::size_t>(state)];
}

double milliseconds_of(std::chrono::microseconds span) {
  return static_cast<double>(span.count()) / 1000;
}

nlohmann::json member_of(const member& who) {
  return {{"node", who.node},
          {"address", who.address},
          {"role", to_string(who.role)},
          {"datacenter", who.datacenter},
          {"state", state_text(who.state)},
          {"incarnation", who.incarnation},
          {"coordinate", {{"at", who.where.at}, {"height", who.where.height}, {"error", who.where.error}}}};
}

nlohmann::json statuses_of(const std::vector<instance_status>& statuses) {
  auto out = nlohmann::json::array();
  for (const auto& each : statuses)
    out.push_back({{"instance", each.instance},
                   {"index", each.applied},
                   {"upstream", each.upstream},
                   {"depth", each.depth},
                   {"delay_ms", milliseconds_of(each.delay)},
                   {"news_age_ms", milliseconds_of(each.age)},
                   {"downstreams", each.downstreams},
                   {"leaves", each.leaves},
                   {"downstreams_max", each.downstreams_max}});
  return out;
}

} // namespace

std::string oracle_text(const oracle_report& known) {
  auto own = member_of(known.own);
  own["instances"] = statuses_of(known.statuses);
  auto members = nlohmann::json::array();
  for (const auto& each : known.members) {
    auto row = member_of(*each.who);
    row["in_state_ms"] = each.in_state.count();
    row["rtt_ms"] = milliseconds_of(each.rtt);
    row["rtt_measured"] = each.measured;
    row["rtt_error_ms"] = milliseconds_of(each.rtt_error);
    row["instances"] = statuses_of(each.statuses);
    members.push_back(std::move(row));
  }
  nlohmann::json out{{"own", std::move(own)}, {"health", known.health}, {"members", std::move(members)}};
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

} // namespace argentum::net
