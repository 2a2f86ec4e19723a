// SPDX-License-Identifier: Apache-2.0
// The sink's dealings with upstreams: which one, when, and when to leave it.
#include "actors/replication/replication_sink.hpp"

#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace argentum::actors {

namespace {

std::int64_t microseconds_of(time_point when) {
  return std::chrono::duration_cast<std::chrono::microseconds>(when.time_since_epoch()).count();
}

} // namespace

sink_state::sink_state(sink_port::pointer owner) : self(owner) {}

sink_port::behavior_type sink_state::make_behavior() {
  return {[this](const link_opened& m) { on_opened(m); },
          [this](const link_closed& m) { on_closed(m); },
          [this](const follow_as& m) { on_role(m); },
          [this](link_id from, const subscribe_reply& m) { on_reply(from, m); },
          [this](link_id from, const entry_batch& m) { on_batch(from, m); },
          [this](link_id from, const heartbeat& m) { on_heartbeat(from, m); },
          [this](link_id from, const snapshot_wait& m) { on_wait(from, m); },
          [this](link_id from, const snapshot_begin& m) { on_begin(from, m); },
          [this](link_id from, snapshot_chunk& m) { on_chunk(from, m); },
          [this](const batch_synced& m) { on_synced(m.durable); },
          [this](const upstreams_found& m) { on_found(m); },
          [this](tick) { on_tick(); }};
}

void sink_state::connect() {
  if (upstreams.must_search()) return search();
  ++attempt;
  phase = sink_phase::linking;
  watch.start(self->clock().now());
  wanted = upstreams.current();
  self->send(router, want_link{wanted, self});
}

void sink_state::on_opened(const link_opened& what) {
  if (phase != sink_phase::linking || what.address != upstreams.current()) return;
  link = what.link;
  peer = what.peer.node;
  peer_role = what.peer.role;
  subscribe();
}

void sink_state::on_closed(const link_closed& what) {
  if (phase == sink_phase::linking && what.address == upstreams.current()) {
    avoid(what.reason);
  } else if (hears(what.link)) {
    link = {};
    if (phase == sink_phase::subscribing) return avoid(what.reason);
    spdlog::warn("argentum.sink {}: lost the link to {}: {}", config.instance, peer, describe(what.reason));
    leave(upstreams.lost());
  }
}

/// Starts over: the subscription shows whether the data in use are of that role.
void sink_state::on_role(const follow_as& what) {
  config.role = what.role;
  source = what.source;
  leave(upstream_choice::delay{0});
}

void sink_state::leave(upstream_choice::delay delay) {
  ++attempt;
  if (link.value != 0) send(unsubscribe{}); // others may share the link, so it stays up as long as they do
  if (config.oracle && !wanted.empty())
    self->send(router, release_link{std::exchange(wanted, {}), self->address()});
  phase = sink_phase::waiting;
  link = {};
  config.metrics->upstream_connected.set(0);
  config.metrics->bootstrapping.set(0);
  if (delay.count() == 0) return connect();
  retry_at = self->clock().now() + delay;
  timer.at(self, retry_at);
}

void sink_state::avoid(const caf::error& why) {
  search_rules.refused(upstreams.current(), self->clock().now());
  note_trouble("leaving", why);
  leave(upstreams.next());
}

void sink_state::pause(const caf::error& why) {
  note_trouble("stopping for a while with", why);
  leave(upstreams.again());
}

void sink_state::hang_up(const caf::error& why) {
  self->send(router, drop_link{link, why});
  avoid(why);
}

void sink_state::diverge(const caf::error& why) {
  config.metrics->diverged.set(1);
  spdlog::error("argentum.sink {}: the data of {} is not ours and is refused: {}", config.instance, peer,
                describe(why));
  avoid(why);
}

void sink_state::on_heartbeat(link_id from, const heartbeat& news) {
  if (!hears(from)) return;
  if (is_cycle(news.path, config.node)) return avoid(make_error(errc::refused, "the upstream follows this node"));
  if (phase == sink_phase::subscribing) return; // we don't follow it yet, and the verdict has its time too
  auto now = self->clock().now();
  auto fresh = watch.heard(news.news, now);
  auto half_way = upstreams.rtt() / 2;
  guard.heard(news, half_way);
  history.heard(news.root_time, news.root_stamp, now);
  show_news(news);
  if (source) {
    auto ours = news;
    ours.delay += half_way;
    self->send(source, upstream_news{std::move(ours)});
  }
  auto held_up = unapplied_bytes * 2 >= limits::credit_bytes;
  if (fresh && phase == sink_phase::following && upstreams.has_others()
      && lag.too_slow(news.root_head, order.at().index, held_up, now)) {
    config.metrics->upstreams_too_slow.add();
    avoid(make_error(errc::timed_out, "the upstream sends less than the root writes"));
  }
}

void sink_state::show_news(const heartbeat& news) {
  auto& m = *config.metrics;
  auto root_time_us = news.root_time.time_since_epoch().count();
  if (m.root_time_us.value() != root_time_us) m.news_heard_us.set(microseconds_of(self->clock().now()));
  m.root_head_index.set(static_cast<std::int64_t>(news.root_head));
  m.root_head_stamp_us.set(news.root_stamp.time_since_epoch().count());
  m.root_time_us.set(root_time_us);
  m.root_news.set(static_cast<std::int64_t>(news.news));
  m.tree_depth.set(static_cast<std::int64_t>(news.path.size()));
  m.root_delay_us.set((news.delay + upstreams.rtt() / 2).count());
  m.upstream_rtt_us.set(upstreams.rtt().count());
  m.path.set(fmt::format("{} > {}", fmt::join(news.path, " > "), config.node));
}

void sink_state::on_tick() {
  auto now = self->clock().now();
  timer.fired(now);
  if (phase == sink_phase::waiting) {
    if (!upstreams.empty() && now >= retry_at) connect();
  } else if (phase == sink_phase::searching) {
    if (now - asked_at >= limits::find_upstreams_max) on_found({attempt, {}});
  } else if (watch.stale(now, config.stale_after)) {
    avoid(make_error(errc::timed_out, "no news of the root"));
  } else if (phase == sink_phase::following && now - following_since >= limits::redial_delay_max) {
    upstreams.succeeded();
    complaints.clear();
    if (config.oracle && search_rules.review_due(now, in_doubt(now))) ask_oracle(peer);
  }
  if (phase == sink_phase::following && acks.overdue(now)) acknowledge();
  if (now >= next_check) next_check = now + limits::heartbeat_interval;
  timer.at(self, phase == sink_phase::waiting && !upstreams.empty() ? std::min(next_check, retry_at) : next_check);
}

void sink_state::complain(const std::string& what) {
  if (complaints.size() >= limits::refusals_max) complaints.clear();
  auto& last = complaints[upstreams.current()];
  if (last == what) return;
  last = what;
  spdlog::warn("argentum.sink {}: {}", config.instance, what);
}

void sink_state::note_trouble(const std::string& what, const caf::error& why) {
  complain(fmt::format("{} {}: {}", what, upstreams.current(), describe(why)));
  config.metrics->last_error.set(describe(why));
}

void sink_state::send(peer_body body) {
  transport->send(link, {config.instance, std::move(body)});
}

sink_port::behavior_type replication_sink(sink_port::stateful_pointer<sink_state> self, sink_config config,
                                          store_port store, router_port router,
                                          std::shared_ptr<peer_transport> transport, source_port source) {
  auto& state = self->state;
  state.upstreams =
      config.oracle ? upstream_choice::by_search(config.seed) : upstream_choice{config.upstreams, config.seed};
  state.search_rules = upstream_search{config.seed};
  state.guard = loop_guard{config.place, config.node};
  state.config = std::move(config);
  state.store = std::move(store);
  state.router = std::move(router);
  state.transport = std::move(transport);
  state.source = std::move(source);
  self->send(state.store, add_synced_listener{self});
  state.retry_at = state.next_check = self->clock().now();
  state.on_tick();
  return state.make_behavior();
}

} // namespace argentum::actors
