// SPDX-License-Identifier: Apache-2.0
#include "actors/replication/replication_source.hpp"

#include "actors/replication/news_watch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace argentum::actors {

source_state::source_state(source_port::pointer owner) : self(owner) {}

source_port::behavior_type source_state::make_behavior() {
  return {[this](link_id link, const subscribe_request& m) { subscribe(link, m); },
          [this](link_id link, const replication_ack& m) { take_ack(link, m); },
          [this](link_id link, const credit_grant& m) { take_credit(link, m.bytes); },
          [this](link_id link, const snapshot_request& m) { want_copy(link, m); },
          [this](link_id link, const unsubscribe&) { forget(link); },
          [this](const upstream_news& m) {
            if (news.hand_on(m.news)) tell_news();
          },
          [this](const forget_news&) { forget_all_news(); },
          [this](const link_closed& m) { forget(m.link); },
          [this](wait_acks& m) { wait_for_acks(m); },
          [this](const batch_applied& m) { on_applied(m); },
          [this](tick) { on_tick(); }};
}

source_state::downstream* source_state::find(link_id link, std::uint64_t subscription) {
  auto found = downstreams.find(link);
  return found != downstreams.end() && found->second.subscription == subscription ? &found->second : nullptr;
}

void source_state::listen() {
  if (std::exchange(listening, true)) return;
  self->send(store, add_applied_listener{self});
}

void source_state::subscribe(link_id link, const subscribe_request& what) {
  listen();
  bool full = downstreams.size() >= config.downstreams_max && !downstreams.contains(link);
  if (full && (what.place == node_role::leaf || !send_leaf_away())) return refuse_full(link);
  auto& to = downstreams[link];
  to.who = what.who;
  to.place = what.place;
  to.position.stop();
  to.reading = false;
  to.subscription = ++subscriptions;
  self->request(store, caf::infinite, get_store_report{})
      .then([this](const store_report& now) { report = now; }, [](const caf::error&) { /* the check fails too */ });
  self->request(store, caf::infinite, check_position{what.from})
      .then(
          [this, link, what, number = to.subscription](const position_check& check) {
            if (find(link, number) != nullptr) answer(link, what, check);
          },
          [this, link, number = to.subscription](const caf::error& e) {
            spdlog::error("argentum.source {}: cannot look up a position: {}", config.instance, describe(e));
            if (find(link, number) != nullptr) refuse(link, subscribe_verdict::behind);
          });
}

void source_state::refuse_full(link_id link) {
  config.metrics->subscribe_refused.add();
  config.metrics->downstreams_full.add();
  std::vector<contact> others;
  for (const auto& [other, to] : downstreams)
    if (to.position.following() && !to.who.address.empty()) others.push_back(to.who);
  auto full = reply(subscribe_verdict::full);
  std::sample(others.begin(), others.end(), std::back_inserter(full.alternatives), limits::alternatives_max,
              random);
  send(link, std::move(full));
}

/// Not the one that is being sent a copy, if there is another.
bool source_state::send_leaf_away() {
  auto chosen = downstreams.end();
  for (auto it = downstreams.begin(); it != downstreams.end(); ++it) {
    if (it->second.place != node_role::leaf) continue;
    chosen = it;
    if (!copy || copy->link != it->first) break;
  }
  if (chosen == downstreams.end()) return false;
  auto link = chosen->first;
  config.metrics->leaves_sent_away.add();
  refuse_full(link);
  forget(link);
  return true;
}

void source_state::answer(link_id link, const subscribe_request& what, const position_check& check) {
  // We follow nobody yet ourselves, or have a proxy's data until we are made a replica.
  if (!report.id.known() || report.role != instance_role::replica) return refuse(link, subscribe_verdict::behind);
  if (what.id.known() && what.id != report.id) return refuse(link, subscribe_verdict::wrong_instance);
  if (check.verdict != subscribe_verdict::accepted && check.verdict != subscribe_verdict::need_snapshot)
    return refuse(link, check.verdict);
  make_news();
  if (news.current() && is_cycle(news.current()->path, what.who.node))
    return refuse(link, subscribe_verdict::cycle);
  leave_copies(link, true);
  send(link, reply(check.verdict));
  auto& to = downstreams[link];
  to.from = what.from.index;
  if (check.verdict == subscribe_verdict::accepted) to.position.follow(what.from.index, what.credit_bytes);
  show_downstreams();
  if (news.current()) send(link, *news.current());
  pump(link, to);
}

void source_state::refuse(link_id link, subscribe_verdict verdict) {
  config.metrics->subscribe_refused.add();
  send(link, reply(verdict));
  forget(link);
}

/// The data in use have become a proxy's.
void source_state::refuse_all() {
  while (!downstreams.empty()) refuse(downstreams.begin()->first, subscribe_verdict::behind);
}

void source_state::take_credit(link_id link, std::uint64_t bytes) {
  if (copy && copy->link == link) {
    copy->takes.grant(bytes);
    pump_copy();
    return;
  }
  auto found = downstreams.find(link);
  if (found == downstreams.end()) return;
  found->second.position.grant(bytes);
  pump(link, found->second);
}

void source_state::take_ack(link_id link, const replication_ack& ack) {
  auto found = downstreams.find(link);
  if (found == downstreams.end()) return;
  found->second.position.acked(ack);
  if (!waiters.empty()) update_waiters();
}

void source_state::wait_for_acks(wait_acks& wish) {
  if (!waiters.add(std::move(wish), self->clock().now())) config.metrics->waiters_overloaded.add();
  update_waiters();
}

void source_state::update_waiters() {
  std::vector<index_t> durable;
  for (const auto& [link, to] : downstreams)
    if (to.position.following()) durable.push_back(to.position.acked().durable);
  waiters.update(durable, self->clock().now());
  timer.at(self, waiters.next_deadline());
}

void source_state::forget(link_id link) {
  leave_copies(link, false);
  downstreams.erase(link);
  show_downstreams();
}

void source_state::on_applied(const batch_applied& what) {
  report = what.now;
  if (what.run) {
    tail.push(what.run);
  } else {
    tail.clear(); // the position jumped: what is in between was never in our log
    if (report.role != instance_role::replica) return refuse_all();
  }
  pump_all();
}

void source_state::pump_all() {
  for (auto& [link, to] : downstreams) pump(link, to);
}

void source_state::pump(link_id link, downstream& to) {
  while (!to.reading && to.position.wants(report.applied.index)) {
    auto run = tail.slice(to.position.sent());
    if (!run) {
      to.reading = true;
      readers.emplace_back(link, to.subscription);
      read_logs();
      return; // goes on when it has been read
    }
    config.metrics->tail_hits.add();
    send_run(link, to, run);
  }
}

void source_state::send_run(link_id link, downstream& to, const record_run& run) {
  auto bytes = payload_bytes(*run);
  config.metrics->entries_sent.add(run->size());
  config.metrics->bytes_sent.add(bytes);
  send(link, entry_batch{run});
  to.position.sent(run->back().index, bytes);
  if (to.position.starved(report.applied.index)) config.metrics->credit_exhausted.add();
}

void source_state::read_logs() {
  while (reads < limits::log_reads_max && !readers.empty()) {
    auto [link, number] = readers.front();
    readers.pop_front();
    const auto* to = find(link, number);
    if (to == nullptr) continue;
    ++reads;
    config.metrics->log_reads.add();
    self->request(store, caf::infinite, read_log{to->position.sent(), limits::batch_bytes})
        .then([this, link = link, number = number](const log_slice& slice) { log_read(link, number, slice); },
              [this, link = link, number = number](const caf::error& e) { log_failed(link, number, e); });
  }
}

void source_state::log_read(link_id link, std::uint64_t subscription, const log_slice& slice) {
  --reads;
  if (auto* to = find(link, subscription)) {
    to->reading = false;
    if (to->position.following() && slice.run) { // an empty answer waits for the next apply
      for (const auto& run : cut_run(slice.run, {limits::batch_bytes, limits::batch_entries_max}))
        send_run(link, *to, run);
      pump(link, *to);
    }
  }
  read_logs();
}

void source_state::log_failed(link_id link, std::uint64_t subscription, const caf::error& reason) {
  --reads;
  if (auto* to = find(link, subscription)) {
    to->reading = false;
    if (reason == errc::log_truncated) {
      to->position.stop();
      show_downstreams();
      send(link, reply(subscribe_verdict::need_snapshot));
    } else {
      spdlog::error("argentum.source {}: cannot read the log: {}", config.instance, describe(reason));
      refuse(link, subscribe_verdict::behind);
    }
  }
  read_logs();
}

void source_state::make_news() {
  if (config.role != node_role::root) return;
  auto now = config.wall_now();
  news.make(report.applied.index, report.stamp, now);
  auto& m = *config.metrics; // below the root its sink does this
  m.root_head_index.set(static_cast<std::int64_t>(report.applied.index));
  m.root_head_stamp_us.set(report.stamp.time_since_epoch().count());
  m.root_time_us.set(now.time_since_epoch().count());
  m.root_news.set(static_cast<std::int64_t>(news.current()->news));
}

void source_state::forget_all_news() {
  news = root_news{config.node};
  refuse_all();
}

void source_state::tell_news() {
  told_since_tick = true;
  for (const auto& [link, to] : downstreams) send(link, *news.current());
}

void source_state::on_tick() {
  auto now = self->clock().now();
  timer.fired(now);
  if (now >= next_news) {
    next_news = now + limits::heartbeat_interval;
    make_news();
    if (news.current() && !told_since_tick) tell_news();
    told_since_tick = false;
    show_downstreams();
    expire_copy(now);
  }
  if (!waiters.empty()) update_waiters();
  timer.at(self, next_news);
}

void source_state::send(link_id link, peer_body body) {
  transport->send(link, {config.instance, std::move(body)});
}

subscribe_reply source_state::reply(subscribe_verdict verdict) const {
  return {verdict, report.id, report.applied, news.current(), {}};
}

void source_state::show_downstreams() {
  std::int64_t count = 0;
  std::int64_t leaves = 0;
  auto slowest = report.applied.index;
  auto durable = report.applied.index;
  for (const auto& [link, to] : downstreams) {
    if (!to.position.following()) continue;
    ++count;
    if (to.place == node_role::leaf) ++leaves;
    slowest = std::min(slowest, to.position.acked().applied);
    durable = std::min(durable, to.position.acked().durable);
  }
  auto& m = *config.metrics;
  m.downstreams.set(count);
  m.downstream_leaves.set(leaves);
  m.downstream_lag_entries.set(static_cast<std::int64_t>(report.applied.index - slowest));
  m.downstream_durable_index.set(count > 0 ? static_cast<std::int64_t>(durable) : 0);
}

source_port::behavior_type replication_source(source_port::stateful_pointer<source_state> self,
                                              source_config config, store_port store,
                                              std::shared_ptr<peer_transport> transport) {
  auto& state = self->state;
  state.news = root_news{config.node};
  if (config.role == node_role::root) config.metrics->path.set(config.node);
  config.metrics->downstreams_max.set(static_cast<std::int64_t>(config.downstreams_max));
  state.random.seed(config.seed);
  state.config = std::move(config);
  state.store = std::move(store);
  state.transport = std::move(transport);
  if (state.config.role == node_role::root) state.listen(); // its news say how far it is
  self->request(state.store, caf::infinite, get_store_report{})
      .then([&state](const store_report& now) { state.report = now; },
            [](const caf::error&) { /* the store is stopping, and so is the node */ });
  state.next_news = self->clock().now() + limits::heartbeat_interval;
  state.timer.at(self, state.next_news);
  return state.make_behavior();
}

} // namespace argentum::actors
