// SPDX-License-Identifier: Apache-2.0
// What is simulated, as plain values: the tree, its network, what clients do, what goes wrong. Read from a TOML
// file (scenario_file.hpp); the keys have the same names there, and apps/sim/README.md explains them.
#pragma once

#include "actors/node/node_config.hpp"
#include "apps/sim/path_shape.hpp"
#include "apps/sim/random_source.hpp"
#include "apps/sim/rtt_table.hpp"
#include "storage/window.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace argentum::sim {

struct workload_plan {
  std::uint64_t writes_per_second = 20;
  std::uint64_t keys = 500;
  std::uint64_t zipf_percent = 90;   ///< exponent of the keys' popularity, in hundredths
  std::uint64_t value_bytes_min = 0; ///< values have any length between these two, all as often
  std::uint64_t value_bytes_max = 200;
  std::uint64_t delete_percent = 15;
  std::uint64_t repeat_percent = 5;         ///< of writes: the value that is there already
  std::uint64_t batch_percent = 10;         ///< of writes: several keys in one entry
  std::uint64_t command_percent = 0;        ///< of writes: INCR, APPEND, SETNX ... and transactions of them
  std::uint64_t watch_percent = 0;          ///< of writes: only if a key is as it was read before
  std::uint64_t reads_per_second = 20;      ///< on each node
  std::uint64_t negatives_per_positive = 1; ///< reads of keys that nobody writes, for each of a key of the workload
  std::uint64_t many_percent = 10;          ///< of reads: MGET
  std::uint64_t past_percent = 10;          ///< of reads: history of a replica
  std::uint64_t wait_percent = 5;           ///< of writes: read back on another node after WAITINDEX
  std::uint64_t evictions_per_second = 5;   ///< on each proxy, values outside the window
};

/// Mean time between faults of a kind, all nodes together; 0 = never.
struct fault_plan {
  std::chrono::milliseconds kill{0};      ///< a process, as by kill -9
  std::chrono::milliseconds power{0};     ///< a machine; what was not synced is lost
  std::chrono::milliseconds wipe{0};      ///< a machine, and its disk is replaced; never the root's
  std::chrono::milliseconds remove{0};    ///< a machine leaves, but never the last that another one names
  std::chrono::milliseconds add{0};       ///< a machine joins with an empty disk
  std::chrono::milliseconds role{0};      ///< a proxy becomes a replica, or back; its process ends every other time
  std::chrono::milliseconds freeze{0};    ///< a process stands still
  std::chrono::milliseconds reset{0};     ///< all connections of two nodes
  std::chrono::milliseconds cut{0};       ///< one direction between two nodes
  std::chrono::milliseconds partition{0}; ///< both directions between one node and all others
  std::chrono::milliseconds slow{0};      ///< two nodes are far apart for a while
  std::chrono::milliseconds disk_full{0}; ///< never the root's
  std::chrono::milliseconds disk_stall{0}; ///< a disk answers nothing
  std::chrono::milliseconds clock_jump{0}; ///< a wall clock
  std::chrono::milliseconds lasts{10'000}; ///< at most
};

/// A scripted step.
struct scripted_event {
  std::chrono::milliseconds at{0};
  std::string action; ///< one of scripted_actions
  std::string node;
  std::string other; ///< the second node
  std::string key;
  std::string value; ///< written, or expected, or another argument
  std::uint64_t count = 0;
  unsigned line = 0; ///< in the scenario's file
};

/// What an action needs beside its time.
struct scripted_action {
  std::string_view name;
  bool node, other, key, value;
  std::string_view help;
};
const std::vector<scripted_action>& scripted_actions();
/// How far a clock is off: "+2h", "-30m". Nothing if it is no such text.
std::optional<vtime> parse_skew(const std::string& text);

struct scenario {
  std::string name;
  std::string description;
  std::chrono::milliseconds until{60'000};
  std::chrono::milliseconds converge_within{60'000};
  path_shape path; ///< between nodes; its delay only where datacenters don't say more
  std::vector<datacenter> datacenters;
  rtt_table rtt; ///< of these
  storage::window_limits window{std::chrono::seconds{10}, 50};
  std::vector<actors::node_config> nodes;     ///< the root first
  std::set<std::string> spares;               ///< of the nodes: those that are added later
  std::map<std::string, std::uint64_t> disks; ///< bytes of each instance's disk, by node; others have no end
  workload_plan workload;
  fault_plan faults;
  std::vector<scripted_event> events; ///< in order of time

  /// Number of a datacenter.
  std::optional<std::size_t> place_of(const std::string& datacenter) const;
  /// Of one direction between two datacenters; names that are unknown or empty are nowhere: `path`.
  path_shape path_between(const std::string& from, const std::string& to) const;
};

} // namespace argentum::sim
