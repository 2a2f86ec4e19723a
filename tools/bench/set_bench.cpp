// SPDX-License-Identifier: Apache-2.0
// SET over RESP: every write on disk before it is acknowledged, against a Redis server that promises the same; and
// with durability "os", counted until the last of a chain of three is level, against a chain of Redis servers.
#include "tools/bench/client.hpp"
#include "tools/bench/data_setup.hpp"
#include "tools/bench/wait_for.hpp"

#include <fmt/format.h>

namespace argentum::bench {

namespace {

const std::vector<std::string> always{"--appendonly", "yes", "--appendfsync", "always"};
const std::vector<std::string> every_second{
    "--appendonly", "yes", "--appendfsync", "everysec", "--repl-diskless-sync-delay", "0"};

class writer {
 public:
  explicit writer(const bench_options& how) : how_(how), data_(how.value_bytes) {}

  load_result write(int port, int pipeline) {
    return run_load({.port = port,
                     .connections = how_.connections,
                     .pipeline = pipeline,
                     .command =
                         [this](std::string& out, std::uint64_t) {
                           ++written_; // never the value that a key has: that would be no write
                           append_command(out, {"SET", key_of(scattered(written_, how_.keys)), data_.of(written_)});
                         },
                     .time = std::chrono::duration<double>{how_.seconds}});
  }

  /// The rate counts until `last` has what was written to `first`.
  load_result write_until_level(int first, int last, int pipeline) {
    auto begin = std::chrono::steady_clock::now();
    auto result = write(first, pipeline);
    auto mark = std::to_string(++written_);
    client{first}.text({"SET", "bench:mark", mark});
    client asker{last};
    wait_for([&] { return asker.text({"GET", "bench:mark"}) == mark; }, "the last of a chain is level");
    result.took = std::chrono::steady_clock::now() - begin;
    return result;
  }

 private:
  const bench_options& how_;
  values data_;
  std::uint64_t written_ = 0;
};

void synced(const workplace& where, const bench_options& how, report& into) {
  node root{where, {.name = "root-fsync", .durability = "fsync"}};
  redis peer{where, "redis-always", always};
  writer ours{how}, theirs{how};
  auto write = [](const auto& server, writer& by, int pipeline) {
    return [&, pipeline] { return rate_of(server, [&] { return by.write(server.port(), pipeline); }); };
  };
  for (int pipeline : how.pipelines) {
    auto name = fmt::format("set: fsync, pipeline {}", pipeline);
    auto measured = alternate(name, how.rounds, write(root, ours, pipeline), write(peer, theirs, pipeline));
    into.add(compare(name, "SET/s", measured, "redis, appendfsync always", ratio_at_least(1)));
  }
}

void chained(const workplace& where, const bench_options& how, report& into) {
  node_chain nodes{where};
  redis_chain peers{where, every_second};
  writer ours{how}, theirs{how};
  auto write = [](const auto& chain, const auto& first, const auto& last, writer& by, int pipeline) {
    return [&, pipeline] {
      return rate_of(chain, [&] { return by.write_until_level(first.port(), last.port(), pipeline); });
    };
  };
  for (int pipeline : how.pipelines) {
    auto name = fmt::format("set: os, until a chain of three is level, pipeline {}", pipeline);
    auto measured = alternate(name, how.rounds, write(nodes, nodes.root, nodes.leaf, ours, pipeline),
                              write(peers, peers.head, peers.tail, theirs, pipeline));
    into.add(compare(name, "SET/s", measured, "redis chain, everysec", ratio_at_least(0.5)));
  }
}

} // namespace

void bench_set(const workplace& where, const bench_options& how, report& into) {
  synced(where, how, into);
  chained(where, how, into);
}

} // namespace argentum::bench
