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

template <class Rows, class JsonOf>
nlohmann::json array_of(const Rows& rows, JsonOf json_of_row) {
  auto out = nlohmann::json::array();
  for (const auto& each : rows) out.push_back(json_of_row(each));
  return out;
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

nlohmann::json status_of(const instance_status& status) {
  return {{"instance", status.instance},
          {"index", status.applied},
          {"upstream", status.upstream},
          {"depth", status.depth},
          {"delay_ms", milliseconds_of(status.delay)},
          {"news_age_ms", milliseconds_of(status.age)},
          {"downstreams", status.downstreams},
          {"leaves", status.leaves},
          {"downstreams_max", status.downstreams_max}};
}

nlohmann::json row_of(const oracle_report::row& each) {
  auto row = member_of(*each.who);
  row["in_state_ms"] = each.in_state.count();
  row["rtt_ms"] = milliseconds_of(each.rtt);
  row["rtt_measured"] = each.measured;
  row["rtt_error_ms"] = milliseconds_of(each.rtt_error);
  row["instances"] = array_of(each.statuses, status_of);
  return row;
}

nlohmann::json json_of(const oracle_report& known) {
  auto own = member_of(known.own);
  own["instances"] = array_of(known.statuses, status_of);
  return {{"own", std::move(own)}, {"health", known.health}, {"members", array_of(known.members, row_of)}};
}

nlohmann::json contact_of(const contact& who) {
  return {{"node", who.node}, {"address", who.address}};
}

nlohmann::json place_of(const leaf_report::place& place) {
  return {{"datacenter", place.datacenter},
          {"rtt_ms", milliseconds_of(place.rtt)},
          {"age_ms", place.age.count()},
          {"contacts", array_of(place.contacts, contact_of)}};
}

nlohmann::json guide_of(const leaf_report::guide& guide) {
  return {{"address", guide.address},     {"datacenter", guide.datacenter},     {"linked", guide.linked},
          {"asked", guide.asked},         {"registered_with", guide.registers}, {"failures", guide.failures},
          {"rest_ms", guide.rest.count()}};
}

nlohmann::json replica_of(const set_replicas::replica& replica) {
  return {{"address", replica.address}, {"rank", replica.rank}};
}

nlohmann::json proxy_of(const leaf_report::proxy& proxy) {
  return {{"instance", proxy.instance}, {"replicas", array_of(proxy.told.replicas, replica_of)}};
}

nlohmann::json json_of(const leaf_report& known) {
  auto own = contact_of(known.own);
  own["role"] = to_string(node_role::leaf);
  own["datacenter"] = known.datacenter;
  return {{"own", std::move(own)},
          {"registered", known.served},
          {"datacenters", array_of(known.places, place_of)},
          {"guides", array_of(known.guides, guide_of)},
          {"proxies", array_of(known.proxies, proxy_of)}};
}

} // namespace

std::string oracle_text(const oracle_knowledge& known) {
  auto out = std::visit([](const auto& report) { return json_of(report); }, known);
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

} // namespace argentum::net
