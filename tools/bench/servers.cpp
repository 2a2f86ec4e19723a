// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/servers.hpp"

#include "tools/bench/client.hpp"
#include "tools/bench/tcp_socket.hpp"
#include "tools/bench/wait_for.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <fstream>

namespace argentum::bench {

namespace {

std::string quoted(const std::vector<std::string>& texts) {
  return texts.empty() ? "[]" : fmt::format("[\"{}\"]", fmt::join(texts, "\", \""));
}

/// Returns its path.
std::string write_config(const std::string& dir, const node_settings& what) {
  std::filesystem::create_directories(dir);
  auto path = dir + "/config.toml";
  std::ofstream file{path};
  file << fmt::format("[node]\nname = \"{}\"\nrole = \"{}\"\ndata_dir = \"{}/data\"\ndatacenter = \"bench\"\n"
                      "[listen]\nclient = \"127.0.0.1:0\"\npeer = \"127.0.0.1:0\"\nadmin = \"127.0.0.1:0\"\n"
                      "http = \"127.0.0.1:0\"\n[log]\nlevel = \"warn\"\n[tree]\n",
                      what.name, what.role, dir);
  if (!what.upstreams.empty()) file << fmt::format("upstreams = {}\n", quoted(what.upstreams));
  if (!what.replicas.empty()) file << fmt::format("replicas = {}\n", quoted(what.replicas));
  if (what.one_key_in > 0) file << fmt::format("[working_set]\none_key_in = {}\n", what.one_key_in);
  for (int i = 0; i < what.instances; ++i) {
    file << fmt::format("[[instance]]\nname = \"bench-{}\"\n", i);
    if (what.proxy)
      file << "role = \"proxy\"\n";
    else
      file << fmt::format("log_age = \"{}\"\nhistory_span = \"{}\"\n", what.log_age, what.history_span);
    if (what.role == "root") file << fmt::format("durability = \"{}\"\n", what.durability);
  }
  return path;
}

/// The number after the last colon of the word that follows `name`.
int port_in(const std::string& line, const std::string& name) {
  auto word = line.find(' ' + name + ' ') + name.size() + 2;
  auto colon = line.rfind(':', line.find(' ', word));
  return std::stoi(line.substr(colon + 1));
}

void wait_until_follows(int port) {
  client asker{port};
  wait_for(
      [&] {
        return asker.text({"INFO", "replication"})->find("master_link_status:up") != std::string::npos;
      },
      "a Redis replica follows its master");
}

std::vector<std::string> with(std::vector<std::string> arguments, const redis& master) {
  arguments.insert(arguments.end(), {"--replicaof", "127.0.0.1", std::to_string(master.port())});
  return arguments;
}

} // namespace

node::node(const workplace& where, const node_settings& what)
    : process_({where.node_binary, "--config", write_config(where.dir + '/' + what.name, what)},
               where.dir + '/' + what.name + "/log") {
  auto line = process_.wait_for_line(" ready: client ");
  client_ = port_in(line, "client");
  peer_ = port_in(line, "peer");
  http_ = port_in(line, "http");
}

double node::metric(const std::string& name) const {
  boost::asio::ip::tcp::iostream stream{"127.0.0.1", std::to_string(http_)};
  stream << "GET /metrics HTTP/1.0\r\n\r\n" << std::flush;
  double sum = 0;
  for (std::string line; std::getline(stream, line);)
    if (line.starts_with("argentum_" + name + '{') || line.starts_with("argentum_" + name + ' '))
      sum += std::stod(line.substr(line.rfind(' ')));
  return sum;
}

std::int64_t node::index() const {
  return client{client_}.number({"INDEX"});
}

redis::redis(const workplace& where, const std::string& name, const std::vector<std::string>& arguments)
    : port_(free_port()),
      process_(
          [&] {
            auto dir = where.dir + '/' + name;
            std::filesystem::create_directories(dir);
            std::vector<std::string> all{"redis-server", "--bind", "127.0.0.1", "--port", std::to_string(port_),
                                         "--dir",        dir,      "--save",    ""};
            all.insert(all.end(), arguments.begin(), arguments.end());
            return all;
          }(),
          where.dir + '/' + name + ".log") {
  process_.wait_for_line("Ready to accept connections");
}

node_chain::node_chain(const workplace& where)
    : root(where, {.name = "root"}),
      middle(where, {.name = "intermediate", .role = "intermediate", .upstreams = {root.peer()}}),
      leaf(where, {.name = "leaf", .role = "leaf", .upstreams = {middle.peer()}}) {}

redis_chain::redis_chain(const workplace& where, const std::vector<std::string>& arguments)
    : head(where, "redis-head", arguments),
      middle(where, "redis-middle", with(arguments, head)),
      tail(where, "redis-tail", with(arguments, middle)) {
  wait_until_follows(middle.port());
  wait_until_follows(tail.port());
}

} // namespace argentum::bench
