// SPDX-License-Identifier: Apache-2.0
// The sink's following: from the subscription to entries in the store.
#include "actors/replication/replication_sink.hpp"

#include <spdlog/spdlog.h>

namespace argentum::actors {

void sink_state::subscribe() {
  ++attempt;
  phase = sink_phase::subscribing;
  // The store answers in order: whatever was on its way to it from an earlier attempt is in this position.
  self->request(store, caf::infinite, get_store_report{})
      .then(if_current([this](const store_report& now) {
              report = now;
              owed.clear();
              unapplied_bytes = 0;
              contact who{config.node, source ? config.address : std::string{}};
              send(subscribe_request{now.id, config.role, now.applied, limits::credit_bytes, std::move(who),
                                     config.place});
            }),
            if_current([this](const caf::error& e) { pause(e); }));
}

void sink_state::on_reply(link_id from, const subscribe_reply& reply) {
  if (!hears(from)) return;
  switch (reply.verdict) {
  case subscribe_verdict::accepted:
    if (phase == sink_phase::subscribing && same_instance(reply) && above_us(reply)) follow(reply);
    return;
  case subscribe_verdict::need_snapshot:
    if (phase == sink_phase::asking || phase == sink_phase::importing)
      return pause(make_error(errc::no_snapshot, "the upstream stopped its copy"));
    if ((phase == sink_phase::subscribing || phase == sink_phase::following) && same_instance(reply)
        && (phase == sink_phase::following || above_us(reply)))
      ask_copy();
    return;
  case subscribe_verdict::diverged:
    return diverge(make_error(errc::diverged, "upstream says so of " + to_string(report.applied)));
  case subscribe_verdict::wrong_instance:
    return diverge(make_error(errc::wrong_instance, "upstream has " + to_string(reply.id)));
  case subscribe_verdict::behind:
    if (peer_role == node_role::root && reply.head.index < report.applied.index)
      return diverge(make_error(errc::diverged, "the root has lost entries: it is at " + to_string(reply.head)));
    return avoid(make_error(errc::refused, "the upstream is behind this node"));
  case subscribe_verdict::cycle: return avoid(make_error(errc::refused, "the upstream follows this node"));
  case subscribe_verdict::full:
    search_rules.named(reply.alternatives);
    return avoid(make_error(errc::refused, "the upstream is followed by enough"));
  case subscribe_verdict::unknown: break;
  }
  avoid(make_error(errc::refused, "the upstream does not serve this instance"));
}

bool sink_state::same_instance(const subscribe_reply& reply) {
  if (!report.id.known() || report.id == reply.id) return true;
  diverge(make_error(errc::wrong_instance, "upstream has " + to_string(reply.id)));
  return false;
}

void sink_state::follow(const subscribe_reply& reply) {
  if (!report.id.known()) {
    self->request(store, caf::infinite, adopt_instance{reply.id})
        .then([this](const store_report& now) { report = now; },
              if_current([this](const caf::error& e) { pause(e); }));
  }
  if (report.role != config.role) return ask_copy();
  phase = sink_phase::following;
  following_since = self->clock().now();
  upstreams.settled();
  search_rules.following(following_since);
  earlier.start();
  lag.start();
  order.start(report.applied);
  if (!last_upstream.empty() && last_upstream != upstreams.current()) config.metrics->upstream_switches.add();
  last_upstream = upstreams.current();
  config.metrics->upstream_connected.set(1);
  config.metrics->diverged.set(0);
  config.metrics->upstream.set(peer);
  acknowledge(); // what is durable here is news to this upstream
  spdlog::info("argentum.sink {}: following {} from {}", config.instance, peer, to_string(report.applied));
}

void sink_state::on_batch(link_id from, const entry_batch& batch) {
  if (!hears(from) || phase != sink_phase::following) return;
  if (!batch.run || batch.run->empty()) return hang_up(make_error(errc::protocol, "an empty batch"));
  if (auto problem = order.accept(*batch.run)) {
    if (problem == errc::diverged) return diverge(problem);
    config.metrics->out_of_order.add();
    return hang_up(problem);
  }
  auto bytes = payload_bytes(*batch.run);
  unapplied_bytes += bytes;
  self->request(store, caf::infinite, apply_batch{batch.run, false, history.time() - config.history_span})
      .then(if_current([this, bytes](const store_report& now) { applied(bytes, now); }),
            if_current([this](const caf::error& e) { apply_failed(e); }));
}

void sink_state::applied(std::size_t bytes, const store_report& now) {
  report = now;
  unapplied_bytes -= bytes;
  if (acks.news(self->clock().now())) acknowledge();
  give_back(bytes);
}

void sink_state::apply_failed(const caf::error& why) {
  if (why == errc::diverged || why == errc::wrong_instance) {
    diverge(why);
  } else {
    pause(why);
  }
}

void sink_state::on_synced(index_t durable) {
  report.durable = durable;
  if (phase == sink_phase::following) acknowledge();
}

void sink_state::acknowledge() {
  acks.acked(self->clock().now());
  send(replication_ack{report.applied.index, report.durable});
}

void sink_state::give_back(std::size_t bytes) {
  if (auto grant = owed.take(bytes); grant > 0) send(credit_grant{grant});
}

} // namespace argentum::actors
