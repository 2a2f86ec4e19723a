// SPDX-License-Identifier: Apache-2.0
// All that an operator can set for one process, with its defaults: the node itself and what surrounds it. Read from
// TOML by config_file, overridden by options.
#pragma once

#include "actors/node/node_config.hpp"
#include "apps/net/address.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace argentum::app {

/// "host:port" each; port 0 lets the system choose.
struct listen_settings {
  std::string client = "127.0.0.1:7400";
  std::string peer = "127.0.0.1:7401";
  std::string admin = "127.0.0.1:7402";
  std::string http = "127.0.0.1:7403";
};

/// Shared by all instances of the process; bytes.
struct storage_settings {
  std::uint64_t block_cache_bytes = 256 * limits::mib;
  std::uint64_t write_buffer_bytes = 64 * limits::mib; ///< part of the cache
  std::uint64_t background_threads = 2;
  std::uint64_t write_rate_bytes = 200 * limits::mib; ///< a second, of flushes and compactions
  std::uint64_t access_tracker_bytes = 16 * limits::mib; ///< of each proxy instance
};

struct client_settings {
  std::uint64_t clients_max = limits::clients_max;
  std::chrono::milliseconds stalled_max = limits::client_stalled_max;
  std::chrono::milliseconds idle_max{0}; ///< 0 = no limit
  bool flush = false;                    ///< FLUSHDB and FLUSHALL are allowed
};

/// How many clients a process that may open `files` files takes: the others are for links, and for table files,
/// which must not run out.
std::uint64_t clients_that_fit(std::uint64_t files);

/// Where sampled reads are exported to.
struct clickhouse_settings {
  std::string url; ///< "http://host:port"; empty = nowhere
  std::string database = "default";
  std::string table = "argentum_reads";
  std::string user = "default";
  std::string password_file; ///< empty = no password
};

enum class log_format : std::uint8_t { text = 1, json = 2 };

struct log_settings {
  std::string level = "info";
  log_format format = log_format::text;
};

struct settings {
  actors::node_config node;
  std::string data_dir;
  listen_settings listen;
  storage_settings storage;
  client_settings clients;
  clickhouse_settings clickhouse;
  log_settings log;
};

/// The address in an url; nothing if it is none of that form.
std::optional<net::address> clickhouse_address(const std::string& url);

/// The first rule broken, of the node and of what surrounds it.
std::optional<actors::config_problem> problem_of(const settings& all);

} // namespace argentum::app
