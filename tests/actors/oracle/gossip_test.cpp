// SPDX-License-Identifier: Apache-2.0
// The actor, on datagrams and links in memory, with the real byte form.
#include "actors/oracle/gossip.hpp"
#include "messages/oracle_limits.hpp"
#include "messages/wire/gossip_seal.hpp"
#include "tests/support/deterministic.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include <map>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

/// Datagrams and links between oracles. Links open at once, and are gone when they are released.
struct fabric {
  std::map<std::string, oracle_port> oracles;
  struct link {
    std::string dialler, acceptor;
  };
  std::map<link_id, link> links;
  std::uint64_t last_link = 0;
  std::size_t released = 0;
};

class hub_datagrams final : public datagram_transport {
 public:
  hub_datagrams(std::shared_ptr<fabric> net, std::string own) : net_(std::move(net)), own_(std::move(own)) {}
  void send(const std::string& address, std::string bytes) override {
    auto it = net_->oracles.find(address);
    if (it != net_->oracles.end()) caf::anon_send(it->second, datagram{own_, std::move(bytes)});
  }

 private:
  std::shared_ptr<fabric> net_;
  std::string own_;
};

class hub_links final : public peer_transport {
 public:
  hub_links(std::shared_ptr<fabric> net, std::string own) : net_(std::move(net)), own_(std::move(own)) {}
  link_id new_link() override { return {}; }
  void dial(link_id, std::string) override {}
  void send(link_id link, peer_message message) override {
    const auto& ends = net_->links.at(link);
    const auto& to = ends.dialler == own_ ? ends.acceptor : ends.dialler;
    auto hand_over = [&](auto& body) {
      if constexpr (std::is_same_v<std::decay_t<decltype(body)>,
                                   gossip_state> || std::is_same_v<std::decay_t<decltype(body)>, nearest_reply>)
        caf::anon_send(net_->oracles.at(to), link, std::move(body));
    };
    std::visit(hand_over, message.body);
  }
  void allow_compression(link_id) override {}
  void hang_up(link_id, caf::error) override {}

 private:
  std::shared_ptr<fabric> net_;
  std::string own_;
};

router_port::behavior_type hub_router(router_port::pointer self, std::shared_ptr<fabric> net, std::string own) {
  return {[self, net, own](const want_link& m) {
            link_id link{++net->last_link};
            if (!net->oracles.contains(m.address))
              return self->send(m.user, link_closed{{}, m.address, make_error(errc::unreachable)});
            net->links[link] = {own, m.address};
            self->send(m.user, link_opened{link, m.address, {}});
          },
          [](const drop_link&) {},
          [net, own](const release_link& m) {
            net->released += std::erase_if(net->links, [&](const auto& each) {
              return each.second.dialler == own && each.second.acceptor == m.address;
            });
          },
          [](const add_link_server&) {},
          [](const forget_actor&) {},
          [](const link_accepted&) {},
          [](const link_dialled&) {},
          [](const link_broken&) {},
          [](link_id, const peer_body&) {},
          [](tick) {}};
}

struct oracle_fixture {
  struct node {
    std::shared_ptr<node_metrics> metrics = std::make_shared<node_metrics>();
    std::shared_ptr<instance_metrics> dns = std::make_shared<instance_metrics>();
    std::shared_ptr<oracle_slot> report = std::make_shared<oracle_slot>();
    oracle_report known() const { return std::get<oracle_report>(*report->load()); }
    oracle_port oracle;
  };
  test::deterministic sys;
  std::shared_ptr<fabric> net = std::make_shared<fabric>();
  std::map<std::string, node> nodes;
  std::vector<std::string> keys{"a key that all of them share"};

  oracle_fixture() { spdlog::set_level(spdlog::level::off); }

  node& start(const std::string& name, node_role role = node_role::intermediate) {
    auto& n = nodes[name];
    gossip_config config;
    config.node = name;
    config.address = name + ":1";
    config.role = role;
    config.datacenter = "dc";
    config.process = nodes.size();
    config.seeds = {"root:1"};
    config.form = wire::make_gossip_form(keys);
    config.stale_after = 30s;
    config.seed = nodes.size();
    config.metrics = n.metrics;
    config.instances = {{"dns", n.dns}};
    config.report = n.report;
    n.dns->replica_data.set(1);
    n.dns->downstreams_max.set(10);
    n.dns->root_news.set(5);
    n.dns->news_heard_us.set(std::chrono::duration_cast<std::chrono::microseconds>(sys.now()).count());
    auto address = config.address;
    router_port router = sys.spawn(hub_router, net, address);
    n.oracle = sys.spawn(gossip, config, router, std::make_shared<hub_datagrams>(net, address),
                         std::make_shared<hub_links>(net, address));
    net->oracles[address] = n.oracle;
    sys.settle();
    return n;
  }
  void start_three() {
    start("root", node_role::root);
    start("a");
    start("b");
    sys.advance(10s);
  }
  std::optional<member_state> belief(const std::string& who, const std::string& whom) {
    for (const auto& row : nodes.at(who).known().members) {
      if (row.who->node == whom) return row.who->state;
    }
    return {};
  }
};

} // namespace

TEST_CASE_FIXTURE(oracle_fixture,
                  "members find each other by a seed and exchange full states over links they let go") {
  start_three();
  for (const auto* who : {"root", "a", "b"}) {
    for (const auto* whom : {"root", "a", "b"}) {
      if (who != std::string{whom}) CHECK(belief(who, whom) == member_state::alive);
    }
  }
  CHECK(nodes.at("a").metrics->full_states.value() >= 1);
  CHECK(net->released >= 2);
  CHECK(net->links.empty());
  CHECK(nodes.at("root").metrics->members_alive.value() == 3);
}

TEST_CASE_FIXTURE(oracle_fixture, "the report shows round trips, and the statuses that full states brought") {
  start_three();
  nodes.at("a").dns->applied_index.set(42);
  sys.advance(2min);
  auto report = nodes.at("b").known();
  bool found = false;
  for (const auto& row : report.members) {
    if (row.who->node != "a") continue;
    found = true;
    CHECK(row.measured);
    REQUIRE(row.statuses.size() == 1);
    CHECK(row.statuses.front().instance == "dns");
    CHECK(row.statuses.front().applied == 42);
  }
  CHECK(found);
  CHECK(report.statuses.size() == 1);
}

TEST_CASE_FIXTURE(oracle_fixture, "a search for upstreams is answered by those who answer") {
  start_three();
  std::vector<upstream_candidate> found;
  find_upstreams question;
  question.instance = "dns";
  question.reply =
      reply_to<std::vector<upstream_candidate>>{[&](caf::expected<std::vector<upstream_candidate>> out) {
        if (out) found = *out;
      }};
  sys.tell(nodes.at("b").oracle, std::move(question));
  sys.advance(limits::survey_time);
  CHECK(found.size() == 2);
}

TEST_CASE_FIXTURE(oracle_fixture, "a leaf hears who is near, and which replicas have registered") {
  start_three();
  link_id link{1'000};
  net->links[link] = {"leaf:1", "root:1"};
  struct answers_seen {
    std::optional<nearest_reply> reply;
  };
  auto seen = std::make_shared<answers_seen>();
  auto leaf = [](oracle_port::pointer, std::shared_ptr<answers_seen> out) -> oracle_port::behavior_type {
    return {[](find_upstreams&) {},
            [](const datagram&) {},
            [](link_id, const gossip_state&) {},
            [](link_id, const nearest_request&) {},
            [out](link_id, const nearest_reply& m) { out->reply = m; },
            [](link_id, const register_replica&) {},
            [](const link_opened&) {},
            [](const link_closed&) {},
            [](tick) {}};
  };
  net->oracles["leaf:1"] = sys.spawn(leaf, seen);
  caf::anon_send(nodes.at("root").oracle, link,
                 register_replica{{"other", "other:1"}, {"dns"}, limits::replica_ttl});
  caf::anon_send(nodes.at("root").oracle, link, nearest_request{"leaf", "dc", {"dns"}});
  sys.settle();
  REQUIRE(seen->reply);
  REQUIRE(seen->reply->groups.size() == 1);
  CHECK(seen->reply->groups.front().upstreams.size() == 3);
  REQUIRE(seen->reply->replicas.size() == 1);
  CHECK(seen->reply->replicas.front().who.address == "other:1");
}

TEST_CASE_FIXTURE(oracle_fixture, "who ends says that it leaves") {
  start_three();
  sys.stop(nodes.at("b").oracle);
  net->oracles.erase("b:1");
  sys.advance(5s);
  CHECK(belief("root", "b") == member_state::left);
  CHECK(belief("a", "b") == member_state::left);
}

TEST_CASE_FIXTURE(oracle_fixture, "strangers and noise are counted and dropped") {
  start_three();
  keys = {"the key of somebody else"};
  start("stranger");
  sys.tell(nodes.at("root").oracle, datagram{"x:1", "noise"});
  sys.advance(10s);
  CHECK_FALSE(belief("root", "stranger"));
  CHECK(nodes.at("root").metrics->datagrams_unauthentic.value() > 0);
  CHECK(nodes.at("root").metrics->datagrams_malformed.value() == 1);
}

TEST_CASE_FIXTURE(oracle_fixture,
                  "a status question is answered by anybody; a proxy's instance cannot be followed") {
  start_three();
  auto form = wire::make_gossip_form(keys);
  struct answers_seen {
    std::vector<status_answer> all;
  };
  auto seen = std::make_shared<answers_seen>();
  auto leaf = [form](oracle_port::pointer, std::shared_ptr<answers_seen> out) -> oracle_port::behavior_type {
    return {[](find_upstreams&) {},
            [form, out](const datagram& m) {
              auto opened = form.open(m.bytes);
              out->all.push_back(std::get<status_answer>(std::get<gossip_message>(opened).body));
            },
            [](link_id, const gossip_state&) {},
            [](link_id, const nearest_request&) {},
            [](link_id, const nearest_reply&) {},
            [](link_id, const register_replica&) {},
            [](const link_opened&) {},
            [](const link_closed&) {},
            [](tick) {}};
  };
  net->oracles["leaf:1"] = sys.spawn(leaf, seen);
  auto ask = [&] {
    sys.tell(nodes.at("a").oracle, datagram{"leaf:1", form.seal({"leaf", 0, status_query{3, "dns"}, {}})});
  };
  ask();
  nodes.at("a").dns->replica_data.set(0);
  ask();
  REQUIRE(seen->all.size() == 2);
  CHECK(seen->all[0].token == 3);
  CHECK(seen->all[0].status);
  CHECK_FALSE(seen->all[1].status);
}
