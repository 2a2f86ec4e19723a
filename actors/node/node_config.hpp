// SPDX-License-Identifier: Apache-2.0
// What a node is made of, as plain values: apps/node reads it from TOML, the simulation from a scenario.
#pragma once

#include "actors/oracle/oracle_config.hpp"
#include "actors/space/space_limits.hpp"
#include "messages/limits.hpp"
#include "messages/types.hpp"
#include "storage/store.hpp"
#include "storage/window.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace argentum::actors {

/// When a write counts as done. fsync: the disk has it. os: the operating system has it, the disk within
/// limits::sync_interval.
enum class durability : std::uint8_t { fsync = 1, os = 2 };

struct instance_config {
  std::string name;
  instance_role role = instance_role::replica;
  storage::log_retention log; ///< default by node role: see default_retention
  std::chrono::milliseconds history_span = limits::history_span;
  storage::window_limits window;         ///< proxies only, as `space`
  space_limits space;                    ///< of its own, beside those of the volume
  durability commit = durability::fsync; ///< root only; others sync in the background
};

/// A tenth of the volume free, and a twentieth.
space_limits volume_defaults();

/// Which reads are sampled for the estimate of the working set, and how far back it looks.
struct sampling_config {
  std::uint64_t one_key_in = 0; ///< 0 = none
  std::chrono::milliseconds span = std::chrono::hours{24};
  bool clear_keys = false; ///< exported as they are, not only their hashes
};

struct node_config {
  std::string name;
  node_role role = node_role::leaf;
  std::string datacenter;
  std::optional<oracle_config> oracle; ///< none: upstreams and replicas are those listed here
  std::vector<std::string> upstreams;  ///< peer addresses in order of preference; empty on the root
  std::vector<std::string> replicas;   ///< peer addresses of nodes that answer this node's misses
  std::vector<service_place> services; ///< where those are found by DNS instead, the nearest first
  std::size_t downstreams_max = limits::downstreams_max; ///< that follow one instance here
  std::vector<instance_config> instances;
  space_limits volume = volume_defaults(); ///< that the proxies leave free together
  std::chrono::milliseconds upstream_stale_after = limits::upstream_stale_after;
  std::chrono::milliseconds lookup_deadline = limits::lookup_deadline;
  std::size_t key_bytes_max = limits::key_bytes_max;
  std::size_t value_bytes_max = limits::value_bytes_max;
  sampling_config sampling;
  std::string root_name; ///< text for READONLY errors: the root's client address if known
};

/// One week on the root, a day on an intermediate, an hour on a replica leaf; 16 GiB at most.
storage::log_retention default_retention(node_role role);

/// One thing that is wrong, for people: "upstreams are missing; expected ...". `key` says where, as the config file
/// spells it ("tree.upstreams", "instance.2.role"); the caller knows the file and the line.
struct config_problem {
  std::string key;
  std::string text;
};

/// The first rule that the config breaks; nothing if it can be built.
std::optional<config_problem> problem_of(const node_config& config);

} // namespace argentum::actors
