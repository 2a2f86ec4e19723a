// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/lookup_server.hpp"

#include "messages/limits.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace argentum::actors {

namespace {

/// What an answer takes beside its value.
constexpr std::size_t answer_overhead = 16;

} // namespace

void lookup_server_state::on_request(link_id link, const lookup_request& request) {
  if (request.items.size() > limits::lookup_keys_max) return config.metrics->lookups_refused.add();
  auto current = view->load();
  auto common = common_with(request, current);
  std::size_t total = 0;
  std::size_t in_part = 0;
  lookup_response part{request.id, 0, {}};
  auto part_until = request.arrived + request.budget;
  auto send_part = [&](std::uint32_t next) {
    transport->send(link, peer_message{config.instance, std::exchange(part, {request.id, next, {}})});
    in_part = 0;
    part_until = now() + request.budget;
  };
  for (std::uint32_t i = 0; i < request.items.size(); ++i) {
    if (request.budget.count() > 0 && now() >= part_until)
      return config.metrics->lookups_late.add(request.items.size() - i);
    const auto& item = request.items[i];
    bool full = total >= limits::lookup_answer_bytes;
    part.answers.push_back(item.at_index > common.upto ? common.beyond
                           : full                      ? lookup_answer{lookup_status::later, 0, {}}
                                                       : answer(*current, item));
    count(part.answers.back());
    std::size_t bytes = answer_overhead + part.answers.back().value.size();
    total += bytes;
    in_part += bytes;
    if (in_part >= limits::batch_bytes) send_part(i + 1);
  }
  if (!part.answers.empty()) send_part(0);
}

/// How far the proxy's log is ours.
common_history::extent lookup_server_state::common_with(const lookup_request& request,
                                                        const std::shared_ptr<const storage::read_view>& current) {
  index_t wanted = 0;
  for (const auto& item : request.items) wanted = std::max(wanted, item.at_index);
  auto common = history.with(request.trail, wanted, current);
  if (common) return std::move(*common);
  spdlog::error("argentum.lookup_server {}: cannot read the log: {}", config.instance, describe(common.error()));
  return {0, {lookup_status::failed, 0, {}}};
}

lookup_answer lookup_server_state::answer(const storage::read_view& current, const lookup_item& item) const {
  auto found = current.read_at(item.key, item.at_index);
  if (found) return std::move(*found);
  spdlog::error("argentum.lookup_server {}: cannot read: {}", config.instance, describe(found.error()));
  return {lookup_status::failed, 0, {}};
}

void lookup_server_state::count(const lookup_answer& answered) const {
  switch (answered.status) {
  case lookup_status::found:
  case lookup_status::absent: config.metrics->lookups_served.add(); break;
  case lookup_status::behind: config.metrics->lookup_behind.add(); break;
  case lookup_status::pruned: config.metrics->lookup_pruned.add(); break;
  case lookup_status::diverged: config.metrics->lookup_diverged.add(); break;
  case lookup_status::failed:
  case lookup_status::later: break;
  }
}

lookup_server_port::behavior_type lookup_server(lookup_server_port::stateful_pointer<lookup_server_state> self,
                                                lookup_server_config config,
                                                std::shared_ptr<const storage::view_slot> view,
                                                std::shared_ptr<peer_transport> transport) {
  auto& st = self->state;
  st.config = std::move(config);
  st.view = std::move(view);
  st.transport = std::move(transport);
  return {
      [&st](link_id link, const lookup_request& m) { st.on_request(link, m); },
      [](const link_closed&) {}, // nothing is kept per link
  };
}

} // namespace argentum::actors
