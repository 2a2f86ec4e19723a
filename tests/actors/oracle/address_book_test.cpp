// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/address_book.hpp"
#include "actors/oracle/replica_ranks.hpp"
#include "messages/oracle_limits.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

const address_book::time_point start{1h};

contact at(const std::string& node) {
  return {node, node + ":1"};
}

nearest_reply reply_of(std::vector<nearest_reply::group> groups, std::vector<nearest_reply::owner> replicas = {}) {
  return {std::move(groups), std::move(replicas)};
}

std::vector<std::string> with_rank(const set_replicas& all, std::uint32_t rank) {
  std::vector<std::string> out;
  for (const auto& each : all.replicas)
    if (each.rank == rank) out.push_back(each.address);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<contact> many(const std::string& prefix, int count) {
  std::vector<contact> out;
  for (int i = 0; i < count; ++i) out.push_back(at(fmt::format("{}{}", prefix, i)));
  return out;
}

struct book_fixture {
  address_book book{"leaf", "ams"};

  book_fixture() {
    book.learn(reply_of({{"ams", 1ms, {at("a1"), at("a2")}}, {"cdg", 9ms, {at("c1")}}, {"ber", 5ms, {at("b1")}}},
                        {{"dns", at("ra")}}),
               "ams", {"dns"}, start);
    book.learn(reply_of({}, {{"dns", at("rb")}}), "ber", {"dns"}, start);
    book.learn(reply_of({}, {{"dns", at("rc")}}), "cdg", {"dns"}, start);
  }
};

} // namespace

TEST_CASE_FIXTURE(book_fixture, "our own datacenter comes first, then the nearest") {
  auto places = book.places();
  REQUIRE(places.size() == 3);
  CHECK(places[0].datacenter == "ams");
  CHECK(places[1].datacenter == "ber");
  CHECK(places[1].rtt == 5ms);
  CHECK(places[2].contacts == std::vector{at("c1")});
}

TEST_CASE_FIXTURE(book_fixture,
                  "replicas: our own, those of the nearest others, at last the intermediates of our own") {
  auto set = book.replicas_of("dns");
  CHECK(with_rank(set, 0) == std::vector<std::string>{"ra:1"});
  CHECK(with_rank(set, 1) == std::vector<std::string>{"rb:1"});
  CHECK(with_rank(set, 2) == std::vector<std::string>{"rc:1"});
  CHECK(with_rank(set, 3) == std::vector<std::string>{"a1:1", "a2:1"});
}

TEST_CASE_FIXTURE(book_fixture, "what nobody confirms goes, if others are confirmed") {
  auto later = start + limits::contact_memory + 1s;
  book.learn(reply_of({{"ams", 1ms, {}}}), "ams", {"dns"}, later); // a guide that knows nobody empties nothing
  CHECK(with_rank(book.replicas_of("dns"), 0) == std::vector<std::string>{"ra:1"});
  CHECK(book.places().front().contacts.size() == 2);
  book.learn(reply_of({{"ams", 1ms, {at("a2")}}}, {{"dns", at("new")}}), "ams", {"dns"}, later);
  CHECK(with_rank(book.replicas_of("dns"), 0) == std::vector<std::string>{"new:1"});
  CHECK(with_rank(book.replicas_of("dns"), 1) == std::vector<std::string>{"rb:1"});
  CHECK(book.places().front().contacts == std::vector{at("a2")});
}

TEST_CASE_FIXTURE(book_fixture, "a node has one address") {
  book.learn(reply_of({{"ams", 1ms, {{"a1", "moved:2"}}}}), "ams", {"dns"}, start);
  auto contacts = book.places().front().contacts;
  CHECK(contacts.size() == 2);
  CHECK(std::count(contacts.begin(), contacts.end(), contact{"a1", "moved:2"}) == 1);
}

TEST_CASE_FIXTURE(book_fixture, "instances that nobody asked for are ignored, those no longer wanted forgotten") {
  book.learn(reply_of({}, {{"waf", at("rw")}}), "ams", {"dns"}, start);
  CHECK(with_rank(book.replicas_of("waf"), 0).empty());
  book.learn(reply_of({}), "ams", {}, start);
  CHECK(with_rank(book.replicas_of("dns"), 0).empty());
}

TEST_CASE_FIXTURE(book_fixture, "a text brings all of it back; lines that make no sense are left out") {
  auto text = book.text();
  address_book other{"leaf", "ams"};
  other.restore("rubbish\nmember\nmember ../x 1 a a:1\nreplica dns ams\n" + text + "member ams", start);
  CHECK(other.text() == text);
  CHECK(other.replicas_of("dns").replicas == book.replicas_of("dns").replicas);
  CHECK(other.places().size() == 3);
}

TEST_CASE("a book is bounded, and keeps the nearest") {
  address_book book{"leaf", "dc0"};
  std::set<std::string> instances{"dns"};
  for (int round = 0; round < 3; ++round) {
    nearest_reply reply;
    for (int i = 20; i-- > 0;)
      reply.groups.push_back({fmt::format("dc{}", i), 1ms * i, many(fmt::format("n{}-{}-", i, round), 16)});
    for (const auto& each : many("r", 200)) reply.replicas.push_back({"dns", each});
    book.learn(reply, "dc0", instances, start + 1s * round);
  }
  auto places = book.places();
  REQUIRE(places.size() == limits::near_groups_max);
  CHECK(places.back().datacenter == fmt::format("dc{}", limits::near_groups_max - 1));
  for (const auto& each : places) CHECK(each.contacts.size() == limits::near_contacts_max);
  CHECK(book.replicas_of("dns").replicas.size() == limits::pool_replicas_max);
}

TEST_CASE("a pool gets some of the first rank, and a few to stand in for them") {
  auto set = choose_replicas({many("a", 100), many("b", 100), many("c", 2), many("d", 100)}, "leaf");
  CHECK(set.replicas.size() == limits::pool_replicas_max);
  CHECK(with_rank(set, 1).size() == limits::pool_spares);
  CHECK(with_rank(set, 2).size() == 2);
  CHECK(with_rank(set, 3).size() == limits::pool_spares);
  CHECK(set.replicas
        == choose_replicas({many("a", 100), many("b", 100), many("c", 2), many("d", 100)}, "leaf").replicas);
  CHECK(set.replicas
        != choose_replicas({many("a", 100), many("b", 100), many("c", 2), many("d", 100)}, "other").replicas);
}

TEST_CASE("without replicas of our own the nearest others get the room; an address counts for its first rank") {
  auto set = choose_replicas({{}, many("b", 100), {at("b0"), at("c")}}, "leaf");
  CHECK(with_rank(set, 0).empty());
  CHECK(with_rank(set, 1).size() == limits::pool_replicas_max - with_rank(set, 2).size());
  CHECK(with_rank(set, 2) == std::vector<std::string>{"c:1"});
  CHECK(choose_replicas({{}, {}}, "leaf").replicas.empty());
}
