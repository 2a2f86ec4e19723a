// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_transport.hpp"

namespace argentum::test {

namespace {

class fake_transport final : public peer_transport {
 public:
  fake_transport(fake_network& network, std::string node) : network_(network), node_(std::move(node)) {}
  link_id new_link() override { return {}; } // only routers dial, and these have their own way
  void dial(link_id, std::string) override {}
  void send(link_id link, peer_message message) override { network_.send(node_, link, std::move(message)); }
  void allow_compression(link_id) override {}
  void hang_up(link_id link, caf::error reason) override { network_.drop(link, reason); }

 private:
  fake_network& network_;
  std::string node_;
};

router_port::behavior_type fake_router(router_port::pointer, fake_network* network, const std::string& node) {
  return {[network, node](const want_link& m) { network->want(node, m); },
          [network](const drop_link& m) { network->drop(m.link, m.reason); },
          [](const add_link_server&) {},
          [](const release_link&) {},
          [](const forget_actor&) {},
          [](const link_accepted&) {},
          [](const link_dialled&) {},
          [](const link_broken&) {},
          [](link_id, const peer_body&) {},
          [](tick) {}};
}

template <class... Ts>
struct overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
overloaded(Ts...) -> overloaded<Ts...>;

std::size_t payload_of(const peer_message& message) {
  if (const auto* batch = std::get_if<entry_batch>(&message.body)) return payload_bytes(*batch->run);
  if (const auto* chunk = std::get_if<snapshot_chunk>(&message.body)) return payload_bytes(chunk->records);
  return 0;
}

} // namespace

std::shared_ptr<peer_transport> fake_network::transport(const std::string& node) {
  return std::make_shared<fake_transport>(*this, node);
}

router_port fake_network::router(const std::string& node) {
  return system_.spawn(fake_router, this, node);
}

void fake_network::want(const std::string& from, const want_link& what) {
  if (unreachable_.contains(what.address) || unreachable_.contains(from) || !endpoints_.contains(what.address)) {
    caf::anon_send(what.user, link_closed{{}, what.address, make_error(errc::unreachable, "nobody there")});
    return;
  }
  auto open = std::find_if(links_.begin(), links_.end(), [&](const auto& each) {
    return each.second.dialler == from && each.second.acceptor == what.address;
  });
  if (open == links_.end())
    open = links_.emplace(link_id{++count_}, link_ends{from, what.address, what.user}).first;
  hello peer;
  peer.node = what.address;
  peer.role = endpoints_[what.address].sink ? node_role::intermediate : node_role::root; // who follows nobody
  caf::anon_send(what.user, link_opened{open->first, what.address, peer});
}

void fake_network::drop(link_id link, const caf::error& reason) {
  auto node = links_.extract(link);
  if (node.empty()) return;
  const auto& ends = node.mapped();
  caf::anon_send(ends.user, link_closed{link, ends.acceptor, reason});
  if (const auto& source = endpoints_[ends.acceptor].source) caf::anon_send(source, link_closed{link, {}, reason});
}

void fake_network::isolate(const std::string& node) {
  unreachable_.insert(node);
  auto links = links_;
  for (const auto& [link, ends] : links)
    if (ends.dialler == node || ends.acceptor == node) drop(link, make_error(errc::link_lost, "isolated"));
}

void fake_network::cut(const std::string& a, const std::string& b) {
  auto links = links_;
  for (const auto& [link, ends] : links)
    if ((ends.dialler == a && ends.acceptor == b) || (ends.dialler == b && ends.acceptor == a))
      drop(link, make_error(errc::link_lost, "cut"));
}

void fake_network::resume(const std::string& node) {
  stalled_.erase(node);
  for (auto& [link, message] : std::exchange(outbox_[node], {})) {
    auto found = links_.find(link);
    if (found != links_.end()) deliver(found->second, node, link, std::move(message));
  }
}

std::size_t fake_network::unread_bytes(const std::string& node) const {
  std::size_t sum = 0;
  if (auto found = outbox_.find(node); found != outbox_.end())
    for (const auto& [link, message] : found->second) sum += payload_of(message);
  return sum;
}

void fake_network::send(const std::string& from, link_id link, peer_message message) {
  auto found = links_.find(link);
  if (found == links_.end()) return;
  const auto ends = found->second; // a copy: on_message may cut the link, and the message is lost with it
  const auto& to = ends.dialler == from ? ends.acceptor : ends.dialler;
  if (on_message && !on_message(from, to, message)) return;
  if (!links_.contains(link)) return;
  if (stalled_.contains(to)) {
    outbox_[to].emplace_back(link, std::move(message));
  } else {
    deliver(ends, to, link, std::move(message));
  }
}

void fake_network::deliver(const link_ends& ends, const std::string& to, link_id link, peer_message message) {
  const auto& where = endpoints_[to];
  auto to_source = [&](auto&& body) {
    if (where.source && to == ends.acceptor) caf::anon_send(where.source, link, std::move(body));
  };
  auto to_sink = [&](auto&& body) {
    if (where.sink && to == ends.dialler) caf::anon_send(where.sink, link, std::move(body));
  };
  std::visit(
      overloaded{
          [&](subscribe_request& m) { to_source(std::move(m)); },
          [&](replication_ack& m) { to_source(std::move(m)); }, [&](credit_grant& m) { to_source(std::move(m)); },
          [&](snapshot_request& m) { to_source(std::move(m)); }, [&](unsubscribe& m) { to_source(std::move(m)); },
          [&](subscribe_reply& m) { to_sink(std::move(m)); }, [&](entry_batch& m) { to_sink(std::move(m)); },
          [&](heartbeat& m) { to_sink(std::move(m)); }, [&](snapshot_wait& m) { to_sink(std::move(m)); },
          [&](snapshot_begin& m) { to_sink(std::move(m)); }, [&](snapshot_chunk& m) { to_sink(std::move(m)); },
          [](auto&) {}},
      message.body);
}

} // namespace argentum::test
