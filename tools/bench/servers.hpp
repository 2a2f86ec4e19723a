// SPDX-License-Identifier: Apache-2.0
// Starts the servers that are compared, each on ports of its own: nodes of Argentum and Redis servers.
#pragma once

#include "tools/bench/child_process.hpp"

#include <memory>
#include <string>
#include <vector>

namespace argentum::bench {

/// Where nodes come from, and where servers keep their data.
struct workplace {
  std::string node_binary;
  std::string dir;
};

struct node_settings {
  std::string name;          ///< also its directory in the workplace, which a later start finds again
  std::string role = "root"; ///< "root", "intermediate" or "leaf"
  bool proxy = false;
  std::vector<std::string> upstreams = {}; ///< peer addresses
  std::vector<std::string> replicas = {};
  std::string durability = "os"; ///< of a root
  std::string log_age = "1w";    ///< "1s": whoever comes later must copy everything
  std::string history_span = "2h";
  int instances = 1;
  int one_key_in = 0; ///< reads of so many are sampled for the working set; 0 = none
};

/// Listens when it is made; running until it is destroyed.
class node {
 public:
  node(const workplace& where, const node_settings& what);

  int port() const noexcept { return client_; } ///< for clients
  std::string peer() const { return "127.0.0.1:" + std::to_string(peer_); }
  std::uint64_t resident_bytes() const { return process_.resident_bytes(); }
  std::uint64_t peak_resident_bytes() const { return process_.peak_resident_bytes(); }
  std::chrono::nanoseconds cpu_time() const { return process_.cpu_time(); }
  /// A counter or gauge of /metrics, summed over the instances.
  double metric(const std::string& name) const;
  /// The index of its first instance.
  std::int64_t index() const;

 private:
  child_process process_;
  int client_ = 0, peer_ = 0, http_ = 0;
};

/// A Redis server without snapshots; stopped when it is destroyed.
class redis {
 public:
  /// `arguments` as on its command line.
  redis(const workplace& where, const std::string& name, const std::vector<std::string>& arguments);

  int port() const noexcept { return port_; }
  std::chrono::nanoseconds cpu_time() const { return process_.cpu_time(); }

 private:
  int port_;
  child_process process_;
};

/// root -> intermediate -> leaf.
struct node_chain {
  explicit node_chain(const workplace& where);
  std::chrono::nanoseconds cpu_time() const { return root.cpu_time() + middle.cpu_time() + leaf.cpu_time(); }
  node root, middle, leaf;
};

/// A Redis server, its replica, and that one's replica.
struct redis_chain {
  redis_chain(const workplace& where, const std::vector<std::string>& arguments);
  std::chrono::nanoseconds cpu_time() const { return head.cpu_time() + middle.cpu_time() + tail.cpu_time(); }
  redis head, middle, tail;
};

} // namespace argentum::bench
