// SPDX-License-Identifier: Apache-2.0
#include "apps/node/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace argentum::app {

namespace {

using actors::config_problem;
using problem = std::optional<config_problem>;

problem listen_problem(const listen_settings& listen) {
  const std::pair<const char*, const std::string*> all[] = {{"listen.client", &listen.client},
                                                            {"listen.peer", &listen.peer},
                                                            {"listen.admin", &listen.admin},
                                                            {"listen.http", &listen.http}};
  std::vector<std::pair<const char*, net::address>> seen;
  for (auto& [key, text] : all) {
    auto parsed = net::parse_address(*text);
    if (!parsed)
      return config_problem{key,
                            fmt::format("\"{}\" is no address; expected \"host:port\" or \"[ipv6]:port\"", *text)};
    for (auto& [other, address] : seen) {
      if (parsed->port != 0 && parsed->port == address.port && parsed->host == address.host)
        return config_problem{key, fmt::format("{} is also {}; expected another port", *text, other)};
    }
    seen.emplace_back(key, *parsed);
  }
  return {};
}

problem peers_problem(const std::vector<std::string>& peers, const std::string& own, const char* key) {
  for (auto& each : peers) {
    auto parsed = net::parse_address(each);
    if (!parsed || parsed->port == 0)
      return config_problem{key, fmt::format("\"{}\" is no peer address; expected \"host:port\"", each)};
    if (each == own) return config_problem{key, fmt::format("{} is this node itself; expected another node", each)};
  }
  return {};
}

bool is_loopback(const std::string& host) {
  return host.starts_with("127.") || host == "::1" || host == "localhost";
}

/// Where no node on another machine can be reached, if there are any.
bool is_of_no_use(const std::string& host, const std::vector<std::string>& seeds) {
  if (host == "0.0.0.0" || host == "::") return true;
  return is_loopback(host) && std::any_of(seeds.begin(), seeds.end(), [](const auto& each) {
           return !is_loopback(net::parse_address(each)->host);
         });
}

problem oracle_problem(const settings& all) {
  const auto& oracle = all.node.oracle;
  if (!oracle) return {};
  if (auto p = peers_problem(oracle->seeds, oracle->address, "oracle.seeds")) return p;
  auto advertised = net::parse_address(oracle->address.empty() ? all.listen.peer : oracle->address);
  if (!advertised || (advertised->port == 0 && !oracle->address.empty()))
    return config_problem{"oracle.advertise",
                          fmt::format("\"{}\" is no address; expected \"host:port\"", oracle->address)};
  if (is_of_no_use(advertised->host, oracle->seeds))
    return config_problem{"oracle.advertise",
                          fmt::format("others cannot reach this node at {}; expected the \"host:port\" of its peer "
                                      "listener as they see it",
                                      advertised->host)};
  return {};
}

problem services_problem(const settings& all) {
  for (std::size_t n = 0; n < all.node.services.size(); ++n)
    for (const auto& server : all.node.services[n].servers)
      if (!net::parse_address(server))
        return config_problem{fmt::format("dns.{}.servers", n),
                              fmt::format("\"{}\" is no name server; expected \"ip:port\"", server)};
  return {};
}

/// As they stand in statements without quotes around them.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() <= limits::name_bytes_max
         && std::all_of(name.begin(), name.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            });
}

problem clickhouse_problem(const settings& all) {
  const auto& to = all.clickhouse;
  if (to.url.empty()) return {};
  if (all.node.sampling.one_key_in == 0)
    return config_problem{"working_set.clickhouse", "no reads are sampled; expected one_key_in too"};
  if (!clickhouse_address(to.url))
    return config_problem{"working_set.clickhouse",
                          fmt::format("\"{}\" is no url; expected \"http://host:port\"", to.url)};
  for (auto [key, name] : {std::pair{"database", &to.database}, std::pair{"table", &to.table}})
    if (!is_plain_name(*name))
      return config_problem{fmt::format("working_set.{}", key),
                            fmt::format("'{}' is no name; expected 1 to 64 of A-Z a-z 0-9 _", *name)};
  return {};
}

} // namespace

std::optional<net::address> clickhouse_address(const std::string& url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return {};
  auto rest = url.substr(scheme.size());
  if (rest.ends_with('/')) rest.pop_back();
  auto parsed = net::parse_address(rest);
  if (!parsed || parsed->port == 0) return {};
  return *parsed;
}

std::uint64_t clients_that_fit(std::uint64_t files) {
  return files - std::min<std::uint64_t>(files / 2, limits::files_reserved);
}

std::optional<config_problem> problem_of(const settings& all) {
  using namespace std::chrono_literals;
  if (auto p = actors::problem_of(all.node)) return p;
  if (auto p = listen_problem(all.listen)) return p;
  if (auto p = peers_problem(all.node.upstreams, all.listen.peer, "tree.upstreams")) return p;
  if (auto p = peers_problem(all.node.replicas, all.listen.peer, "tree.replicas")) return p;
  if (auto p = oracle_problem(all)) return p;
  if (auto p = services_problem(all)) return p;
  if (auto p = clickhouse_problem(all)) return p;
  if (all.storage.write_buffer_bytes > all.storage.block_cache_bytes / 2)
    return config_problem{"storage.write_buffers",
                          "more than half of block_cache, of which they are part; expected "
                          "less, or a larger block_cache"};
  if (all.clients.stalled_max < 1s || all.clients.stalled_max > 1h)
    return config_problem{"limits.client_stalled", "out of range; expected 1s to 1h"};
  if (all.clients.idle_max != 0s && (all.clients.idle_max < 1s || all.clients.idle_max > 168h))
    return config_problem{"limits.client_idle", "out of range; expected 1s to 1w, or 0s for no limit"};
  if (all.data_dir.empty()) return config_problem{"node.data_dir", "there is no data directory; expected a path"};
  return {};
}

} // namespace argentum::app
