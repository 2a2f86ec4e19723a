// SPDX-License-Identifier: Apache-2.0
// The guide's datagrams: how others are, for sinks that look for an upstream, and how we are.
#include "actors/oracle/guide.hpp"
#include "messages/oracle_limits.hpp"

#include <utility>

namespace argentum::actors {

void guide_state::on_find(find_upstreams& m) {
  auto contacts = [this](const std::string& instance) { return contacts_for(instance); };
  surveys.begin(std::move(m), contacts, now());
  advance_surveys();
  arm();
}

/// Those of the book, and who answered last: the upstream in use may be known by a refusal alone. Seeds, whose
/// names nobody knows yet, while there is nothing better.
std::vector<survey_contact> guide_state::contacts_for(const std::string& instance) const {
  std::vector<survey_contact> all;
  for (const auto& place : book.places())
    for (const auto& who : place.contacts)
      all.push_back({who, node_role::intermediate, place.datacenter, place.rtt, {}});
  if (auto last = surveyed.find(instance); last != surveyed.end())
    for (const auto& who : last->second) all.push_back({who, node_role::intermediate, {}, {}, {}});
  if (all.empty())
    for (const auto& seed : config.seeds) all.push_back({{{}, seed}, node_role::intermediate, {}, {}, {}});
  return all;
}

void guide_state::advance_surveys() {
  auto t = now();
  for (auto& query : surveys.due(t)) send(query.address, std::move(query.what));
  for (const auto& each : surveys.take_over(t)) {
    each.finish();
    note_answers(each.ranked());
  }
}

void guide_state::note_answers(const std::vector<upstream_candidate>& found) {
  if (found.empty()) return;
  auto& contacts = surveyed[found.front().status.instance];
  contacts.clear();
  for (const auto& each : found) contacts.push_back(each.who);
}

void guide_state::on_datagram(const datagram& m) {
  auto opened = gate.open(m);
  if (!opened) return;
  if (const auto* query = std::get_if<status_query>(&opened->body)) on_query(m.address, *query);
  if (const auto* answer = std::get_if<status_answer>(&opened->body)) on_answer(*answer);
}

void guide_state::on_query(const std::string& address, const status_query& m) {
  auto status = own_status(m.instance, config.instances, node_role::leaf, now());
  send(address, status_answer{m.token, config.node, node_role::leaf, config.datacenter, {}, std::move(status)});
}

void guide_state::on_answer(const status_answer& m) {
  if (!surveys.heard(m, now())) return;
  advance_surveys();
  arm();
}

void guide_state::send(const std::string& address, gossip_body body) {
  gate.send(address, {config.node, 0, std::move(body), {}});
}

} // namespace argentum::actors
