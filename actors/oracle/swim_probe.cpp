// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/swim.hpp"
#include "messages/oracle_limits.hpp"

#include <algorithm>

namespace argentum::actors {

void swim::start_probe(time_point now) {
  auto lives = [this](const std::string& node) {
    const auto* row = table_.find(node);
    return row != nullptr && row->lives();
  };
  probe_at_ = now + health_.scaled(duration{limits::probe_interval});
  auto node = ring_.next(lives, [this] { return table_.living_names(); });
  if (!node) return;
  probe_.emplace().target = table_.find(*node)->who;
  send_probe(now);
}

void swim::send_probe(time_point now) {
  auto& p = *probe_;
  auto patience = health_.scaled(std::max<duration>(limits::probe_timeout, rtts_.timeout(p.target->node)));
  p.token = random_();
  p.started = now;
  p.ask_others_at = now + patience;
  p.asked.clear();
  p.missed.clear();
  probe_at_ = std::max(now + health_.scaled(duration{limits::probe_interval}), now + 2 * patience);
  config_.metrics->probes.add();
  send(now, p.target->address, probe{p.token, p.target->node}, warnings_for(p.target->node, p.target->process));
}

void swim::ask_others(time_point now) {
  const auto& target = *probe_->target;
  auto may_help = [&](const member& m) { return m.state == member_state::alive && m.node != target.node; };
  for (const auto& who : table_.draw(limits::indirect_probes, random_, may_help)) {
    probe_->asked.push_back(who->node);
    send(now, who->address, probe_request{probe_->token, {target.node, target.address}});
  }
  // Nobody to ask: once is enough.
  probe_->ask_others_at = time_point::max();
}

/// Silence of the target alone speaks against it; silence of those whom we asked speaks against us.
void swim::conclude_probe(time_point now) {
  if (!probe_) return;
  auto p = *std::exchange(probe_, {});
  if (p.answered) return health_.better();
  const auto* row = table_.find(p.target->node);
  if (row == nullptr || !row->lives() || row->who->process != p.target->process) return;
  config_.metrics->probes_failed.add();
  health_.worse(p.asked.empty() ? 1 : p.asked.size() - p.missed.size());
  member_news accusation{identity_of(*row->who), table_.own().node};
  accusation.who.state = member_state::suspect;
  hear(now, accusation);
}

/// `first`: what the prober must hear. Who does not know us yet is told who we are.
void swim::answer(time_point now, const std::string& address, const gossip_message& m,
                  std::vector<member_news> first) {
  const auto& question = std::get<probe>(m.body);
  if (!question.target.empty() && question.target != table_.own().node) return; // its address is ours now
  bool unknown = m.process != 0 && table_.find(m.from) == nullptr;
  if (unknown || question.target.empty()) first.push_back(own_news().front());
  send(now, address, probe_answer{question.token, space_.own(), table_.view()}, std::move(first));
  if (unknown) send(now, address, probe{random_(), {}}); // who are you?
}

void swim::on(time_point now, const std::string&, const gossip_message& m, const probe_answer& body) {
  if (auto relay = relays_.answered(body.token))
    return send(now, relay->asker, probe_answer{relay->its_token, body.where, body.view});
  if (!probe_ || probe_->answered || body.token != probe_->token) return;
  probe_->answered = true;
  const auto& node = probe_->target->node;
  table_.place(node, body.where);
  if (views_.differs(table_.view(), body.view)) exchanges_.push_back(probe_->target->address);
  if (m.from != node) return; // through others: no round trip of ours
  auto rtt = std::chrono::duration_cast<std::chrono::microseconds>(now - probe_->started);
  auto sample = rtts_.measured(node, rtt, now);
  space_.measured(sample, body.where);
  auto ms = std::chrono::duration<double, std::milli>(sample).count();
  typical_rtt_ms_ = typical_rtt_ms_ == 0 ? ms : (7 * typical_rtt_ms_ + ms) / 8;
}

void swim::on(time_point now, const std::string& address, const gossip_message&, const probe_request& body) {
  auto token = random_();
  if (!relays_.add(token, {address, body.token, now})) return config_.metrics->relays_refused.add();
  send(now, body.target.address, probe{token, body.target.node});
}

void swim::on(time_point, const std::string&, const gossip_message& m, const probe_missed& body) {
  if (!probe_ || body.token != probe_->token) return;
  bool was_asked = std::find(probe_->asked.begin(), probe_->asked.end(), m.from) != probe_->asked.end();
  bool again = std::find(probe_->missed.begin(), probe_->missed.end(), m.from) != probe_->missed.end();
  if (was_asked && !again) probe_->missed.push_back(m.from);
}

} // namespace argentum::actors
