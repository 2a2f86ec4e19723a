// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/gossip.hpp"
#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <utility>

namespace argentum::actors {

void gossip_actor_state::want_exchange(std::string address) {
  bool known = std::find(waiting.begin(), waiting.end(), address) != waiting.end();
  if (known) return;
  if (waiting.size() >= limits::exchanges_waiting_max) return config.metrics->exchanges_dropped.add();
  waiting.push_back(std::move(address));
  exchange_next();
}

void gossip_actor_state::exchange_next() {
  if (current || waiting.empty()) return;
  current = exchange{std::move(waiting.front()), {}, now() + limits::exchange_time};
  waiting.pop_front();
  self->send(router, want_link{current->address, link_user_port{self}});
}

void gossip_actor_state::on_opened(const link_opened& m) {
  if (!current || m.address != current->address) return; // it is let go of already
  current->link = m.link;
  transport->send(m.link, {{}, gossip_state{sealed_state(), false}});
}

void gossip_actor_state::on_closed(const link_closed& m) {
  if (!current || m.address != current->address) return;
  end_exchange(false);
  flush();
}

void gossip_actor_state::on_state(link_id link, const gossip_state& m) {
  bool ours = current && current->link == link;
  if (m.answer && !ours) return; // too late
  auto state = gate.open_state(m.sealed);
  if (!state) {
    if (m.answer) end_exchange(false);
    return flush();
  }
  auto known = m.answer ? std::string{} : sealed_state(); // before it is his too
  rules->merge(now(), *state);
  for (const auto& each : *state) hear_statuses(each);
  if (m.answer)
    end_exchange(true);
  else
    transport->send(link, {{}, gossip_state{std::move(known), true}});
  flush();
}

void gossip_actor_state::hear_statuses(const member_report& m) {
  bool ours = m.who.node == config.node;
  if (!ours && !m.statuses.empty() && rules->members().find(m.who.node) != nullptr)
    board.heard(m.who.node, m.statuses, now() - m.age);
}

void gossip_actor_state::end_exchange(bool done) {
  (done ? config.metrics->full_states : config.metrics->full_states_failed).add();
  self->send(router, release_link{current->address, self->address()});
  current.reset();
  exchange_next();
}

/// Members in any case, statuses as far as there is room.
std::string gossip_actor_state::sealed_state() const {
  auto t = now();
  std::vector<member_report> out;
  std::size_t bytes = 0;
  bool cut = false;
  for (const auto& who : rules->full_state()) {
    auto& report = out.emplace_back();
    report.who = *who;
    bool ours = out.size() == 1;
    cut = cut || bytes >= limits::full_state_bytes_max;
    if (cut) continue;
    report.statuses = ours ? own_statuses(config.instances, config.role, t) : board.said(who->node);
    report.age = ours ? std::chrono::milliseconds{0} : board.age(who->node, t);
    bytes += bytes_at_most(report);
  }
  if (cut) config.metrics->full_states_cut.add();
  return gate.seal_state(out);
}

} // namespace argentum::actors
