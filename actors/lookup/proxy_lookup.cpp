// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/proxy_lookup.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace argentum::actors {

namespace {

caf::error replaced() {
  return make_error(errc::no_replica, "a full copy has replaced the data meanwhile");
}

} // namespace

void proxy_lookup_state::on_fetch(fetch_command& command) {
  if (command.items.empty()) return command.reply.deliver(std::vector<std::string>{});
  config.metrics->misses.add(command.items.size());
  look();
  if (auto why = refusal(command)) return command.reply.deliver(std::move(why));
  auto deadline = now() + config.deadline;
  fetch_id id = fetches.add(command, deadline);
  for (std::uint32_t slot = 0; slot < command.items.size(); ++slot) {
    auto joined = misses.join(command.items[slot].key, command.items[slot].version, {id, slot}, deadline);
    fetches.wait(id, slot, joined.id);
    if (joined.shared) config.metrics->misses_joined.add();
    if (!command.scan) asked.note(command.items[slot].key);
  }
  request_flush();
  wrap_up();
}

caf::error proxy_lookup_state::refusal(const fetch_command& command) const {
  auto& m = *config.metrics;
  auto count = command.items.size();
  if (!same_source(command.source, source)) {
    m.lookups_failed.add(count);
    return replaced();
  }
  if (replicas_named && pool.empty()) {
    m.lookups_failed.add(count);
    return make_error(errc::no_replica, "no replica is known");
  }
  auto is_fresh = [this](const fetch_command::item& i) { return !misses.contains(i.key, i.version); };
  auto fresh = static_cast<std::size_t>(std::count_if(command.items.begin(), command.items.end(), is_fresh));
  if (misses.size() + fresh > limits::misses_max || fetches.waiting() + count > limits::miss_waiters_max) {
    m.miss_overloaded.add();
    return make_error(errc::overloaded, "too many reads of evicted values are waiting");
  }
  if (fresh > 0 && !service.can_serve(misses.waiting() + fresh, config.deadline)) {
    m.misses_shed.add(fresh);
    return make_error(errc::overloaded, "the replicas cannot answer so many reads in time");
  }
  return {};
}

void proxy_lookup_state::on_replicas(const set_replicas& m) {
  replicas_named = true;
  pool.set(m.replicas);
  ask_for_links();
  misses.unpark_all();
  if (pool.empty()) settle_waiting();
  request_flush();
  to_publish = true;
  wrap_up();
}

void proxy_lookup_state::settle_waiting() {
  miss_id last = 0;
  while (auto id = misses.next_waiting(last)) settle(last = *id);
}

void proxy_lookup_state::on_opened(const link_opened& event) {
  auto replica = pool.at_address(event.address);
  if (!replica || pool.link(*replica) == event.link) return;
  bool far = !config.datacenter.empty() && event.peer.datacenter != config.datacenter;
  pool.connected(*replica, event.link, far);
  misses.unpark_all();
  request_flush();
  to_publish = true;
  wrap_up();
}

void proxy_lookup_state::on_closed(const link_closed& event) {
  auto replica = event.link == link_id{} ? pool.at_address(event.address) : pool.at_link(event.link);
  if (!replica) return;
  pool.disconnected(*replica, now(), random);
  for (const auto& lost : misses.take_all_at(*replica)) {
    for (auto id : lost.misses) ask_elsewhere(id, *replica, replica_verdict::again);
  }
  request_flush();
  to_publish = true;
  wrap_up();
}

void proxy_lookup_state::on_response(link_id link, lookup_response& response) {
  auto replica = pool.at_link(link);
  if (!replica) return;
  auto part = misses.take_part(response, *replica, now());
  if (!part) return;
  if (part->begins) {
    pool.measured(*replica, now() - part->sent_at);
    hedges.answered(now() - part->sent_at);
  }
  if (part->answer_bytes) pool.answered(*replica, part->sent_at, *part->answer_bytes);
  note_health(*replica, response);
  service.answered(part->answered.size(), now());
  if (part->why == sent_as::hedge) config.metrics->hedges_won.add(part->answered.size());
  for (const auto& [id, number] : part->answered) judge(id, *replica, response.answers[number]);
  if (misses.waiting() > 0) request_flush();
  to_publish = true;
  wrap_up();
}

void proxy_lookup_state::note_health(replica_no replica, const lookup_response& response) {
  bool failed = std::any_of(response.answers.begin(), response.answers.end(),
                            [](const lookup_answer& each) { return each.status == lookup_status::failed; });
  if (!failed) return pool.succeeded(replica);
  if (pool.failed(replica, now())) note_isolated(replica);
}

void proxy_lookup_state::judge(miss_id id, replica_no replica, lookup_answer& answer) {
  const miss* what = misses.find(id);
  if (what == nullptr) return; // its reader failed while earlier answers of this part were judged
  switch (answer.status) {
  case lookup_status::found:
  case lookup_status::absent: {
    index_t got = answer.status == lookup_status::found ? answer.index : 0;
    if (got == what->version) return deliver(id, std::move(answer.value));
    report_other_log(replica);
    return ask_elsewhere(id, replica, replica_verdict::mismatch);
  }
  case lookup_status::diverged:
    report_other_log(replica);
    return ask_elsewhere(id, replica, replica_verdict::mismatch);
  case lookup_status::pruned: return ask_elsewhere(id, replica, replica_verdict::pruned);
  case lookup_status::later:
    if (what->copies == 0) misses.resume(id);
    return;
  case lookup_status::behind:
  case lookup_status::failed: return ask_elsewhere(id, replica, replica_verdict::again);
  }
}

void proxy_lookup_state::deliver(miss_id id, std::string value) {
  miss what = misses.remove(id);
  for (const auto& waiter : what.waiters) {
    auto error = fetches.fill(waiter.fetch, waiter.slot, value);
    if (error == errc::overloaded) config.metrics->miss_overloaded.add();
    if (error) fail_fetch(waiter.fetch, error);
  }
  if (!misses.is_of_source(what)) return;
  if (!admits(what.key)) return config.metrics->fills_refused.add();
  self->send(store, fill_value{std::move(what.key), what.version, std::move(value), source});
}

bool proxy_lookup_state::admits(const std::string& key) const {
  if (admit == admission::closed) return false;
  return asked.count(key) >= (admit == admission::open ? 1u : 2u);
}

void proxy_lookup_state::ask_elsewhere(miss_id id, replica_no replica, replica_verdict verdict) {
  if (misses.find(id) == nullptr) return;
  config.metrics->lookup_retries.add();
  misses.note(id, replica, verdict);
  settle(id);
}

/// What becomes of a miss that the last replica did not answer.
void proxy_lookup_state::settle(miss_id id) {
  const miss* what = misses.find(id);
  if (what == nullptr || what->copies > 0) return;
  bool hopeless = replicas_named;
  bool can_ask = false;
  for (auto n : pool.members()) {
    auto verdict = what->verdict(n);
    hopeless = hopeless && (verdict == replica_verdict::pruned || verdict == replica_verdict::mismatch);
    can_ask = can_ask || (verdict == replica_verdict::none && pool.link(n) != link_id{});
  }
  if (hopeless) return fail_miss(id);
  if (can_ask) return misses.resume(id);
  misses.park(id, now());
}

void proxy_lookup_state::fail_miss(miss_id id) {
  const miss& what = *misses.find(id);
  auto reason = failure_of(what);
  auto waiters = what.waiters;
  for (const auto& waiter : waiters) fail_fetch(waiter.fetch, reason);
  if (misses.find(id) != nullptr) misses.remove(id); // nobody read it any more
}

void proxy_lookup_state::fail_fetch(fetch_id id, const caf::error& reason) {
  auto open = fetches.fail(id, reason);
  config.metrics->lookups_failed.add(open.size());
  for (auto m : open) misses.leave(m, id);
}

caf::error proxy_lookup_state::failure_of(const miss& what) const {
  if (what.mismatched()) return make_error(errc::diverged, "replicas are on another log than this node");
  return make_error(errc::no_replica, "no replica could answer");
}

void proxy_lookup_state::report_other_log(replica_no replica) {
  config.metrics->version_mismatches.add();
  if (!other_log.due(now())) return;
  spdlog::error("argentum.proxy_lookup {}: {} is on another log than this node: its answer is not served",
                config.instance, pool.address(replica));
}

std::shared_ptr<const storage::read_view> proxy_lookup_state::look() {
  auto current = view->load();
  if (same_source(source, current)) return current;
  if (kept) return {};
  source = current;
  trail.clear();
  note_head(*current); // news of the earlier data that are still on the way are too old for the trail then
  misses.next_source();
  while (auto earlier = fetches.expired(time_point::max())) fail_fetch(*earlier, replaced());
  return current;
}

void proxy_lookup_state::note_head(const storage::read_view& current) {
  if (auto here = current.check({})) trail.note(here->head);
}

void proxy_lookup_state::on_applied(const batch_applied& event) {
  if (look()) trail.note(event.now.applied);
}

void proxy_lookup_state::request_flush() {
  if (std::exchange(flushing, true)) return;
  self->send(self, flush{});
}

time_point proxy_lookup_state::now() const {
  return self->clock().now();
}

proxy_lookup_actor::behavior_type proxy_lookup(proxy_lookup_actor::stateful_pointer<proxy_lookup_state> self,
                                               proxy_lookup_config config, store_port store,
                                               std::shared_ptr<const storage::view_slot> view, router_port router,
                                               std::shared_ptr<peer_transport> transport) {
  auto& st = self->state;
  st.random.seed(config.seed);
  st.replicas_named = !config.replicas_will_come || !config.replicas.empty();
  std::vector<set_replicas::replica> first;
  for (const auto& address : config.replicas) first.push_back({address, 0});
  st.pool.set(std::move(first));
  st.config = std::move(config);
  st.store = std::move(store);
  st.view = std::move(view);
  st.router = std::move(router);
  st.transport = std::move(transport);
  st.ask_for_links();
  st.look();
  self->send(st.store, add_applied_listener{self});
  return {
      [&st](fetch_command& m) { st.on_fetch(m); },
      [&st](const link_opened& m) { st.on_opened(m); },
      [&st](const link_closed& m) { st.on_closed(m); },
      [&st](link_id link, lookup_response& m) { st.on_response(link, m); },
      [&st](const set_admission& m) { st.admit = m.what; },
      [&st](const batch_applied& m) { st.on_applied(m); },
      [&st](const keep_source& m) { st.kept = m.kept; },
      [&st](const set_replicas& m) { st.on_replicas(m); },
      [&st](tick) { st.on_tick(); },
      [&st](flush) { st.on_flush(); },
  };
}

} // namespace argentum::actors
