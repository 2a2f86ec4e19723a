// SPDX-License-Identifier: Apache-2.0
// A whole process in the test's own: real disk, real sockets, ports chosen by the system.
#include "apps/node/process.hpp"

#include <doctest/doctest.h>
#include <hiredis/hiredis.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <regex>
#include <unistd.h>

using namespace argentum;

namespace {

struct temporary_directory {
  std::string path =
      (std::filesystem::temp_directory_path() / ("argentum-process-" + std::to_string(::getpid()))).string();
  temporary_directory() { std::filesystem::remove_all(path); }
  ~temporary_directory() { std::filesystem::remove_all(path); }
};

app::settings root_in(const std::string& data_dir) {
  app::settings all;
  all.node.name = "root";
  all.node.role = node_role::root;
  actors::instance_config instance;
  instance.name = "a";
  instance.log = actors::default_retention(node_role::root);
  all.node.instances = {instance};
  all.data_dir = data_dir;
  all.listen = {"127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"};
  REQUIRE_FALSE(app::problem_of(all));
  return all;
}

std::unique_ptr<app::process> start(const app::settings& all, app::stop_request& stop) {
  auto started = app::process::start(all, stop);
  REQUIRE_MESSAGE(started, describe(started.error()));
  return std::move(*started);
}

int client_port(const app::process& running) {
  std::smatch found;
  auto line = running.ready_line();
  REQUIRE(
      std::regex_match(line, found,
                       std::regex{R"(argentum-node root ready: client 127\.0\.0\.1:(\d+) peer 127\.0\.0\.1:\d+ )"
                                  R"(admin 127\.0\.0\.1:\d+ http 127\.0\.0\.1:\d+)"}));
  CHECK(line.find(":0 ") == std::string::npos);
  return std::stoi(found[1]);
}

std::string ask(int port, const char* command) {
  std::unique_ptr<redisContext, decltype(&redisFree)> session{redisConnect("127.0.0.1", port), redisFree};
  REQUIRE(session->err == 0);
  std::unique_ptr<redisReply, decltype(&freeReplyObject)> reply{
      static_cast<redisReply*>(redisCommand(session.get(), command)), freeReplyObject};
  REQUIRE(reply != nullptr);
  return reply->type == REDIS_REPLY_NIL ? "(nil)" : std::string{reply->str, reply->len};
}

} // namespace

TEST_CASE("a process serves, stops, and serves the same data again") {
  temporary_directory directory;
  app::stop_request stop;
  {
    auto running = start(root_in(directory.path), stop);
    CHECK(ask(client_port(*running), "SET k v") == "OK");
    running->stop();
  }
  auto again = start(root_in(directory.path), stop);
  CHECK(ask(client_port(*again), "GET k") == "v");
  CHECK(ask(client_port(*again), "GET other") == "(nil)");
}

TEST_CASE("a second process on the same data is refused, and one without its address ends cleanly") {
  temporary_directory directory;
  app::stop_request stop;
  auto first = start(root_in(directory.path + "/1"), stop);
  auto same = app::process::start(root_in(directory.path + "/1"), stop);
  REQUIRE_FALSE(same);
  CHECK(text_of(same.error()).starts_with("data directory " + directory.path + "/1 is in use by another"));

  auto taken = root_in(directory.path + "/2");
  taken.listen.client = "127.0.0.1:" + std::to_string(client_port(*first));
  auto second = app::process::start(taken, stop);
  REQUIRE_FALSE(second);
  CHECK(text_of(second.error())
        == "client listener: cannot listen on " + taken.listen.client + ": Address already in use");
  start(root_in(directory.path + "/2"), stop); // nothing of it is left
}

TEST_CASE("a root refuses a proxy's data by name") {
  temporary_directory directory;
  app::stop_request stop;
  auto leaf = root_in(directory.path);
  leaf.node.role = node_role::leaf;
  leaf.node.upstreams = leaf.node.replicas = {"127.0.0.1:1"};
  leaf.node.instances[0].role = instance_role::proxy;
  start(leaf, stop);
  auto started = app::process::start(root_in(directory.path), stop);
  REQUIRE_FALSE(started);
  CHECK(code_of(started.error()) == errc::wrong_role);
  CHECK(text_of(started.error()).starts_with("instance a: "));
}

TEST_CASE("a signal asks to stop; the first reason counts") {
  {
    app::stop_request stop;
    std::raise(SIGTERM);
    auto why = stop.wait();
    CHECK(why.text == "SIGTERM");
    CHECK(why.exit_code == 0);
  }
  app::stop_request stop;
  stop.ask({"broken", 1});
  stop.ask({"later", 0});
  auto why = stop.wait();
  CHECK(why.text == "broken");
  CHECK(why.exit_code == 1);
}
