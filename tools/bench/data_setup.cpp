// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/data_setup.hpp"

#include "tools/bench/client.hpp"
#include "tools/bench/wait_for.hpp"

namespace argentum::bench {

void fill(int port, std::uint32_t count, const values& data, std::uint64_t turn) {
  run_load({.port = port,
            .connections = 8,
            .pipeline = 128,
            .command =
                [&](std::string& out, std::uint64_t n) {
                  append_command(out, {"SET", key_of(scattered(n, count)), data.of(n + turn)});
                },
            .commands_max = count});
}

std::chrono::duration<double> wait_until_level(const node& behind, const node& ahead) {
  auto begin = std::chrono::steady_clock::now();
  auto head = ahead.index();
  client asker{behind.port()};
  wait_for([&] { return asker.number({"INDEX"}) >= head; }, "a node has caught up", std::chrono::minutes{15});
  return std::chrono::steady_clock::now() - begin;
}

filled_root::filled_root(const workplace& where, const bench_options& how, const values& data)
    : root_(where, {.name = "root", .log_age = "1s"}) {
  say("fill a root");
  fill(root_.port(), how.keys, data);
  client writer{root_.port()};
  auto written = root_.index();
  std::uint64_t nudge = 0; // the log is cut by the age of its newest entry
  wait_for(
      [&] {
        writer.text({"SET", "bench:nudge", std::to_string(++nudge)});
        return static_cast<std::int64_t>(root_.metric("log_base_index")) >= written;
      },
      "the root has cut its log");
}

load reads(int port, const bench_options& how, const std::vector<pick>& picks, int pipeline) {
  return {.port = port,
          .connections = how.connections,
          .pipeline = pipeline,
          .command =
              [&picks, key = std::string{}](std::string& out, std::uint64_t n) mutable {
                const auto& next = picks[n % picks.size()];
                key.clear();
                (next.absent ? append_absent_key : append_key)(key, next.number);
                append_command(out, {"GET", key});
              },
          .time = std::chrono::duration<double>{how.seconds}};
}

} // namespace argentum::bench
