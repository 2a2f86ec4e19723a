// SPDX-License-Identifier: Apache-2.0
#include "actors/peer/peer_router.hpp"
#include "messages/limits.hpp"
#include "tests/support/deterministic.hpp"
#include "tests/support/recording_transport.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

struct event_log {
  std::vector<link_opened> opened;
  std::vector<link_closed> closed;
};

link_user_port::behavior_type fake_user(std::shared_ptr<event_log> log) {
  return {[log](const link_opened& m) { log->opened.push_back(m); },
          [log](const link_closed& m) { log->closed.push_back(m); }};
}

link_server_port::behavior_type fake_server(std::shared_ptr<event_log> log) {
  return {[log](const link_closed& m) { log->closed.push_back(m); }};
}

hello greeting(std::string node, std::uint64_t process = 77) {
  hello h;
  h.node = std::move(node);
  h.process = process;
  return h;
}

/// A router with two users and a server, on a network that the test plays.
struct router_fixture {
  test::deterministic sys;
  std::shared_ptr<test::recording_transport> net = std::make_shared<test::recording_transport>();
  std::shared_ptr<node_metrics> metrics = std::make_shared<node_metrics>();
  std::shared_ptr<link_gate> gate = std::make_shared<link_gate>();
  std::shared_ptr<event_log> log = std::make_shared<event_log>();
  std::shared_ptr<event_log> other_log = std::make_shared<event_log>();
  std::shared_ptr<event_log> server_log = std::make_shared<event_log>();
  link_user_port user = sys.spawn(fake_user, log);
  link_user_port other = sys.spawn(fake_user, other_log);
  router_port router =
      sys.spawn(peer_router, router_config{"self", 1, node_role::leaf, "dc", 0, metrics, gate}, net);
  link_server_port server = sys.spawn(fake_server, server_log);

  router_fixture() { tell(add_link_server{server}); }

  template <class... Ts>
  void tell(Ts... parts) {
    caf::anon_send(router, std::move(parts)...);
    sys.settle();
  }
  void receive(link_id link, peer_body body) { tell(link, std::move(body)); }

  /// Dials and completes the hello.
  link_id connect(const std::string& address, hello peer = greeting("peer")) {
    tell(want_link{address, user});
    link_id link = net->dials.back().first;
    tell(link_dialled{link});
    receive(link, std::move(peer));
    return link;
  }
  link_id accept(hello peer = greeting("peer")) {
    link_id link = net->new_link();
    tell(link_accepted{link, "remote"});
    receive(link, std::move(peer));
    return link;
  }
};

} // namespace

TEST_CASE_FIXTURE(router_fixture, "a dialled link says hello first and opens with the peer's") {
  tell(want_link{"b:1", user});
  REQUIRE(net->dials.size() == 1);
  CHECK(net->dials[0].second == "b:1");
  auto link = net->dials[0].first;
  CHECK(net->sent.empty());
  tell(link_dialled{link});
  REQUIRE(net->all<hello>(link).size() == 1);
  CHECK(net->all<hello>(link)[0].node == "self");
  CHECK(net->all<hello>(link)[0].process == 1);
  CHECK(log->opened.empty());
  CHECK(!gate->pass(link));
  receive(link, greeting("peer"));
  REQUIRE(log->opened.size() == 1);
  CHECK(log->opened[0].link == link);
  CHECK(log->opened[0].address == "b:1");
  CHECK(log->opened[0].peer.node == "peer");
  CHECK(gate->pass(link));
  CHECK(net->compressed.contains(link));
  CHECK(metrics->links.value() == 1);
  CHECK(metrics->links_opened.value() == 1);
  CHECK(net->all<hello>(link).size() == 1);
}

TEST_CASE_FIXTURE(router_fixture, "the dialled side answers hello only after it has let the dialler in") {
  auto link = net->new_link();
  tell(link_accepted{link, "remote"});
  CHECK(net->sent.empty());
  bool was_in = false;
  net->on_send = [&](link_id, const peer_message&) { was_in = gate->pass(link); };
  receive(link, greeting("peer"));
  net->on_send = nullptr; // the router's goodbye, at the end, finds our variables gone
  CHECK(net->all<hello>(link).size() == 1);
  CHECK(was_in);
  CHECK(metrics->links.value() == 1);
}

TEST_CASE_FIXTURE(router_fixture, "compression is only for peers of other datacenters that can undo it") {
  auto plain = greeting("peer");
  plain.zstd = false;
  CHECK(!net->compressed.contains(accept(plain)));
  auto near = greeting("near");
  near.datacenter = "dc";
  CHECK(!net->compressed.contains(accept(near)));
  CHECK(net->compressed.contains(accept(greeting("far"))));
  CHECK(metrics->links.value() == 3);
}

TEST_CASE_FIXTURE(router_fixture, "a node refuses itself with clear words, on both sides") {
  auto accepted = accept(greeting("self", 1));
  REQUIRE(net->all<goodbye>(accepted).size() == 1);
  CHECK(net->all<goodbye>(accepted)[0].reason == "node self was connected to itself");
  CHECK(net->hung(accepted));
  CHECK(!gate->pass(accepted));
  auto dialled = connect("me:1", greeting("self", 1));
  CHECK(net->hung(dialled));
  CHECK(!gate->pass(dialled));
  CHECK(log->opened.empty());
  REQUIRE(log->closed.size() == 1);
  CHECK(log->closed[0].link == link_id{});
  CHECK(log->closed[0].address == "me:1");
  CHECK(code_of(log->closed[0].reason) == errc::refused);
  CHECK(metrics->links_refused.value() == 2);
  CHECK(metrics->links.value() == 0);
}

TEST_CASE_FIXTURE(router_fixture, "all users of an address share one link, whether it is open or on its way") {
  tell(want_link{"b:1", user});
  tell(want_link{"b:1", other});
  CHECK(net->dials.size() == 1);
  auto link = net->dials[0].first;
  tell(link_dialled{link});
  receive(link, greeting("peer"));
  CHECK(log->opened.size() == 1);
  CHECK(other_log->opened.size() == 1);
  auto late_log = std::make_shared<event_log>();
  link_user_port late = sys.spawn(fake_user, late_log);
  tell(want_link{"b:1", late});
  CHECK(net->dials.size() == 1);
  REQUIRE(late_log->opened.size() == 1);
  CHECK(late_log->opened[0].link == link);
  CHECK(log->opened.size() == 1);
  tell(link_broken{link, make_error(errc::link_lost, "cut")});
  CHECK(log->closed.size() == 1);
  CHECK(other_log->closed.size() == 1);
  CHECK(late_log->closed.size() == 1);
  tell(want_link{"b:1", user});
  CHECK(net->dials.size() == 2);
}

TEST_CASE_FIXTURE(router_fixture, "a failed dial is told as link 0 with its address; servers hear nothing") {
  tell(want_link{"b:1", user});
  tell(link_broken{net->dials[0].first, make_error(errc::unreachable, "refused")});
  REQUIRE(log->closed.size() == 1);
  CHECK(log->closed[0].link == link_id{});
  CHECK(log->closed[0].address == "b:1");
  CHECK(code_of(log->closed[0].reason) == errc::unreachable);
  CHECK(server_log->closed.empty());
  CHECK(metrics->links_failed.value() == 1);
}

TEST_CASE_FIXTURE(router_fixture, "a broken link is told to its users and to all servers, once") {
  auto link = connect("b:1");
  tell(link_broken{link, make_error(errc::link_lost, "cut")});
  tell(link_broken{link, make_error(errc::link_lost, "cut")});
  REQUIRE(log->closed.size() == 1);
  CHECK(log->closed[0].link == link);
  REQUIRE(server_log->closed.size() == 1);
  CHECK(server_log->closed[0].link == link);
  CHECK(!gate->pass(link));
  CHECK(metrics->links.value() == 0);
  CHECK(metrics->links_failed.value() == 1);
}

TEST_CASE_FIXTURE(router_fixture, "servers hear of a hung-up link only when the transport is done with it") {
  auto link = accept();
  tell(drop_link{link, make_error(errc::protocol, "nonsense")});
  CHECK(net->hung(link));
  CHECK(!gate->pass(link));
  CHECK(server_log->closed.empty());
  tell(link_broken{link, make_error(errc::link_lost, "closed")});
  CHECK(server_log->closed.size() == 1);
}

TEST_CASE_FIXTURE(router_fixture, "drop_link says goodbye, hangs up and tells every user at once") {
  auto link = connect("b:1");
  tell(want_link{"b:1", other});
  tell(drop_link{link, make_error(errc::protocol, "nonsense")});
  tell(drop_link{link, make_error(errc::protocol, "nonsense")});
  REQUIRE(net->all<goodbye>(link).size() == 1);
  CHECK(net->all<goodbye>(link)[0].reason == "protocol: nonsense");
  CHECK(net->hung_up.size() == 1);
  CHECK(log->closed.size() == 1);
  CHECK(other_log->closed.size() == 1);
  tell(want_link{"b:1", user});
  CHECK(net->dials.size() == 2); // the old one is not shared any more
}

TEST_CASE_FIXTURE(router_fixture, "goodbye closes with the peer's words") {
  auto link = connect("b:1");
  receive(link, goodbye{"going home"});
  REQUIRE(log->closed.size() == 1);
  CHECK(log->closed[0].link == link);
  CHECK(describe(log->closed[0].reason).find("going home") != std::string::npos);
  CHECK(net->hung(link));
}

TEST_CASE_FIXTURE(router_fixture, "a goodbye instead of hello is a refusal") {
  tell(want_link{"b:1", user});
  auto link = net->dials[0].first;
  tell(link_dialled{link});
  receive(link, goodbye{"too many links"});
  REQUIRE(log->closed.size() == 1);
  CHECK(code_of(log->closed[0].reason) == errc::refused);
  CHECK(log->closed[0].link == link_id{});
}

TEST_CASE_FIXTURE(router_fixture, "a link without hello is closed in time") {
  tell(want_link{"b:1", user});
  auto dialled = net->dials[0].first;
  auto accepted = net->new_link();
  tell(link_accepted{accepted, "remote"});
  sys.advance(limits::hello_timeout - 500ms);
  CHECK(net->hung_up.empty());
  sys.advance(1500ms);
  CHECK(net->hung(dialled));
  CHECK(net->hung(accepted));
  REQUIRE(log->closed.size() == 1);
  CHECK(code_of(log->closed[0].reason) == errc::timed_out);
}

TEST_CASE_FIXTURE(router_fixture, "open links are pinged every second and pings are answered") {
  auto link = connect("b:1");
  sys.advance(3s);
  CHECK(net->all<ping>(link).size() == 3);
  receive(link, ping{42});
  CHECK(net->all<pong>(link) == std::vector<pong>{pong{42}});
}

TEST_CASE_FIXTURE(router_fixture, "a silent link is closed; pongs or other messages keep it") {
  auto silent = connect("b:1");
  auto ponging = connect("c:1", greeting("c", 3));
  auto busy = connect("d:1", greeting("d", 4));
  for (int i = 0; i < 20; ++i) {
    receive(ponging, pong{1});
    gate->pass(busy);
    sys.advance(1s);
  }
  CHECK(net->hung(silent));
  CHECK(!net->hung(ponging));
  CHECK(!net->hung(busy));
  CHECK(net->all<ping>(ponging).size() == 20);
  CHECK(net->all<ping>(busy).empty()); // its messages tell as much
  CHECK(metrics->links_silent.value() == 1);
  CHECK(metrics->links.value() == 2);
  REQUIRE(log->closed.size() == 1);
  CHECK(log->closed[0].link == silent);
  sys.advance(20s);
  CHECK(net->hung(ponging));
  CHECK(net->hung(busy));
}

TEST_CASE_FIXTURE(router_fixture, "a second hello breaks the protocol") {
  auto link = accept();
  receive(link, greeting("other", 5));
  CHECK(net->hung(link));
  CHECK(!gate->pass(link));
}

TEST_CASE_FIXTURE(router_fixture, "a link beyond the bound is refused with a reason") {
  link_id last;
  for (std::size_t i = 0; i <= limits::links_max; ++i) {
    last = net->new_link();
    tell(link_accepted{last, "remote"});
  }
  CHECK(net->hung_up.size() == 1);
  REQUIRE(net->all<goodbye>(last).size() == 1);
  CHECK(net->all<goodbye>(last)[0].reason == "too many links");
  CHECK(metrics->links_refused.value() == 1);
}

TEST_CASE_FIXTURE(router_fixture, "at its end the router says goodbye") {
  auto link = accept();
  sys.stop();
  REQUIRE(net->all<goodbye>(link).size() == 1);
  CHECK(net->hung(link));
}

TEST_CASE_FIXTURE(router_fixture, "users and servers that are forgotten hear of no link any more") {
  auto dialled = connect("b:1");
  tell(want_link{"b:1", other});
  auto accepted = accept(greeting("second", 78));
  tell(forget_actor{user.address()});
  tell(forget_actor{server.address()});
  tell(link_broken{dialled, make_error(errc::link_lost)});
  tell(link_broken{accepted, make_error(errc::link_lost)});
  CHECK(log->closed.empty());
  CHECK(server_log->closed.empty());
  CHECK(other_log->closed.size() == 1);
}

TEST_CASE_FIXTURE(router_fixture, "a link that no user is left of when one is forgotten is closed") {
  auto own = connect("b:1");
  auto shared = connect("c:1");
  tell(want_link{"c:1", other});
  tell(forget_actor{user.address()});
  CHECK(net->hung(own));
  CHECK_FALSE(net->hung(shared));
  auto byes = net->all<goodbye>(own);
  REQUIRE(byes.size() == 1);
  CHECK(byes.front().reason.empty());
}

TEST_CASE_FIXTURE(router_fixture, "a link is closed when its last user lets go of it, and may be wanted again") {
  auto link = connect("b:1");
  tell(want_link{"b:1", other});
  tell(release_link{"b:1", user.address()});
  tell(release_link{"b:1", user.address()});
  tell(release_link{"unknown:1", other.address()});
  CHECK_FALSE(net->hung(link));
  tell(release_link{"b:1", other.address()});
  CHECK(net->hung(link));
  CHECK(log->closed.empty()); // they know
  CHECK(other_log->closed.empty());
  CHECK(metrics->links_failed.value() == 0);
  auto byes = net->all<goodbye>(link);
  REQUIRE(byes.size() == 1);
  CHECK(byes.front().reason.empty());
  tell(want_link{"b:1", user});
  CHECK(net->dials.size() == 2);
  tell(release_link{"b:1", user.address()}); // on its way
  CHECK(net->hung_up.size() == 2);
}

TEST_CASE_FIXTURE(router_fixture, "a peer that needs a link no more is no failure") {
  link_id link = accept();
  receive(link, goodbye{});
  CHECK(net->hung(link));
  CHECK(metrics->links_failed.value() == 0);
}
