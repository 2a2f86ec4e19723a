// SPDX-License-Identifier: Apache-2.0
#include "actors/peer/node_inbox.hpp"

#include "messages/limits.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include <utility>
#include <variant>

namespace argentum::actors {

namespace {

/// Takes one message about an instance to its actor.
struct dispatcher {
  peer_transport& transport;
  const instance_routes& routes;
  link_id link;
  const std::string& instance;

  template <class Port, class Body>
  void to(const Port& port, Body& body) const {
    if (port) caf::anon_send(port, link, std::move(body));
  }

  void operator()(subscribe_request& m) const {
    if (routes.source) return to(routes.source, m);
    subscribe_reply reply;
    reply.verdict = subscribe_verdict::unknown;
    transport.send(link, peer_message{instance, reply});
  }
  void operator()(replication_ack& m) const { to(routes.source, m); }
  void operator()(credit_grant& m) const { to(routes.source, m); }
  void operator()(snapshot_request& m) const { to(routes.source, m); }
  void operator()(unsubscribe& m) const { to(routes.source, m); }

  void operator()(subscribe_reply& m) const { to(routes.sink, m); }
  void operator()(entry_batch& m) const { to(routes.sink, m); }
  void operator()(heartbeat& m) const { to(routes.sink, m); }
  void operator()(snapshot_wait& m) const { to(routes.sink, m); }
  void operator()(snapshot_begin& m) const { to(routes.sink, m); }
  void operator()(snapshot_chunk& m) const { to(routes.sink, m); }

  /// Without a replica of that instance here the proxy need not wait for its time-out to try another.
  void operator()(lookup_request& m) const {
    if (routes.lookup_server) {
      m.arrived = caf::actor_cast<caf::abstract_actor*>(routes.lookup_server)->home_system().clock().now();
      return to(routes.lookup_server, m);
    }
    if (m.items.size() > limits::lookup_keys_max) return;
    lookup_response reply{m.id, 0, {}};
    reply.answers.assign(m.items.size(), lookup_answer{lookup_status::failed, 0, {}});
    transport.send(link, peer_message{instance, std::move(reply)});
  }
  void operator()(lookup_response& m) const { to(routes.proxy_lookup, m); }

  /// hello, goodbye, ping and pong belong to the link; a newer peer's unknown kinds are ignored.
  template <class Other>
  void operator()(Other&) const {}
};

/// Takes one message about nodes to the oracle.
struct oracle_dispatcher {
  const oracle_port& oracle;
  link_id link;

  void operator()(gossip_state& m) const { to_oracle(m); }
  void operator()(nearest_request& m) const { to_oracle(m); }
  void operator()(nearest_reply& m) const { to_oracle(m); }
  void operator()(register_replica& m) const { to_oracle(m); }
  template <class Other>
  void operator()(Other&) const {}

  template <class Body>
  void to_oracle(Body& body) const {
    if (oracle) caf::anon_send(oracle, link, std::move(body));
  }
};

bool about_link(const peer_body& body) {
  return std::holds_alternative<hello>(body) || std::holds_alternative<goodbye>(body)
         || std::holds_alternative<ping>(body) || std::holds_alternative<pong>(body);
}

} // namespace

node_inbox::node_inbox(std::shared_ptr<peer_transport> transport) : transport_(std::move(transport)) {}

void node_inbox::attach(router_port router, std::map<std::string, instance_routes> instances) {
  auto filled = std::make_shared<table>();
  filled->transport = std::move(transport_);
  filled->router = std::move(router);
  filled->instances = std::move(instances);
  table_.store(std::move(filled));
}

void node_inbox::change(const std::function<void(table&)>& how) {
  std::lock_guard lock{changes_};
  auto now = table_.load();
  if (!now) return;
  auto changed = std::make_shared<table>(*now);
  how(*changed);
  table_.store(std::move(changed));
}

void node_inbox::route(const std::string& instance, instance_routes actors) {
  change([&](table& to) { to.instances[instance] = std::move(actors); });
}

void node_inbox::consult(oracle_port oracle) {
  change([&](table& to) { to.oracle = std::move(oracle); });
}

void node_inbox::detach() {
  std::lock_guard lock{changes_};
  table_.store(nullptr);
  transport_.reset();
}

template <class Event>
void node_inbox::to_router(Event event) {
  if (auto t = table_.load()) caf::anon_send(t->router, std::move(event));
}

void node_inbox::accepted(link_accepted event) {
  to_router(std::move(event));
}

void node_inbox::dialled(link_dialled event) {
  to_router(event);
}

void node_inbox::broken(link_broken event) {
  to_router(std::move(event));
}

void node_inbox::received(link_id link, peer_message message) {
  auto t = table_.load();
  if (!t) return;
  if (message.instance.empty()) {
    if (about_link(message.body)) return caf::anon_send(t->router, link, std::move(message.body));
    if (gate_->pass(link)) std::visit(oracle_dispatcher{t->oracle, link}, message.body);
    return;
  }
  if (!gate_->pass(link)) return;
  static const instance_routes nobody;
  auto it = t->instances.find(message.instance);
  const auto& routes = it == t->instances.end() ? nobody : it->second;
  std::visit(dispatcher{*t->transport, routes, link, message.instance}, message.body);
}

} // namespace argentum::actors
