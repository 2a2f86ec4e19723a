// SPDX-License-Identifier: Apache-2.0
// A network of nodes within one deterministic actor system. It encodes nothing and delivers at once and in order;
// links can be cut, addresses made unreachable, receivers stalled, and messages changed on the way. A node is a
// name (its address too), a router stand-in for its sinks, and the ports that messages to it go to.
#pragma once

#include "messages/transport.hpp"
#include "tests/support/deterministic.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace argentum::test {

class fake_network {
 public:
  /// Where a node's messages go; invalid handles take nothing.
  struct endpoint {
    source_port source;
    sink_port sink;
  };

  explicit fake_network(deterministic& system) : system_(system) {}

  std::shared_ptr<peer_transport> transport(const std::string& node);
  /// Answers want_link and drop_link for a node.
  router_port router(const std::string& node);
  void attach(const std::string& node, endpoint where) { endpoints_[node] = std::move(where); }

  /// A node that can't be dialled until it is made reachable again; its links break.
  void isolate(const std::string& node);
  void reconnect(const std::string& node) { unreachable_.erase(node); }
  /// Breaks all links between two nodes.
  void cut(const std::string& a, const std::string& b);
  /// A node that reads nothing more: what is sent to it waits in the sender's outbox.
  void stall(const std::string& node) { stalled_.insert(node); }
  void resume(const std::string& node);
  std::uint64_t links_made() const noexcept { return count_; }
  /// Payload bytes of entries and snapshots that wait for a stalled node.
  std::size_t unread_bytes(const std::string& node) const;

  /// Sees each message before it is delivered and may change it; false loses it.
  std::function<bool(const std::string& from, const std::string& to, peer_message&)> on_message;

  // used by transports and routers
  void want(const std::string& from, const want_link& what);
  void drop(link_id link, const caf::error& reason);
  void send(const std::string& from, link_id link, peer_message message);

 private:
  struct link_ends {
    std::string dialler;
    std::string acceptor;
    link_user_port user;
  };
  void deliver(const link_ends& ends, const std::string& to, link_id link, peer_message message);

  deterministic& system_;
  std::map<std::string, endpoint> endpoints_;
  std::map<link_id, link_ends> links_;
  std::set<std::string> unreachable_;
  std::set<std::string> stalled_;
  std::map<std::string, std::deque<std::pair<link_id, peer_message>>> outbox_;
  std::uint64_t count_ = 0;
};

} // namespace argentum::test
