// SPDX-License-Identifier: Apache-2.0
// The guide's datagrams: how others are, for sinks that look for an upstream, and how we are.
#include "actors/oracle/guide.hpp"
#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <utility>

namespace argentum::actors {

void guide_state::on_find(find_upstreams& m) {
  if (surveys.size() >= limits::surveys_max) {
    config.metrics->surveys_refused.add();
    return m.reply.deliver(make_error(errc::overloaded, "too many look for an upstream"));
  }
  survey_asker asker{config.node, node_role::leaf, config.datacenter, config.stale_after};
  auto contacts = contacts_for(m.instance);
  surveys.emplace_back(asker, std::move(m), contacts, now(), random());
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
  for (auto& each : surveys) {
    for (auto& query : each.due(t)) send(query.address, std::move(query.what));
    if (!each.over(t)) continue;
    each.finish();
    note_answers(each.ranked());
  }
  std::erase_if(surveys, [t](const upstream_survey& each) { return each.over(t); });
}

void guide_state::note_answers(const std::vector<upstream_candidate>& found) {
  if (found.empty()) return;
  auto& contacts = surveyed[found.front().status.instance];
  contacts.clear();
  for (const auto& each : found) contacts.push_back(each.who);
}

void guide_state::on_datagram(const datagram& m) {
  config.metrics->datagrams_received.add();
  config.metrics->datagram_bytes_received.add(m.bytes.size());
  auto opened = config.form.open(m.bytes);
  if (const auto* fault = std::get_if<seal_fault>(&opened)) {
    auto& dropped = *fault == seal_fault::malformed ? config.metrics->datagrams_malformed
                                                    : config.metrics->datagrams_unauthentic;
    return dropped.add();
  }
  const auto& body = std::get<gossip_message>(opened).body;
  if (const auto* query = std::get_if<status_query>(&body)) on_query(m.address, *query);
  if (const auto* answer = std::get_if<status_answer>(&body)) on_answer(*answer);
}

void guide_state::on_query(const std::string& address, const status_query& m) {
  auto status = own_status(m.instance, config.instances, node_role::leaf, now());
  send(address, status_answer{m.token, config.node, node_role::leaf, config.datacenter, {}, std::move(status)});
}

void guide_state::on_answer(const status_answer& m) {
  auto asked = [&](upstream_survey& each) { return each.heard(m, now()); };
  if (std::none_of(surveys.begin(), surveys.end(), asked)) return;
  advance_surveys();
  arm();
}

void guide_state::send(const std::string& address, gossip_body body) {
  auto bytes = config.form.seal({config.node, 0, std::move(body), {}});
  config.metrics->datagrams_sent.add();
  config.metrics->datagram_bytes_sent.add(bytes.size());
  datagrams->send(address, std::move(bytes));
}

} // namespace argentum::actors
