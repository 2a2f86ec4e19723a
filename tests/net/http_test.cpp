// SPDX-License-Identifier: Apache-2.0
#include "apps/net/http_server.hpp"
#include "tests/net/raw_client.hpp"
#include "tests/net/resp_fixture.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace argentum;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

struct http_fixture {
  explicit http_fixture(bool root) : f{root} {
    net::http_server_config config{
        {"127.0.0.1", 0}, "tester", root ? node_role::root : node_role::leaf, "0.1.0", {}};
    auto started = net::http_server::start(config, f.loops, f.instances, f.metrics);
    REQUIRE(started);
    server = std::move(*started);
  }
  /// Status line and body.
  std::pair<std::string, std::string> get(const std::string& target, const std::string& method = "GET") {
    raw_client c{server->port()};
    c.send(method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    auto all = c.receive_all();
    return {all.substr(0, all.find("\r\n")), all.substr(all.find("\r\n\r\n") + 4)};
  }

  resp_fixture f;
  std::unique_ptr<net::http_server> server;
};

} // namespace

TEST_CASE("a root is alive and ready") {
  http_fixture h{true};
  CHECK(h.get("/healthz") == std::pair<std::string, std::string>{"HTTP/1.1 200 OK", "alive\n"});
  CHECK(h.get("/readyz") == std::pair<std::string, std::string>{"HTTP/1.1 200 OK", "ready\n"});
}

TEST_CASE("others are ready when every instance has heard of the root, holds a copy and agrees with it") {
  http_fixture h{false};
  auto& alpha = *h.f.instances[0].metrics;
  auto& beta = *h.f.instances[1].metrics;
  auto not_ready = [&](const std::string& body) {
    CHECK(h.get("/readyz") == std::pair<std::string, std::string>{"HTTP/1.1 503 Service Unavailable", body});
  };
  not_ready("alpha: it has not heard of the root yet\nbeta: it has not heard of the root yet\n");
  alpha.root_time_us.set(1);
  beta.root_time_us.set(1);
  CHECK(h.get("/readyz").second == "ready\n");
  alpha.bootstrapping.set(1);
  not_ready("alpha: it is receiving a full copy\n");
  alpha.bootstrapping.set(0);
  beta.diverged.set(1);
  not_ready("beta: its data disagrees with its upstream\n");
  CHECK(h.get("/healthz").second == "alive\n");
}

TEST_CASE("metrics and status show node and instances") {
  http_fixture h{true};
  h.f.alpha->put("a", "1");
  h.f.instances[0].metrics->writes.add(3);
  auto text = h.get("/metrics").second;
  for (const auto* each :
       {"# TYPE argentum_writes_total counter\n", "argentum_writes_total{instance=\"alpha\"} 3\n",
        "argentum_node_clients 0\n", "argentum_ready{instance=\"beta\"} 1\n"})
    CHECK_MESSAGE(text.find(each) != std::string::npos, each);
  auto status = nlohmann::json::parse(h.get("/status.json").second);
  CHECK(status["node"] == "tester");
  CHECK(status["instances"][0]["index"] == 1);
  CHECK(status["instances"][1]["role"] == "proxy");
}

TEST_CASE("lag is shown in entries and in the root's time") {
  http_fixture h{false};
  auto& m = *h.f.instances[0].metrics;
  m.root_head_index.set(10);
  m.root_time_us.set(5'000'000);
  m.applied_stamp_us.set(2'000'000);
  auto alpha = nlohmann::json::parse(h.get("/status.json").second)["instances"][0];
  CHECK(alpha["lag_entries"] == 10);
  CHECK(alpha["lag_ms"] == 3000);
  m.root_head_index.set(0);
  alpha = nlohmann::json::parse(h.get("/status.json").second)["instances"][0];
  CHECK(alpha["lag_entries"] == 0);
  CHECK(alpha["lag_ms"] == 0);
}

TEST_CASE("the age of news does not depend on wall clocks") {
  http_fixture h{false};
  auto& m = *h.f.instances[0].metrics;
  m.root_time_us.set(1); // a root whose clock stands at 1970
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  m.news_heard_us.set(std::chrono::duration_cast<std::chrono::microseconds>(now - 5s).count());
  auto age = nlohmann::json::parse(h.get("/status.json").second)["instances"][0]["news_age_ms"].get<int>();
  CHECK(age >= 5000);
  CHECK(age < 60'000);
}

TEST_CASE("other paths, methods and oversized headers are refused") {
  http_fixture h{true};
  CHECK(h.get("/nothing").first == "HTTP/1.1 404 Not Found");
  CHECK(h.get("/healthz", "DELETE").first == "HTTP/1.1 405 Method Not Allowed");
  CHECK(h.get("/healthz", "HEAD").second.empty());
  raw_client c{h.server->port()};
  c.send("GET /healthz HTTP/1.1\r\nX: " + std::string(20'000, 'x'));
  CHECK(c.receive_all().empty());
}

TEST_CASE("a connection serves several requests, and open ones do not hold the end up") {
  http_fixture h{true};
  raw_client c{h.server->port()};
  for (int i = 0; i < 3; ++i) {
    c.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    while (c.receive_line() != "\r\n") {
    }
    CHECK(c.receive(6) == "alive\n");
  }
  raw_client silent{h.server->port()};
  h.server->stop();
  CHECK(c.receive_all().empty());
}
