// SPDX-License-Identifier: Apache-2.0
// The half of proxy_lookup that asks: which misses travel in which request, to whom, when a second replica is asked
// too, and what becomes of requests that nobody answers.
#include "actors/lookup/proxy_lookup.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace argentum::actors {

namespace {

/// Misses that will travel in one request.
struct draft {
  replica_no replica = 0;
  std::vector<miss_id> misses;
};

draft* fitting(std::vector<draft>& drafts, const miss& what) {
  auto it = std::find_if(drafts.begin(), drafts.end(), [&](const draft& d) {
    return d.misses.size() < limits::lookup_keys_max && what.verdict(d.replica) == replica_verdict::none;
  });
  return it == drafts.end() ? nullptr : &*it;
}

bool all_full(const std::vector<draft>& drafts) {
  return std::all_of(drafts.begin(), drafts.end(),
                     [](const draft& d) { return d.misses.size() >= limits::lookup_keys_max; });
}

} // namespace

void proxy_lookup_state::on_flush() {
  flushing = false;
  if (auto current = look()) note_head(*current);
  auto t = now();
  std::vector<draft> drafts;
  std::vector<miss_id> stuck;
  miss_id last = 0;
  while (auto id = misses.next_waiting(last)) {
    if (!pool.has_room() && all_full(drafts)) break;
    last = *id;
    const miss& what = *misses.find(*id);
    if (draft* open = fitting(drafts, what)) {
      open->misses.push_back(*id);
      continue;
    }
    auto may_ask = [&what](replica_no n) { return what.verdict(n) == replica_verdict::none; };
    auto choice = pool.choose(t, may_ask, random);
    if (choice.replica) {
      pool.sent(*choice.replica, t);
      drafts.push_back({*choice.replica, {*id}});
    } else if (!choice.busy) {
      stuck.push_back(*id);
    }
  }
  for (const auto& d : drafts) {
    hedges.asked();
    send(d.misses, d.replica, sent_as::first, t);
    probe(d.misses, t);
  }
  for (auto id : stuck) settle(id);
  service.queueing(misses.waiting() > 0, t);
  wrap_up();
}

void proxy_lookup_state::send(const std::vector<miss_id>& ids, replica_no replica, sent_as why, time_point t) {
  if (why != sent_as::first) pool.sent(replica, t);
  auto request = misses.send(ids, replica, why, t);
  request.trail = trail.positions();
  transport->send(pool.link(replica), peer_message{config.instance, std::move(request)});
  to_publish = true;
}

/// A replica whose isolation is over is asked what another one was asked just now.
void proxy_lookup_state::probe(const std::vector<miss_id>& ids, time_point t) {
  auto n = pool.to_probe(t, [&](replica_no each) { return may_ask_all(ids, each); });
  if (n) send(ids, *n, sent_as::probe, t);
}

bool proxy_lookup_state::may_ask_all(const std::vector<miss_id>& ids, replica_no replica) const {
  return std::all_of(ids.begin(), ids.end(),
                     [&](miss_id id) { return misses.find(id)->verdict(replica) == replica_verdict::none; });
}

void proxy_lookup_state::hedge() {
  auto delay = hedges.delay();
  if (!delay) return;
  auto t = now();
  for (const auto& late : misses.take_late(t - *delay)) {
    if (late.misses.empty()) continue; // a probe was faster
    auto may_ask = [&](replica_no n) {
      return n != late.replica && pool.health(n).at(t) == replica_health::phase::well
             && may_ask_all(late.misses, n);
    };
    auto second = pool.choose(t, may_ask, random).replica;
    if (!second || !hedges.spend()) continue;
    config.metrics->hedges.add();
    send(late.misses, *second, sent_as::hedge, t);
  }
}

void proxy_lookup_state::on_tick() {
  auto t = now();
  timer.fired(t);
  misses.unpark(t);
  time_out();
  hedge();
  expire_fetches();
  ask_for_links();
  publish();
  if (misses.waiting() > 0) request_flush();
  wrap_up();
}

void proxy_lookup_state::time_out() {
  auto t = now();
  for (const auto& lost : misses.take_overdue(t)) {
    if (pool.timed_out(lost.replica, lost.sent_at, t)) note_isolated(lost.replica);
    for (auto id : lost.misses) ask_elsewhere(id, lost.replica, replica_verdict::again);
    to_publish = true;
  }
}

void proxy_lookup_state::expire_fetches() {
  while (auto late = fetches.expired(now())) {
    auto open = fetches.open_misses(*late);
    auto wrong =
        std::find_if(open.begin(), open.end(), [this](miss_id id) { return misses.find(id)->mismatched(); });
    fail_fetch(*late, failure_of(*misses.find(wrong == open.end() ? open.front() : *wrong)));
  }
}

void proxy_lookup_state::note_isolated(replica_no replica) {
  config.metrics->replicas_isolated.add();
  spdlog::warn("argentum.proxy_lookup {}: {} is isolated: {}", config.instance, pool.address(replica),
               pool.health(replica).trouble());
}

void proxy_lookup_state::ask_for_links() {
  for (auto n : pool.due(now())) self->send(router, want_link{pool.address(n), self});
}

void proxy_lookup_state::publish() {
  auto t = now();
  if (!to_publish || t < published + limits::pool_report_interval) return;
  auto delay = std::chrono::duration_cast<std::chrono::microseconds>(hedges.delay().value_or(hedging::duration{0}));
  config.report->store(std::make_shared<const pool_report>(pool_report{pool.report(), delay}));
  published = t;
  to_publish = false;
}

void proxy_lookup_state::wrap_up() {
  for (const auto& address : pool.take_left()) self->send(router, release_link{address, self->address()});
  auto next = pool.next_due().value_or(time_point::max());
  if (misses.busy()) next = std::min(next, now() + limits::lookup_sweep);
  auto unheard = misses.oldest_unheard();
  auto delay = hedges.delay();
  if (unheard && delay) next = std::min(next, *unheard + *delay);
  if (to_publish) next = std::min(next, published + limits::pool_report_interval);
  if (next != time_point::max()) timer.at(self, next);
}

} // namespace argentum::actors
