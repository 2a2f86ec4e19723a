// SPDX-License-Identifier: Apache-2.0
// GET over RESP: a replica leaf against a Redis server that holds the same data, by our load generator and by
// redis-benchmark; and a proxy leaf that has no value and must ask for each.
#include "tools/bench/data_setup.hpp"

#include <fmt/format.h>

namespace argentum::bench {

namespace {

constexpr std::size_t picks_count = 1 << 20;
constexpr int sampled_one_in = 100;

struct servers {
  servers(const workplace& where, const bench_options& how, const values& data)
      : root(where, how, data),
        replica(where, {.name = "replica", .role = "leaf", .upstreams = {root->peer()}}),
        sampled(where,
                {.name = "sampled", .role = "leaf", .upstreams = {root->peer()}, .one_key_in = sampled_one_in}),
        peer(where, "redis", {}) {
    fill(peer.port(), how.keys, data);
    wait_until_level(replica, *root);
    wait_until_level(sampled, *root);
  }
  filled_root root;
  node replica;
  node sampled; ///< a replica that samples reads for the working set
  redis peer;
};

/// The rate in the last line of its CSV: "GET key:__rand_int__","12345.67",...
double rate_in(const std::string& csv) {
  auto line = csv.rfind("\n\"GET");
  auto comma = csv.find("\",\"", line);
  if (line == std::string::npos || comma == std::string::npos)
    throw std::runtime_error{"redis-benchmark: " + csv.substr(0, 300)};
  return std::stod(csv.substr(comma + 3));
}

measurement redis_benchmark(const workplace& where, int port, const bench_options& how, int pipeline,
                            std::uint64_t requests) {
  auto text = [](auto value) { return std::to_string(value); };
  child_process process{{"redis-benchmark", "-p", text(port), "-c", text(how.connections), "-P", text(pipeline),
                         "-n", text(requests), "-r", text(how.keys), "--csv", "GET", "key:__rand_int__"},
                        where.dir + "/redis-benchmark.log"};
  return {rate_in(process.output())};
}

void with_pipeline(const workplace& where, const bench_options& how, const servers& all, int pipeline,
                   report& into) {
  auto name = [&](const std::string& what) { return fmt::format("get: {}, pipeline {}", what, pipeline); };
  auto read = [&](const auto& server, const std::vector<pick>& picks) {
    return [&] { return rate_of(server, [&] { return run_load(reads(server.port(), how, picks, pipeline)); }); };
  };
  auto hits = zipf_picks(how.keys, how.skew, 0, picks_count);
  auto negatives = zipf_picks(how.keys, how.skew, 1, picks_count);
  auto mix = zipf_picks(how.keys, how.skew, how.absent_share(), picks_count);
  auto against_redis = [&](const std::string& what, const std::vector<pick>& picks, std::optional<bar> wanted) {
    auto measured = alternate(what, how.rounds, read(all.replica, picks), read(all.peer, picks));
    into.add(compare(what, "GET/s", measured, "redis", wanted));
    return measured.ours.rate;
  };
  auto rate = against_redis(name("hit"), hits, ratio_at_least(1));
  against_redis(name("negative"), negatives, std::nullopt);
  against_redis(name(fmt::format("{:g} negatives a hit", how.negatives)), mix, std::nullopt);
  auto kinds =
      alternate(name("negative against hit"), how.rounds, read(all.replica, negatives), read(all.replica, hits));
  into.add(compare(name("negative against hit"), "GET/s", kinds, "hit", ratio_at_least(1)));
  auto sampling =
      alternate(name("sampled against not"), how.rounds, read(all.sampled, hits), read(all.replica, hits));
  into.add(compare(name("sampled against not"), "GET/s", sampling, "not sampled", std::nullopt));
  auto requests = static_cast<std::uint64_t>(std::max(rate * how.seconds, 1000.0));
  auto by_redis = [&](int port) {
    return [&, port] { return redis_benchmark(where, port, how, pipeline, requests); };
  };
  auto measured = alternate(name("hit, by redis-benchmark"), how.rounds, by_redis(all.replica.port()),
                            by_redis(all.peer.port()));
  into.add(compare(name("hit, by redis-benchmark"), "GET/s", measured, "redis", ratio_at_least(1)));
}

/// Each value once: none is there before it is asked for.
void misses(const workplace& where, const bench_options& how, const servers& all, report& into) {
  node proxy{where,
             {.name = "proxy",
              .role = "leaf",
              .proxy = true,
              .upstreams = {all.root->peer()},
              .replicas = {all.replica.peer()}}};
  wait_until_level(proxy, *all.root);
  say("get: miss on a proxy");
  load each_once{.port = proxy.port(),
                 .connections = how.connections,
                 .command =
                     [&](std::string& out, std::uint64_t n) {
                       append_command(out, {"GET", key_of(scattered(n, how.keys))});
                     },
                 .commands_max = how.keys,
                 .time = std::chrono::duration<double>{how.seconds * how.rounds}};
  double replies = 0;
  auto measured = rate_of(proxy, [&] {
    auto result = run_load(each_once);
    replies = static_cast<double>(result.replies);
    return result;
  });
  into.add({.name = "get: miss on a proxy, pipeline 1",
            .unit = "GET/s",
            .value = measured.rate,
            .latencies = measured.latencies,
            .cpu_us = measured.cpu_us});
  if (auto asked = proxy.metric("misses_total"); asked < replies)
    into.note(fmt::format("get: only {:.0f} of {:.0f} GETs on the proxy were misses", asked, replies));
}

} // namespace

void bench_get(const workplace& where, const bench_options& how, report& into) {
  values data{how.value_bytes};
  servers all{where, how, data};
  for (int pipeline : how.pipelines) with_pipeline(where, how, all, pipeline, into);
  misses(where, how, all, into);
}

} // namespace argentum::bench
