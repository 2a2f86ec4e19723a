// SPDX-License-Identifier: Apache-2.0
// The sink's dealings with its oracle, and with upstreams that could be below it in the tree.
#include "actors/replication/replication_sink.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace argentum::actors {

void sink_state::search() {
  ++attempt;
  phase = sink_phase::searching;
  ask_oracle({});
}

void sink_state::ask_oracle(const std::string& current) {
  asked_at = self->clock().now();
  config.metrics->upstream_searches.add();
  auto answer = [sink = sink_port{self}, question = attempt](caf::expected<std::vector<upstream_candidate>> found) {
    caf::anon_send(sink, upstreams_found{question, found ? std::move(*found) : std::vector<upstream_candidate>{}});
  };
  self->send(config.oracle,
             find_upstreams{config.instance, current, search_rules.refusing(asked_at), search_rules.also(),
                            reply_to<std::vector<upstream_candidate>>{std::move(answer)}});
}

void sink_state::on_found(const upstreams_found& what) {
  if (what.question != attempt) return;
  if (phase == sink_phase::following) return review(what.candidates);
  if (phase != sink_phase::searching) return;
  if (!what.candidates.empty()) {
    upstreams.found(what.candidates);
    return connect();
  }
  search_rules.forgive(); // better one that refused than nobody
  complain("nobody to follow is found");
  leave(upstreams.again());
}

/// Those that could be below us are not worth a try. A leaf is followed by nobody who is found by an oracle.
bool sink_state::worth_a_try(const upstream_candidate& who) const {
  bool above = !source || config.place == node_role::leaf || guard.is_nearer(who.status, who.role);
  return above && who.status.age < config.stale_after;
}

void sink_state::review(std::vector<upstream_candidate> found) {
  if (found.empty()) return;
  auto now = self->clock().now();
  auto is_current = [this](const upstream_candidate& each) { return each.who.node == peer; };
  bool answers = std::any_of(found.begin(), found.end(), is_current);
  if (!answers) { // one that answers but hears nothing itself looks for another upstream, as we would
    const auto& best = found.front();
    if (!in_doubt(now) || best.status.age >= limits::upstream_doubt_after) return;
    spdlog::warn("argentum.sink {}: nothing is heard from {}, but {} hears the root", config.instance, peer,
                 best.who.node);
    search_rules.refused(upstreams.current(), now);
    return move_to(found);
  }
  std::erase_if(found, [&](const auto& each) { return !is_current(each) && !worth_a_try(each); });
  auto current = std::find_if(found.begin(), found.end(), is_current);
  upstreams.measured(current->rtt);
  const auto& best = found.front();
  if (!search_rules.moves(*current, best, now)) return;
  spdlog::info("argentum.sink {}: {} is cheaper than {}: {} us, not {}", config.instance, best.who.node, peer,
               best.cost.count(), current->cost.count());
  config.metrics->upstream_moves.add();
  if (source && config.place == node_role::leaf) start_over(); // farther from the root, perhaps
  move_to(found);
}

void sink_state::move_to(const std::vector<upstream_candidate>& found) {
  upstreams.found(found);
  leave(upstream_choice::delay{0});
}

bool sink_state::above_us(const subscribe_reply& reply) {
  if (reply.news && is_cycle(reply.news->path, config.node)) {
    avoid(make_error(errc::refused, "the upstream follows this node"));
    return false;
  }
  if (!source || guard.allows(reply.news, peer_role, peer)) return true; // who serves nobody closes no circle
  config.metrics->loops_refused.add();
  auto told = reply.news ? reply.news->news : 0;
  if (earlier.proven(told, guard.own().news, self->clock().now())) start_over();
  note_trouble("not following",
               make_error(errc::refused, "the upstream's news of the root are no newer than ours"));
  leave(upstreams.no_newer(told, guard.own().news));
  return false;
}

void sink_state::start_over() {
  earlier.start();
  self->request(source, caf::infinite, forget_news{})
      .then([this] { guard.start_over(); },
            [](const caf::error&) {
              // it leaves with its role; the one after it has no news
            });
}

} // namespace argentum::actors
