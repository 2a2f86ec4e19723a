// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/upstream_survey.hpp"
#include "messages/oracle_limits.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

const survey_asker us{"me", node_role::leaf, "here", 30s};
constexpr time_point start{1h};

survey_contact near(const std::string& name, std::optional<std::chrono::microseconds> rtt,
                    const std::string& datacenter = "there") {
  return {{name, name + ":1"}, node_role::intermediate, datacenter, rtt, {}};
}

find_upstreams question(const std::string& current = "") {
  find_upstreams what;
  what.instance = "i";
  what.current = current;
  return what;
}

status_answer answer_to(const upstream_survey::query& query, std::chrono::microseconds delay = 1ms) {
  status_answer out;
  out.token = query.what.token;
  out.node = query.address.substr(0, query.address.find(':'));
  instance_status status;
  status.instance = query.what.instance;
  status.news = 1;
  status.delay = delay;
  status.downstreams_max = 10;
  out.status = status;
  return out;
}

std::set<std::string> addresses(const std::vector<upstream_survey::query>& queries) {
  std::set<std::string> all;
  for (const auto& each : queries) all.insert(each.address);
  return all;
}

/// Many far ones, with estimates.
std::vector<survey_contact> crowd(int count) {
  std::vector<survey_contact> all;
  for (int n = 0; n < count; ++n) all.push_back(near("far" + std::to_string(n), 100ms + n * 1ms));
  return all;
}

} // namespace

TEST_CASE("those who answer are ranked by what was measured, and it is over when all have") {
  upstream_survey survey{us, question(), {near("a", 1ms), near("b", 1ms)}, start, 1};
  auto queries = survey.due(start);
  REQUIRE(queries.size() == 2);
  CHECK(survey.due(start).empty());
  CHECK_FALSE(survey.over(start));
  CHECK(survey.heard(answer_to(queries[0]), start + 40ms));
  CHECK_FALSE(survey.over(start + 40ms));
  CHECK(survey.heard(answer_to(queries[1]), start + 10ms));
  CHECK(survey.over(start + 40ms));
  auto found = survey.ranked();
  REQUIRE(found.size() == 2);
  CHECK(found[0].who.address == queries[1].address);
  CHECK(found[0].rtt == 10ms);
  CHECK(found[1].rtt == 40ms);
}

TEST_CASE("the silent are asked once more, measured from then, and not waited for beyond the time") {
  upstream_survey survey{us, question(), {near("a", 1ms), near("b", 1ms)}, start, 1};
  auto first = survey.due(start);
  survey.heard(answer_to(first[0]), start + 1ms);
  CHECK(survey.due(survey.next() - 1ms).empty());
  auto at = survey.next();
  auto again = survey.due(at);
  REQUIRE(again.size() == 1);
  CHECK(again[0].address == first[1].address);
  CHECK(again[0].what.token != first[1].what.token);
  CHECK(survey.heard(answer_to(again[0]), at + 5ms));
  CHECK(survey.ranked().back().rtt == 5ms);
  survey.heard(answer_to(first[1]), at + 6ms); // late, and once is enough
  CHECK(survey.ranked().size() == 2);

  upstream_survey in_vain{us, question(), {near("a", 1ms)}, start, 1};
  in_vain.due(start);
  in_vain.due(in_vain.next());
  CHECK(in_vain.due(in_vain.next()).empty());
  CHECK_FALSE(in_vain.over(start + limits::survey_time - 1ms));
  CHECK(in_vain.over(start + limits::survey_time));
  CHECK(in_vain.ranked().empty());
}

TEST_CASE("nobody to ask: it is over at once") {
  upstream_survey survey{us, question(), {near("me", 1ms)}, start, 1};
  CHECK(survey.due(start).empty());
  CHECK(survey.over(start));
}

TEST_CASE("answers to other questions, of other instances and without one count for nothing") {
  upstream_survey survey{us, question(), {near("a", 1ms), near("b", 1ms)}, start, 1};
  auto queries = survey.due(start);
  auto other = answer_to(queries[0]);
  other.token += 1;
  CHECK_FALSE(survey.heard(other, start));
  auto has_none = answer_to(queries[0]);
  has_none.status.reset();
  CHECK(survey.heard(has_none, start));
  auto wrong = answer_to(queries[1]);
  wrong.status->instance = "j";
  CHECK(survey.heard(wrong, start));
  CHECK(survey.over(start));
  CHECK(survey.ranked().empty());
}

TEST_CASE(
    "of many, the cheapest are asked; and the current one, roots, the named, and some of our own datacenter") {
  auto contacts = crowd(1000);
  contacts.push_back(near("current", 900ms));
  contacts.push_back(near("root", 800ms));
  contacts.back().role = node_role::root;
  for (int n = 0; n < 5; ++n) contacts.push_back(near("home" + std::to_string(n), 700ms, "here"));
  auto what = question("current");
  what.also = {{"named", "named:1"}, {"me", "me:1"}};
  what.refusing = {"far0:1"};
  upstream_survey survey{us, what, contacts, start, 1};
  auto asked = addresses(survey.due(start));
  CHECK(asked.size() == limits::survey_candidates);
  for (const auto* each : {"current:1", "root:1", "named:1", "far1:1", "far2:1"}) CHECK(asked.contains(each));
  CHECK(std::count_if(asked.begin(), asked.end(), [](auto& a) { return a.starts_with("home"); }) == 3);
  CHECK_FALSE(asked.contains("me:1"));
  CHECK_FALSE(asked.contains("far0:1"));
}

TEST_CASE("what is known of the way to the root counts, and those below us are not asked") {
  auto contacts = crowd(50);
  instance_status slow;
  slow.delay = 1s;
  instance_status ours;
  ours.upstream = "me";
  contacts.push_back(near("detour", 1ms));
  contacts.back().last = slow;
  contacts.push_back(near("child", 1ms));
  contacts.back().last = ours;
  upstream_survey survey{us, question(), contacts, start, 1};
  auto asked = addresses(survey.due(start));
  CHECK_FALSE(asked.contains("detour:1"));
  CHECK_FALSE(asked.contains("child:1"));
}

TEST_CASE("seeds without names are asked, too, as many as may be") {
  std::vector<survey_contact> seeds;
  for (int n = 0; n < 100; ++n)
    seeds.push_back({{"", "s" + std::to_string(n)}, node_role::intermediate, "", {}, {}});
  upstream_survey survey{us, question(), seeds, start, 1};
  CHECK(survey.due(start).size() == limits::survey_candidates);
}

TEST_CASE("equal ones share the load") {
  std::vector<survey_contact> contacts;
  for (int n = 0; n < 100; ++n) contacts.push_back(near("n" + std::to_string(n), std::nullopt));
  std::set<std::string> all;
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    all.merge(addresses(upstream_survey{us, question(), contacts, start, seed}.due(start)));
  CHECK(all.size() > 90);
}

TEST_CASE("the question is answered with what was found") {
  std::vector<upstream_candidate> got;
  auto what = question();
  what.reply = reply_to<std::vector<upstream_candidate>>{
      [&](const caf::expected<std::vector<upstream_candidate>>& found) { got = *found; }};
  upstream_survey survey{us, what, {near("a", 1ms)}, start, 1};
  survey.heard(answer_to(survey.due(start)[0]), start + 2ms);
  survey.finish();
  REQUIRE(got.size() == 1);
  CHECK(got[0].who == contact{"a", "a:1"});
}
