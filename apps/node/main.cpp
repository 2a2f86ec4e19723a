// SPDX-License-Identifier: Apache-2.0
// argentum-node: exit code 0 after a clean stop, 1 when it cannot run or broke, 2 for a wrong config or command
// line.
#include "apps/node/logging.hpp"
#include "apps/node/options.hpp"
#include "apps/node/process.hpp"
#include "apps/node/reload.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <sys/resource.h>

/// jemalloc reads it at start: memory that a burst needed goes back to the system within seconds.
extern "C" const char* malloc_conf;
const char* malloc_conf = "background_thread:true,dirty_decay_ms:2000,muzzy_decay_ms:0";

namespace {

using namespace argentum;

/// Clients, links and table files all need descriptors; the usual soft limit of 1,024 is below any of them. Returns
/// how many there are.
std::uint64_t raise_file_limit() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_max;
}

/// As many clients as the process may have files for.
void fit_clients(app::client_settings& clients) {
  auto files = raise_file_limit();
  auto fit = std::min(clients.clients_max, app::clients_that_fit(files));
  if (fit < clients.clients_max)
    spdlog::warn("argentum.node may open {} files (ulimit -Hn): clients_max is lowered from {} to {}", files,
                 clients.clients_max, fit);
  else
    spdlog::info("argentum.node may open {} files", files);
  clients.clients_max = fit;
}

int fail(const std::string& why) {
  fmt::print(stderr, "argentum-node: {}\n", why);
  return 1;
}

/// All or nothing, by the file as it is now.
void reload(const app::options& given, app::config_keys& keys, app::process& running) {
  app::config_report report{given.config_path};
  auto now = app::load_config(given, report);
  if (report.ok()) app::refuse_changes(keys, now.keys, report);
  if (report.ok()) {
    keys = std::move(now.keys);
    running.take_roles(now.all.node);
    spdlog::info("argentum.node has taken the roles of {}", given.config_path);
  } else {
    for (auto& line : report.texts()) spdlog::error("argentum.node {}", line);
    spdlog::error("argentum.node has changed nothing");
  }
}

int serve(const app::options& given, const app::settings& all, app::config_keys keys) {
  app::stop_request stop;
  auto running = app::process::start(all, stop);
  if (!running) return fail(text_of(running.error()));
  auto ready = (*running)->ready_line();
  fmt::print("{}\n", ready);
  std::fflush(stdout);
  spdlog::info("argentum.node {} is a {} with {} instances; {}", all.node.name, to_string(all.node.role),
               all.node.instances.size(), ready);
  stop.on_hangup([&] { reload(given, keys, **running); });
  auto why = stop.wait();
  if (why.exit_code == 0)
    spdlog::info("argentum.node {} stops: {}", all.node.name, why.text);
  else
    spdlog::critical("argentum.node {} cannot go on: {}", all.node.name, why.text);
  (*running)->stop();
  spdlog::info("argentum.node {} has stopped", all.node.name);
  return why.exit_code == 0 ? 0 : fail(why.text);
}

int run(int argc, const char* const* argv) {
  app::options given;
  if (auto end = app::parse_options(argc, argv, given)) {
    fmt::print(end->code == 0 ? stdout : stderr, "{}\n", end->text);
    return end->code;
  }
  app::config_report report{given.config_path};
  auto [all, keys] = app::load_config(given, report);
  if (!report.ok()) {
    for (auto& line : report.texts()) fmt::print(stderr, "{}\n", line);
    return 2;
  }
  if (given.check_only) {
    fmt::print("ok\n");
    return 0;
  }
  app::set_up_logging(all.log);
  fit_clients(all.clients);
  return serve(given, all, std::move(keys));
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    return fail(e.what());
  }
}
