// SPDX-License-Identifier: Apache-2.0
#include "tests/wire/random_messages.hpp"

#include "messages/oracle_limits.hpp"

namespace argentum::test {

std::uint64_t message_source::number() {
  switch (below(4)) {
  case 0: return 0;
  case 1: return below(1000);
  case 2: return ~std::uint64_t{0};
  default: return random_();
  }
}

std::string message_source::bytes(std::size_t size_max) {
  std::string out(below(4) == 0 ? 0 : below(size_max + 1), '\0');
  if (below(2) == 0)
    for (auto& byte : out) byte = static_cast<char>(random_());
  else
    for (auto& byte : out) byte = static_cast<char>("\0ab\xff"[below(4)]);
  return out;
}

stamp_t message_source::stamp() {
  return stamp_t{std::chrono::microseconds{static_cast<std::int64_t>(number())}};
}

record_run message_source::run() {
  auto run = std::make_shared<std::vector<log_record>>();
  auto first = 1 + below(1'000'000'000'000);
  auto count = 1 + below(50);
  for (std::uint64_t i = 0; i < count; ++i) run->push_back({first + i, number(), bytes(300)});
  return run;
}

std::vector<snapshot_record> message_source::snapshot() {
  std::vector<snapshot_record> out(below(50));
  for (auto& record : out) record = {bytes(60), number(), bytes(300)};
  return out;
}

std::vector<lookup_answer> message_source::answers() {
  std::vector<lookup_answer> out(below(100));
  for (auto& answer : out) {
    answer.status = static_cast<lookup_status>(1 + below(7));
    answer.index = number();
    if (answer.status == lookup_status::found) answer.value = bytes(300);
  }
  return out;
}

contact message_source::who() {
  return {bytes(limits::name_bytes_max), bytes(limits::address_bytes_max)};
}

std::vector<contact> message_source::contacts(std::size_t most) {
  std::vector<contact> out(below(most + 1));
  for (auto& each : out) each = who();
  return out;
}

std::vector<std::string> message_source::names() {
  std::vector<std::string> out(below(limits::instances_max + 1));
  for (auto& each : out) each = bytes(limits::name_bytes_max);
  return out;
}

std::chrono::microseconds message_source::microseconds() {
  return std::chrono::microseconds{below(1'000'000'000)};
}

node_role message_source::place() {
  return static_cast<node_role>(1 + below(3));
}

heartbeat message_source::news() {
  std::vector<std::string> path(below(limits::path_nodes_max + 1));
  for (auto& node : path) node = bytes(40);
  return {number(), stamp(), stamp(), number(), std::move(path), microseconds()};
}

peer_body message_source::body(std::size_t which) {
  switch (which) {
  case 0: {
    auto least = static_cast<std::uint32_t>(below(5));
    return hello{least, least + 2, bytes(limits::name_bytes_max), number(), place(), bytes(20), below(2) == 0};
  }
  case 1: return goodbye{bytes(limits::reason_bytes_max)};
  case 2: return ping{number()};
  case 3: return pong{number()};
  case 4: return subscribe_request{id(), role(), where(), number(), who(), place()};
  case 5: {
    subscribe_reply reply{static_cast<subscribe_verdict>(1 + below(8)), id(), where(), {}, {}};
    if (below(2) == 0) reply.news = news();
    reply.alternatives = contacts(limits::alternatives_max);
    return reply;
  }
  case 6: return entry_batch{run()};
  case 7: return replication_ack{number(), number()};
  case 8: return credit_grant{number()};
  case 9: return news();
  case 10: return snapshot_request{role(), number(), number(), bytes(limits::key_bytes_max)};
  case 11: return snapshot_wait{static_cast<std::uint32_t>(number())};
  case 12: return snapshot_begin{{id(), where(), stamp(), number()}, below(2) == 0};
  case 13: return snapshot_chunk{snapshot(), below(2) == 0};
  case 14: {
    std::vector<lookup_item> items(below(limits::lookup_keys_max + 1));
    for (auto& item : items) item = {bytes(60), number()};
    std::vector<position> trail(below(limits::lookup_positions_max + 1));
    for (auto& each : trail) each = where();
    return lookup_request{number(), std::move(items), std::move(trail),
                          std::chrono::microseconds{below(1'000'000)}};
  }
  case 15: return lookup_response{number(), static_cast<std::uint32_t>(below(100)), answers()};
  case 16: return unsubscribe{};
  case 17: return gossip_state{bytes(2000), below(2) == 0};
  case 18: return nearest_request{bytes(limits::name_bytes_max), bytes(limits::name_bytes_max), names()};
  case 19: {
    nearest_reply reply;
    reply.groups.resize(below(limits::near_groups_max + 1));
    for (auto& group : reply.groups)
      group = {bytes(limits::name_bytes_max), microseconds(), contacts(limits::near_contacts_max)};
    reply.replicas.resize(below(100));
    for (auto& owner : reply.replicas) owner = {bytes(limits::name_bytes_max), who()};
    return reply;
  }
  case 20: return register_replica{who(), names(), std::chrono::milliseconds{below(1'000'000)}};
  case 21: return admin_request{number(), names(), below(2) == 0};
  case 22: return admin_cancel{number()};
  case 23: {
    auto part = static_cast<admin_part>(1 + below(4));
    return admin_reply{number(), part, bytes(limits::name_bytes_max), bytes(2000)};
  }
  default: return unknown_message{};
  }
}

peer_message message_source::make(std::size_t which) {
  return {below(3) == 0 ? std::string{} : bytes(limits::name_bytes_max), body(which)};
}

bool equal(const peer_message& a, const peer_message& b) {
  if (a.instance != b.instance || a.body.index() != b.body.index()) return false;
  return std::visit(
      [&](const auto& left) {
        using type = std::decay_t<decltype(left)>;
        const auto& right = std::get<type>(b.body);
        if constexpr (std::is_same_v<type, entry_batch>)
          return *left.run == *right.run;
        else
          return left == right;
      },
      a.body);
}

} // namespace argentum::test
