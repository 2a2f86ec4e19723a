// SPDX-License-Identifier: Apache-2.0
#include "actors/peer/node_inbox.hpp"
#include "messages/limits.hpp"
#include "tests/support/deterministic.hpp"
#include "tests/support/recording_transport.hpp"

#include <caf/event_based_actor.hpp>
#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;

namespace {

using names = std::vector<std::string>;

caf::behavior fake_router(caf::event_based_actor*, std::shared_ptr<names> log) {
  return {[log](const link_accepted&) { log->push_back("accepted"); },
          [log](const link_dialled&) { log->push_back("dialled"); },
          [log](const link_broken&) { log->push_back("broken"); },
          [log](link_id, const peer_body& body) { log->push_back("body " + std::to_string(body.index())); }};
}

/// Stands for any instance actor: notes the kinds that it gets.
caf::behavior fake_part(caf::event_based_actor*, std::shared_ptr<names> log, std::string name) {
  auto note = [=](const char* kind) { log->push_back(name + " " + kind); };
  return {[=](link_id, const subscribe_request&) { note("subscribe_request"); },
          [=](link_id, const replication_ack&) { note("ack"); },
          [=](link_id, const credit_grant&) { note("credit"); },
          [=](link_id, const snapshot_request&) { note("snapshot_request"); },
          [=](link_id, const unsubscribe&) { note("unsubscribe"); },
          [=](link_id, const subscribe_reply&) { note("subscribe_reply"); },
          [=](link_id, const entry_batch&) { note("entries"); },
          [=](link_id, const heartbeat&) { note("heartbeat"); },
          [=](link_id, const snapshot_wait&) { note("wait"); },
          [=](link_id, const snapshot_begin&) { note("begin"); },
          [=](link_id, const snapshot_chunk&) { note("chunk"); },
          [=](link_id, const lookup_request& m) {
            note(m.arrived == std::chrono::steady_clock::time_point{} ? "lookup_request of no time"
                                                                      : "lookup_request");
          },
          [=](link_id, const lookup_response&) { note("lookup_response"); }};
}

struct inbox_fixture {
  test::deterministic sys;
  std::shared_ptr<test::recording_transport> net = std::make_shared<test::recording_transport>();
  std::shared_ptr<names> log = std::make_shared<names>();
  node_inbox inbox{net};
  const link_id link{5};

  template <class Port>
  Port part(const std::string& name) {
    return caf::actor_cast<Port>(sys.spawn(fake_part, log, name));
  }

  void attach() {
    std::map<std::string, instance_routes> routes;
    routes["full"] = {part<source_port>("source"), part<sink_port>("sink"), part<lookup_server_port>("server"),
                      part<proxy_lookup_port>("proxy")};
    routes["proxy"] = {{}, part<sink_port>("sink2"), {}, part<proxy_lookup_port>("proxy2")};
    inbox.attach(caf::actor_cast<router_port>(sys.spawn(fake_router, log)), std::move(routes));
  }

  names receive(const std::string& instance, peer_body body) {
    log->clear();
    inbox.received(link, peer_message{instance, std::move(body)});
    sys.settle();
    return *log;
  }
};

} // namespace

TEST_CASE_FIXTURE(inbox_fixture, "each kind finds its actor") {
  attach();
  inbox.gate()->let_in(link);
  CHECK(receive("", ping{}) == names{"body 2"});
  CHECK(receive("", hello{}) == names{"body 0"});
  CHECK(receive("", unknown_message{}).empty());
  CHECK(receive("", lookup_request{}).empty());
  CHECK(receive("full", subscribe_request{}) == names{"source subscribe_request"});
  CHECK(receive("full", replication_ack{}) == names{"source ack"});
  CHECK(receive("full", credit_grant{}) == names{"source credit"});
  CHECK(receive("full", unsubscribe{}) == names{"source unsubscribe"});
  CHECK(receive("full", snapshot_request{}) == names{"source snapshot_request"});
  CHECK(receive("full", subscribe_reply{}) == names{"sink subscribe_reply"});
  CHECK(receive("full", entry_batch{}) == names{"sink entries"});
  CHECK(receive("full", heartbeat{}) == names{"sink heartbeat"});
  CHECK(receive("full", snapshot_wait{}) == names{"sink wait"});
  CHECK(receive("full", snapshot_begin{}) == names{"sink begin"});
  CHECK(receive("full", snapshot_chunk{}) == names{"sink chunk"});
  CHECK(receive("full", lookup_request{}) == names{"server lookup_request"});
  CHECK(receive("full", lookup_response{}) == names{"proxy lookup_response"});
  CHECK(receive("full", ping{}).empty());
  CHECK(receive("full", unknown_message{}).empty());
  CHECK(net->sent.empty());
}

TEST_CASE_FIXTURE(inbox_fixture, "what is not here is said so") {
  attach();
  inbox.gate()->let_in(link);
  for (const char* instance : {"proxy", "nowhere"}) {
    net->sent.clear();
    CHECK(receive(instance, subscribe_request{}).empty());
    REQUIRE(net->all<subscribe_reply>(link).size() == 1);
    CHECK(net->all<subscribe_reply>(link)[0].verdict == subscribe_verdict::unknown);
    CHECK(net->sent[0].second.instance == instance);
    CHECK(receive(instance, lookup_request{9, {{"a", 1}, {"b", 2}}, {}}).empty());
    REQUIRE(net->all<lookup_response>(link).size() == 1);
    auto reply = net->all<lookup_response>(link)[0];
    CHECK(reply.id == 9);
    REQUIRE(reply.answers.size() == 2);
    CHECK(reply.answers[1].status == lookup_status::failed);
  }
  CHECK(receive("nowhere", entry_batch{}).empty());
}

TEST_CASE_FIXTURE(inbox_fixture,
                  "nothing about an instance passes before the hello is accepted, nor after the end") {
  attach();
  CHECK(receive("full", subscribe_request{}).empty());
  CHECK(receive("full", lookup_request{}).empty());
  CHECK(receive("nowhere", subscribe_request{}).empty());
  CHECK(net->sent.empty());
  CHECK(receive("", hello{}).size() == 1);
  inbox.gate()->let_in(link);
  CHECK(receive("full", subscribe_request{}).size() == 1);
  CHECK(inbox.gate()->passed(link) == 1);
  inbox.gate()->shut(link);
  CHECK(receive("full", subscribe_request{}).empty());
}

TEST_CASE_FIXTURE(inbox_fixture, "events go to the router; before attach and after detach nothing happens") {
  auto events = [&] {
    log->clear();
    inbox.accepted({link, "remote"});
    inbox.dialled({link});
    inbox.broken({link, make_error(errc::link_lost)});
    sys.settle();
    return *log;
  };
  CHECK(events().empty());
  CHECK(receive("", ping{}).empty());
  attach();
  CHECK(events() == names{"accepted", "dialled", "broken"});
  std::weak_ptr<test::recording_transport> watched = net;
  net.reset();
  CHECK(!watched.expired());
  inbox.detach();
  CHECK(watched.expired());
  CHECK(events().empty());
  CHECK(receive("", ping{}).empty());
}
