// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/gossip.hpp"
#include "messages/oracle_limits.hpp"

#include <algorithm>

namespace argentum::actors {

/// Made when it is asked for, and not much more often than all is published.
void gossip_actor_state::on_nearest(link_id link, const nearest_request& m) {
  registry.expire(now());
  if (now() >= neighbourhood_at) {
    neighbourhood_at = now() + report_pause();
    std::vector<near_member> all{{rules->members().own(), {}}};
    all.front().who.where = rules->where();
    rules->members().each([&](const member_table::row& r) { all.push_back({*r.who, rules->measured(*r.who)}); });
    neighbourhood->know(all);
  }
  transport->send(link, {{}, neighbourhood->answer(m, registry)});
}

void gossip_actor_state::on_register(const register_replica& m) {
  if (!registry.enter(m, now())) config.metrics->registrations_refused.add();
}

/// What costs a walk over all members is done less often where there are many.
std::chrono::milliseconds gossip_actor_state::report_pause() const {
  return limits::oracle_report_interval * std::max<std::size_t>(1, rules->size() / 100);
}

void gossip_actor_state::publish() {
  report_at = now() + report_pause();
  for (const auto& node : rules->take_forgotten()) board.forget(node);
  config.report->store(std::make_shared<const oracle_knowledge>(report()));
}

oracle_report gossip_actor_state::report() const {
  oracle_report out;
  out.own = rules->members().own();
  out.own.where = rules->where();
  out.health = rules->health();
  out.statuses = own_statuses(config.instances, config.role, now());
  out.members.reserve(rules->size());
  rules->members().each([&](const member_table::row& r) { out.members.push_back(row_of(r)); });
  return out;
}

oracle_report::row gossip_actor_state::row_of(const member_table::row& r) const {
  auto t = now();
  oracle_report::row out;
  out.who = r.who;
  out.in_state = std::chrono::duration_cast<std::chrono::milliseconds>(t - r.since);
  if (const auto* known = rules->rtts().find(r.who->node)) {
    out.measured = true;
    out.rtt = known->smoothed;
    out.rtt_error = known->variation;
  } else {
    out.rtt = estimate(rules->where(), r.who->where);
    out.rtt_error = estimate_error(rules->where(), r.who->where);
  }
  out.statuses = board.of(r.who->node, t);
  return out;
}

std::vector<survey_contact> gossip_actor_state::contacts_for(const std::string& instance) const {
  std::vector<survey_contact> out;
  auto t = now();
  rules->members().each([&](const member_table::row& r) {
    if (!r.lives()) return;
    survey_contact each{{r.who->node, r.who->address}, r.who->role, r.who->datacenter, {}, {}};
    each.rtt = rules->measured(*r.who).value_or(estimate(rules->where(), r.who->where));
    for (auto& status : board.of(r.who->node, t)) {
      if (status.instance == instance) each.last = std::move(status);
    }
    out.push_back(std::move(each));
  });
  return out;
}

} // namespace argentum::actors
