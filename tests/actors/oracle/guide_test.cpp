// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/guide.hpp"
#include "messages/oracle_limits.hpp"
#include "tests/support/deterministic.hpp"
#include "tests/support/recording_transport.hpp"

#include <caf/event_based_actor.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

using addresses = std::vector<std::string>;

/// Messages travel as they are: a datagram's bytes are the number of one.
struct plain_form {
  std::vector<gossip_message> sent;

  gossip_form form() {
    gossip_form out;
    out.seal = [this](const gossip_message& m) {
      sent.push_back(m);
      return std::to_string(sent.size() - 1);
    };
    out.open = [this](std::string_view bytes) -> std::variant<gossip_message, seal_fault> {
      if (bytes == "rubbish") return seal_fault::malformed;
      return sent.at(std::stoul(std::string{bytes}));
    };
    return out;
  }
};

struct datagram_log final : datagram_transport {
  void send(const std::string& address, std::string bytes) override { sent.push_back({address, std::move(bytes)}); }
  std::vector<datagram> sent;
};

caf::behavior listening_proxy(caf::event_based_actor*, std::shared_ptr<std::vector<set_replicas>> told) {
  return {[told](const set_replicas& m) { told->push_back(m); }};
}

/// A leaf in "ams", and intermediates that answer as the test says.
struct guide_fixture {
  struct intermediate {
    std::string datacenter;
    bool reachable = true, mute = false;
    link_id link;
    nearest_reply reply;
    std::vector<nearest_request> asked;
    std::vector<register_replica> registered;
  };

  test::deterministic sys;
  std::map<std::string, intermediate> nodes; ///< by address
  std::shared_ptr<test::recording_transport> net = std::make_shared<test::recording_transport>();
  std::shared_ptr<datagram_log> udp = std::make_shared<datagram_log>();
  plain_form wire;
  addresses dials, saved;
  std::shared_ptr<std::vector<set_replicas>> told = std::make_shared<std::vector<set_replicas>>();
  std::uint64_t links = 0;
  guide_config config;
  guide_port leaf;

  guide_fixture() {
    config.node = "leaf";
    config.address = "leaf:1";
    config.datacenter = "ams";
    config.seeds = {"s:1"};
    config.form = wire.form();
    config.save = [this](std::string text) { saved.push_back(std::move(text)); };
    config.metrics = std::make_shared<node_metrics>();
    config.report = std::make_shared<oracle_slot>();
    net->on_send = [this](link_id link, const peer_message& m) { receive(link, m); };
    nodes["s:1"] = {"ber", true, false, {}, {{{"ams", 1ms, {{"a", "a:1"}}}, {"ber", 9ms, {{"s", "s:1"}}}}, {}},
                    {},    {}};
    nodes["a:1"] = nodes["s:1"];
    nodes["a:1"].datacenter = "ams";
  }
  ~guide_fixture() { sys.stop(leaf); }

  void start() {
    leaf = sys.spawn(guide, config, caf::actor_cast<router_port>(sys.spawn(router, this)), udp, net);
    sys.settle();
  }

  static caf::behavior router(caf::event_based_actor*, guide_fixture* world) {
    return {[world](const want_link& m) { world->dial(m); },
            [world](const release_link& m) { world->nodes[m.address].link = {}; }};
  }
  void dial(const want_link& m) {
    dials.push_back(m.address);
    auto& node = nodes[m.address];
    if (!node.reachable || node.datacenter.empty())
      return caf::anon_send(m.user, link_closed{{}, m.address, make_error(errc::unreachable)});
    if (node.link.value == 0) node.link = {++links};
    hello peer;
    peer.datacenter = node.datacenter;
    caf::anon_send(m.user, link_opened{node.link, m.address, peer});
  }
  intermediate& node_at(link_id link) {
    return std::find_if(nodes.begin(), nodes.end(), [link](auto& each) { return each.second.link == link; })
        ->second;
  }
  void receive(link_id link, const peer_message& m) {
    auto& node = node_at(link);
    if (const auto* what = std::get_if<register_replica>(&m.body)) node.registered.push_back(*what);
    if (const auto* what = std::get_if<nearest_request>(&m.body)) {
      node.asked.push_back(*what);
      if (!node.mute) caf::anon_send(leaf, link, node.reply);
    }
  }
  void cut(const std::string& address) {
    auto& node = nodes[address];
    node.reachable = false;
    auto link = std::exchange(node.link, {});
    if (link.value != 0) sys.tell(leaf, link_closed{link, address, make_error(errc::link_lost)});
  }
  void add_proxy_of(const std::string& instance) {
    auto proxy = sys.spawn(listening_proxy, told);
    sys.tell(leaf, add_proxy{instance, caf::actor_cast<proxy_lookup_port>(proxy)});
  }
  bool linked(const std::string& address) { return nodes[address].link.value != 0; }

  /// Answers the queries of surveys, for nodes that follow "root".
  void answer_queries(const std::set<std::string>& from) {
    for (const auto& each : std::exchange(udp->sent, {})) {
      const auto* query = std::get_if<status_query>(&wire.sent.at(std::stoul(each.bytes)).body);
      if (query == nullptr || !from.contains(each.address)) continue;
      status_answer answer;
      answer.token = query->token;
      answer.node = each.address.substr(0, each.address.find(':'));
      answer.status = instance_status{};
      answer.status->instance = query->instance;
      answer.status->news = 5;
      answer.status->downstreams_max = 10;
      auto bytes = wire.form().seal({answer.node, 1, answer, {}});
      sys.tell(leaf, datagram{each.address, bytes});
    }
  }
  std::vector<upstream_candidate> find(const std::set<std::string>& answering) {
    auto found = std::make_shared<std::vector<upstream_candidate>>();
    find_upstreams question;
    question.instance = "dns";
    question.reply = reply_to<std::vector<upstream_candidate>>{[found](auto what) {
      if (what) *found = *what;
    }};
    sys.tell(leaf, question);
    answer_queries(answering);
    sys.advance(limits::survey_time);
    return *found;
  }
};

} // namespace

TEST_CASE_FIXTURE(guide_fixture,
                  "from a seed a leaf finds the intermediates of its datacenter, and asks them again") {
  start();
  sys.advance(2s);
  CHECK(linked("a:1"));
  REQUIRE(nodes["a:1"].asked.size() == 1);
  CHECK(nodes["a:1"].asked[0] == nearest_request{"leaf", "ams", {}});
  sys.advance(limits::nearest_interval * 10);
  CHECK(nodes["a:1"].asked.size() >= 8);
  CHECK(nodes["a:1"].asked.size() <= 14);
}

TEST_CASE_FIXTURE(guide_fixture, "what is known is saved now and then, and finds the way when the seeds are gone") {
  start();
  sys.advance(10min);
  REQUIRE(!saved.empty());
  CHECK(saved.size() <= 2); // nothing new is not saved again
  sys.stop(leaf);
  config.kept = saved.back();
  nodes["s:1"].reachable = false;
  nodes["a:1"].asked.clear();
  start();
  sys.advance(1s);
  CHECK(nodes["a:1"].asked.size() == 1);
}

TEST_CASE_FIXTURE(guide_fixture,
                  "with all intermediates gone it goes on with what it knows, and finds them again") {
  start();
  sys.advance(5s);
  cut("a:1");
  cut("s:1");
  dials.clear();
  sys.advance(10min);
  CHECK(dials.size() > 20);
  CHECK(dials.size() < 200); // each about every nearest_interval
  auto still = find({"a:1"});
  REQUIRE(still.size() == 1);
  CHECK(still[0].who == contact{"a", "a:1"});
  nodes["a:1"].reachable = true;
  sys.advance(limits::nearest_interval + 2s);
  CHECK(linked("a:1"));
}

TEST_CASE_FIXTURE(guide_fixture, "a guide that answers nothing is replaced") {
  nodes["s:1"].reply.groups[0].upstreams = {{"a", "a:1"}, {"m", "m:1"}, {"n", "n:1"}, {"o", "o:1"}};
  for (auto address : {"a:1", "m:1", "n:1", "o:1"}) {
    nodes[address].datacenter = "ams";
    nodes[address].reply = nodes["s:1"].reply;
  }
  start();
  sys.advance(5s);
  CHECK(!linked("s:1")); // three of our own datacenter are enough
  std::string mute;
  for (auto address : {"a:1", "m:1", "n:1", "o:1"})
    if (linked(address)) mute = address;
  nodes[mute].mute = true;
  bool replaced = false;
  for (auto end = sys.now() + limits::nearest_interval * 2; sys.now() < end; sys.advance(1s))
    replaced = replaced || !linked(mute);
  CHECK(replaced);
  nodes[mute].reachable = false;
  sys.advance(limits::nearest_interval * 3);
  for (auto address : {"a:1", "m:1", "n:1", "o:1"})
    if (address != mute) CHECK(linked(address));
}

TEST_CASE_FIXTURE(guide_fixture,
                  "replicas register with their datacenter, say what changes at once, and say goodbye") {
  start();
  sys.advance(2s);
  sys.tell(leaf, set_served{{"dns", "waf"}});
  auto& registered = nodes["a:1"].registered;
  REQUIRE(registered.size() == 1);
  CHECK(registered[0] == register_replica{{"leaf", "leaf:1"}, {"dns", "waf"}, limits::replica_ttl});
  CHECK(nodes["s:1"].registered.empty());
  sys.advance(limits::replica_ttl);
  CHECK(registered.size() >= 3);
  sys.tell(leaf, set_served{{"waf"}});
  CHECK(registered.back().instances == addresses{"waf"});
  sys.stop(leaf);
  CHECK(registered.back().instances.empty());
}

TEST_CASE_FIXTURE(guide_fixture, "a proxy is told of replicas, near and far, and of changes only") {
  nodes["a:1"].reply.replicas = {{"dns", {"r", "r:1"}}, {"other", {"x", "x:1"}}};
  nodes["s:1"].reply.replicas = {{"dns", {"f", "f:1"}}};
  start();
  add_proxy_of("dns");
  sys.advance(10s);
  REQUIRE(!told->empty());
  using replica = set_replicas::replica;
  CHECK(told->back().replicas == std::vector<replica>{{"r:1", 0}, {"f:1", 1}, {"a:1", 2}});
  auto before = told->size();
  sys.advance(5min);
  CHECK(told->size() == before);
  nodes["a:1"].reply.replicas.clear(); // restarted: it knows nobody
  cut("s:1");
  sys.advance(5min);
  CHECK(told->size() == before);
  nodes["a:1"].reply.replicas = {{"dns", {"new", "new:1"}}};
  sys.advance(limits::contact_memory * 2);
  CHECK(told->back().replicas.front() == replica{"new:1", 0});
}

TEST_CASE_FIXTURE(guide_fixture, "a proxy of a restarted leaf knows its replicas before anybody answers") {
  config.kept = "member ams 1000 a a:1\nreplica dns ams r r:1\n";
  for (auto& [address, node] : nodes) node.reachable = false;
  start();
  add_proxy_of("dns");
  REQUIRE(told->size() == 1);
  CHECK(told->back().replicas.front().address == "r:1");
}

TEST_CASE_FIXTURE(guide_fixture,
                  "sinks are told who answers, the cheapest first; before anybody is known the seeds are asked") {
  nodes["s:1"].mute = true;
  start();
  auto found = find({"s:1"});
  REQUIRE(found.size() == 1);
  CHECK(found[0].who == contact{"s", "s:1"});
  nodes["s:1"].mute = false;
  sys.advance(5min);
  CHECK(find({"a:1", "s:1"}).size() == 2);
  CHECK(find({}).empty());
}

TEST_CASE_FIXTURE(guide_fixture, "others are told how our instances are; rubbish is counted") {
  config.instances["dns"] = std::make_shared<instance_metrics>();
  config.instances["dns"]->replica_data.set(1);
  config.instances["dns"]->applied_index.set(42);
  start();
  udp->sent.clear();
  sys.tell(leaf, datagram{"peer:9", wire.form().seal({"peer", 1, status_query{77, "dns"}, {}})});
  REQUIRE(udp->sent.size() == 1);
  CHECK(udp->sent[0].address == "peer:9");
  const auto& message = wire.sent.at(std::stoul(udp->sent[0].bytes));
  const auto& answer = std::get<status_answer>(message.body);
  CHECK(message.process == 0);
  CHECK(answer.token == 77);
  REQUIRE(answer.status);
  CHECK(answer.status->applied == 42);
  sys.tell(leaf, datagram{"peer:9", "rubbish"});
  CHECK(config.metrics->datagrams_malformed.value() == 1);
}

TEST_CASE_FIXTURE(guide_fixture,
                  "what a leaf knows is published: places, guides, and the replicas of its proxies") {
  nodes["a:1"].reply.replicas = {{"dns", {"r", "r:1"}}};
  start();
  add_proxy_of("dns");
  sys.tell(leaf, set_served{{"waf"}});
  sys.advance(10s);
  cut("s:1");
  sys.advance(limits::guide_look_interval);
  auto known = std::get<leaf_report>(*config.report->load());
  CHECK(known.own == contact{"leaf", "leaf:1"});
  CHECK(known.served == addresses{"waf"});
  REQUIRE(known.places.size() == 2);
  CHECK(known.places[0].datacenter == "ams");
  CHECK(known.places[0].age <= limits::nearest_interval);
  REQUIRE(known.guides.size() == 2);
  CHECK((known.guides[0].address == "a:1" && known.guides[0].linked && known.guides[0].registers));
  CHECK((known.guides[1].address == "s:1" && !known.guides[1].linked && known.guides[1].failures > 0));
  REQUIRE(known.proxies.size() == 1);
  CHECK(known.proxies[0].told.replicas.front().address == "r:1");
}
