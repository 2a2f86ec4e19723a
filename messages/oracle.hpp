// SPDX-License-Identifier: Apache-2.0
// What nodes know of each other: the words of the Network Oracle (actors/oracle) and of those who ask it.
#pragma once

#include "messages/types.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace argentum {

/// Where a node is in the space of round trip times, in milliseconds: Vivaldi with height (Dabek, Cox, Kaashoek,
/// Morris, "Vivaldi: A Decentralized Network Coordinate System", 2004).
struct coordinate {
  std::array<double, 4> at{};
  double height = 0.1; ///< the way to the core of the network, part of every distance
  double error = 1.5;  ///< relative, from 0 (sure) up; 1.5 = knows nothing
  friend bool operator==(const coordinate&, const coordinate&) = default;
};

/// Who a node is and where it is reached.
struct contact {
  std::string node;
  std::string address; ///< "host:port" of links and datagrams
  friend bool operator==(const contact&, const contact&) = default;
};

/// How one instance is on one node that may be followed.
struct instance_status {
  std::string instance;
  index_t applied = 0;
  std::uint64_t news = 0;             ///< of the root, as last heard; 0 = none
  std::chrono::microseconds age{0};   ///< since those were heard
  std::chrono::microseconds delay{0}; ///< from the root to this node, along the tree, one way
  std::uint32_t depth = 0;            ///< hops from the root
  std::uint32_t downstreams = 0;
  std::uint32_t leaves = 0; ///< of those: an intermediate takes the place of one
  std::uint32_t downstreams_max = 0;
  std::string upstream; ///< its name; empty on the root, and while it follows nobody
  friend bool operator==(const instance_status&, const instance_status&) = default;
};

enum class member_state : std::uint8_t { alive = 1, suspect = 2, dead = 3, left = 4 };

/// What the members of the overlay know of one of them. (process, incarnation) grow: the larger is the newer.
struct member {
  std::string node;
  std::string address;
  node_role role = node_role::intermediate;
  std::string datacenter;
  std::uint64_t process = 0;     ///< microseconds of the wall clock at its start: a restarted one beats its past
  std::uint64_t incarnation = 0; ///< counted up by itself alone: refutations, changes
  member_state state = member_state::alive;
  coordinate where;
  friend bool operator==(const member&, const member&) = default;
};

/// Somebody who can be followed, as of now.
struct upstream_candidate {
  contact who;
  node_role role = node_role::intermediate;
  std::chrono::microseconds rtt{0};
  std::chrono::microseconds cost{0}; ///< see upstream_ranking
  instance_status status;
};

/// Replicas of a proxy's instance, the nearest datacenter first. Replaces what was known before.
struct set_replicas {
  struct replica {
    std::string address;
    std::uint32_t rank = 0; ///< 0 = our own datacenter, 1 = the nearest other one, ...
    friend bool operator==(const replica&, const replica&) = default;
  };
  std::vector<replica> replicas;
};

/// What comes and goes by UDP, sealed (messages/wire/gossip_seal.hpp).
struct datagram {
  std::string address; ///< "ip:port" of the sender
  std::string bytes;
};

// -- over links -------------------------------------------------------------------------------------------------

/// All that a member knows, as datagrams of it would carry; the asker says its own, the asked one answers so.
struct gossip_state {
  std::string sealed;
  bool answer = false;
  friend bool operator==(const gossip_state&, const gossip_state&) = default;
};

/// Leaf -> intermediate: who is near, and who has these instances?
struct nearest_request {
  std::string node;
  std::string datacenter;
  std::vector<std::string> instances;
  friend bool operator==(const nearest_request&, const nearest_request&) = default;
};

/// Its answer. Datacenters are ordered by round trip time from the asker's own, which is the first.
struct nearest_reply {
  struct group {
    std::string datacenter;
    std::chrono::microseconds rtt{0};
    std::vector<contact> upstreams;
    friend bool operator==(const group&, const group&) = default;
  };
  struct owner {
    std::string instance;
    contact who;
    friend bool operator==(const owner&, const owner&) = default;
  };
  std::vector<group> groups;
  std::vector<owner> replicas; ///< of the instances asked for, in the datacenter of the answering node
  friend bool operator==(const nearest_reply&, const nearest_reply&) = default;
};

/// Replica leaf -> intermediates of its datacenter, again and again: ask me for these. None: no more.
struct register_replica {
  contact who;
  std::vector<std::string> instances;
  std::chrono::milliseconds ttl{0};
  friend bool operator==(const register_replica&, const register_replica&) = default;
};

} // namespace argentum
