// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/proxy_lookup.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace argentum::actors {

namespace {

/// Mismatches are counted each, but logged at this rate at most.
constexpr std::chrono::seconds complaint_interval{1};

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

caf::error replaced() {
  return make_error(errc::no_replica, "a full copy has replaced the data meanwhile");
}

} // namespace

void proxy_lookup_state::on_fetch(fetch_command& command) {
  std::size_t count = command.items.size();
  if (count == 0) return command.reply.deliver(std::vector<std::string>{});
  config.metrics->misses.add(count);
  look();
  if (!same_source(command.source, source)) {
    config.metrics->lookups_failed.add(count);
    return command.reply.deliver(replaced());
  }
  if (pool.size() == 0) {
    config.metrics->lookups_failed.add(count);
    return command.reply.deliver(make_error(errc::no_replica, "no replica is configured"));
  }
  auto fresh = static_cast<std::size_t>(
      std::count_if(command.items.begin(), command.items.end(),
                    [this](const fetch_command::item& i) { return !misses.contains(i.key, i.version); }));
  if (misses.size() + fresh > limits::misses_max || fetches.waiting() + count > limits::miss_waiters_max) {
    config.metrics->miss_overloaded.add();
    return command.reply.deliver(make_error(errc::overloaded, "too many reads of evicted values are waiting"));
  }
  fetch_id id = fetches.add(command, now() + config.deadline);
  for (std::uint32_t slot = 0; slot < count; ++slot) {
    auto joined = misses.join(command.items[slot].key, command.items[slot].version, {id, slot});
    fetches.wait(id, slot, joined.id);
    if (joined.shared) config.metrics->misses_joined.add();
    if (!command.scan) asked.note(command.items[slot].key);
  }
  request_flush();
  arm();
}

void proxy_lookup_state::on_opened(const link_opened& event) {
  auto replica = pool.at_address(event.address);
  if (!replica || pool.link(*replica) == event.link) return;
  bool far = !config.datacenter.empty() && event.peer.datacenter != config.datacenter;
  pool.connected(*replica, event.link, far);
  misses.unpark_all();
  request_flush();
}

void proxy_lookup_state::on_closed(const link_closed& event) {
  auto replica = event.link == link_id{} ? pool.at_address(event.address) : pool.at_link(event.link);
  if (!replica) return;
  pool.disconnected(*replica, now(), random);
  for (const auto& lost : misses.take_all_at(*replica)) {
    for (auto id : lost.misses) ask_elsewhere(id, *replica, replica_verdict::again);
  }
  request_flush();
  arm();
}

void proxy_lookup_state::on_response(link_id link, lookup_response& response) {
  auto replica = pool.at_link(link);
  if (!replica) return;
  auto part = misses.take_part(response, *replica, now());
  if (!part) return;
  if (part->first_after) pool.measured(*replica, *part->first_after);
  if (part->answer_bytes) {
    pool.done(*replica);
    pool.answered(*replica, *part->answer_bytes);
  }
  for (const auto& [id, number] : part->answered) judge(id, *replica, response.answers[number]);
  if (misses.has_waiting()) request_flush();
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
  case lookup_status::behind: return ask_elsewhere(id, replica, replica_verdict::again);
  case lookup_status::pruned: return ask_elsewhere(id, replica, replica_verdict::pruned);
  case lookup_status::later: return misses.resume(id);
  case lookup_status::failed: break;
  }
  pool.isolate(replica, now());
  ask_elsewhere(id, replica, replica_verdict::again);
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
  if (what == nullptr) return;
  bool hopeless = true;
  bool can_ask = false;
  for (replica_no n = 0; n < pool.size(); ++n) {
    auto verdict = what->verdict(n);
    hopeless = hopeless && (verdict == replica_verdict::pruned || verdict == replica_verdict::mismatch);
    can_ask = can_ask || (verdict == replica_verdict::none && pool.link(n) != link_id{});
  }
  if (hopeless) return fail_miss(id);
  if (can_ask) return misses.resume(id);
  misses.park(id, now());
}

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
      pool.sent(*choice.replica);
      drafts.push_back({*choice.replica, {*id}});
    } else if (!choice.busy) {
      stuck.push_back(*id);
    }
  }
  for (const auto& d : drafts) {
    auto request = misses.send(d.misses, d.replica, t);
    request.trail = trail.positions();
    transport->send(pool.link(d.replica), peer_message{config.instance, std::move(request)});
  }
  for (auto id : stuck) settle(id);
}

void proxy_lookup_state::on_tick() {
  auto t = now();
  timer.fired(t);
  misses.unpark(t);
  for (const auto& lost : misses.take_overdue(t)) {
    pool.done(lost.replica);
    pool.isolate(lost.replica, t);
    for (auto id : lost.misses) ask_elsewhere(id, lost.replica, replica_verdict::again);
  }
  while (auto late = fetches.expired(t)) {
    auto open = fetches.open_misses(*late);
    auto wrong =
        std::find_if(open.begin(), open.end(), [this](miss_id id) { return misses.find(id)->mismatched(); });
    fail_fetch(*late, failure_of(*misses.find(wrong == open.end() ? open.front() : *wrong)));
  }
  ask_for_links();
  if (misses.has_waiting()) request_flush();
  arm();
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
  auto t = now();
  if (complained && t - *complained < complaint_interval) return;
  complained = t;
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

void proxy_lookup_state::ask_for_links() {
  auto user = caf::actor_cast<link_user_port>(proxy_lookup_actor{self});
  for (auto n : pool.due(now())) self->send(router, want_link{pool.address(n), user});
}

/// Sees to it that a tick comes in time for whatever is next.
void proxy_lookup_state::arm() {
  auto due = pool.next_due();
  if (misses.size() > 0) due = std::min(due.value_or(time_point::max()), now() + limits::lookup_sweep);
  if (due) timer.at(self, *due);
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
  st.pool = replica_pool{config.replicas};
  st.misses = miss_table{st.pool.size()};
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
      [](const set_replicas&) {},
      [&st](tick) { st.on_tick(); },
      [&st](flush) { st.on_flush(); },
  };
}

} // namespace argentum::actors
