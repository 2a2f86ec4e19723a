// SPDX-License-Identifier: Apache-2.0
#include "apps/node/options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>

namespace argentum::app {

namespace {

struct override_flag {
  const char* flag;
  const char* key;
  const char* help;
  std::string& (*target)(settings&);
};

const std::array<override_flag, 7> override_flags{{
    {"--name", "node.name", "Name of the node", [](settings& s) -> std::string& { return s.node.name; }},
    {"--data-dir", "node.data_dir", "Data directory", [](settings& s) -> std::string& { return s.data_dir; }},
    {"--listen-client", "listen.client", "host:port for Redis clients",
     [](settings& s) -> std::string& { return s.listen.client; }},
    {"--listen-peer", "listen.peer", "host:port for other nodes",
     [](settings& s) -> std::string& { return s.listen.peer; }},
    {"--listen-admin", "listen.admin", "host:port for administration",
     [](settings& s) -> std::string& { return s.listen.admin; }},
    {"--listen-http", "listen.http", "host:port for metrics and health",
     [](settings& s) -> std::string& { return s.listen.http; }},
    {"--log-level", "log.level", "debug, info, warn or error",
     [](settings& s) -> std::string& { return s.log.level; }},
}};

} // namespace

std::optional<early_exit> parse_options(int argc, const char* const* argv, options& into) {
  CLI::App app{"A node of an Argentum tree: root, intermediate or leaf, as its config says.", "argentum-node"};
  app.set_version_flag("--version", "argentum-node " ARGENTUM_VERSION);
  app.add_option("--config", into.config_path, "TOML file; see apps/README.md")->required()->type_name("FILE");
  app.add_flag("--check", into.check_only, "Only say whether the config is right");
  std::array<std::string, override_flags.size()> values;
  for (std::size_t n = 0; n < override_flags.size(); ++n)
    app.add_option(override_flags[n].flag, values[n], override_flags[n].help)->type_name("");
  app.get_option("--log-level")->check(CLI::IsMember({"debug", "info", "warn", "error"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    auto text = app.help();
    text.erase(text.find_last_not_of('\n') + 1);
    return early_exit{0, std::move(text)};
  } catch (const CLI::CallForVersion& e) {
    return early_exit{0, e.what()};
  } catch (const CLI::ParseError& e) {
    return early_exit{2, fmt::format("argentum-node: {}; see argentum-node --help", e.what())};
  }
  for (std::size_t n = 0; n < override_flags.size(); ++n) {
    auto& flag = override_flags[n];
    if (app.count(flag.flag) != 0) into.overrides.push_back({flag.key, flag.flag, values[n]});
  }
  return {};
}

void apply_overrides(const options& given, settings& all, config_report& report) {
  for (auto& each : given.overrides) {
    for (auto& flag : override_flags) {
      if (each.key != flag.key) continue;
      flag.target(all) = each.value;
      report.overridden(each.key, each.flag);
    }
  }
}

} // namespace argentum::app
