// SPDX-License-Identifier: Apache-2.0
// The sink's dealings with upstreams: which one, when, and when to leave it.
#include "actors/replication/replication_sink.hpp"

#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>

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
          [this](tick) { on_tick(); }};
}

void sink_state::connect() {
  ++attempt;
  phase = sink_phase::linking;
  watch.start(self->clock().now());
  self->send(router, want_link{upstreams.current(), self});
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
    leave_for_next(what.reason);
  } else if (hears(what.link)) {
    link = {};
    if (phase == sink_phase::subscribing) return leave_for_next(what.reason);
    spdlog::warn("argentum.sink {}: lost the link to {}: {}", config.instance, peer, describe(what.reason));
    leave(upstreams.again());
  }
}

/// Starts over: the subscription shows whether the data in use are of that role.
void sink_state::on_role(const follow_as& what) {
  config.role = what.role;
  source = what.source;
  leave(upstream_list::delay{0});
}

void sink_state::leave(upstream_list::delay delay) {
  ++attempt;
  if (link.value != 0) send(unsubscribe{}); // others may share the link, so it stays up
  phase = sink_phase::waiting;
  link = {};
  config.metrics->upstream_connected.set(0);
  config.metrics->bootstrapping.set(0);
  if (delay.count() == 0) return connect();
  retry_at = self->clock().now() + delay;
  timer.at(self, retry_at);
}

void sink_state::leave_for_next(const caf::error& why) {
  complain(fmt::format("leaving upstream {}: {}", upstreams.current(), describe(why)));
  config.metrics->last_error.set(describe(why));
  leave(upstreams.next());
}

void sink_state::pause(const caf::error& why) {
  complain("stopped for a while: " + describe(why));
  config.metrics->last_error.set(describe(why));
  leave(upstreams.again());
}

void sink_state::hang_up(const caf::error& why) {
  self->send(router, drop_link{link, why});
  leave_for_next(why);
}

void sink_state::diverge(const caf::error& why) {
  config.metrics->diverged.set(1);
  spdlog::error("argentum.sink {}: the data of {} is not ours and is refused: {}", config.instance, peer,
                describe(why));
  leave_for_next(why);
}

void sink_state::on_heartbeat(link_id from, const heartbeat& news) {
  if (!hears(from)) return;
  if (is_cycle(news.path, config.node))
    return leave_for_next(make_error(errc::refused, "the upstream follows this node"));
  if (phase != sink_phase::subscribing) watch.heard(news.news, self->clock().now()); // the verdict has its time too
  history.heard(news.root_time, news.root_stamp, self->clock().now());
  auto& m = *config.metrics;
  auto root_time_us = news.root_time.time_since_epoch().count();
  if (m.root_time_us.value() != root_time_us) m.news_heard_us.set(microseconds_of(self->clock().now()));
  m.root_head_index.set(static_cast<std::int64_t>(news.root_head));
  m.root_head_stamp_us.set(news.root_stamp.time_since_epoch().count());
  m.root_time_us.set(root_time_us);
  m.path.set(fmt::format("{} > {}", fmt::join(news.path, " > "), config.node));
  if (source) self->send(source, upstream_news{news});
}

void sink_state::on_tick() {
  auto now = self->clock().now();
  timer.fired(now);
  if (phase == sink_phase::waiting) {
    if (!upstreams.empty() && now >= retry_at) connect();
  } else if (watch.stale(now, config.stale_after)) {
    leave_for_next(make_error(errc::timed_out, "no news of the root"));
  } else if (phase == sink_phase::following && now - following_since >= limits::redial_delay_max) {
    upstreams.succeeded();
    complaints.clear();
  }
  if (phase == sink_phase::following && acks.overdue(now)) acknowledge();
  if (now >= next_check) next_check = now + limits::heartbeat_interval;
  timer.at(self, phase == sink_phase::waiting && !upstreams.empty() ? std::min(next_check, retry_at) : next_check);
}

void sink_state::complain(const std::string& what) {
  auto& last = complaints[upstreams.current()];
  if (last == what) return;
  last = what;
  spdlog::warn("argentum.sink {}: {}", config.instance, what);
}

void sink_state::send(peer_body body) {
  transport->send(link, {config.instance, std::move(body)});
}

sink_port::behavior_type replication_sink(sink_port::stateful_pointer<sink_state> self, sink_config config,
                                          store_port store, router_port router,
                                          std::shared_ptr<peer_transport> transport, source_port source) {
  auto& state = self->state;
  state.upstreams = upstream_list{config.upstreams, config.seed};
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
