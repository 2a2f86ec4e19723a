// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/open_surveys.hpp"
#include "messages/error.hpp"
#include "messages/oracle_limits.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

struct surveys_fixture {
  std::shared_ptr<node_metrics> metrics = std::make_shared<node_metrics>();
  open_surveys surveys{{"me", node_role::leaf, "here", 30s}, 1, metrics};
  int refused = 0, walks = 0;

  void begin(time_point now) {
    find_upstreams what;
    what.instance = "i";
    what.reply = reply_to<std::vector<upstream_candidate>>{
        [this](const caf::expected<std::vector<upstream_candidate>>& found) {
          if (!found && found.error() == errc::overloaded) ++refused;
        }};
    auto contacts = [this](const std::string&) {
      ++walks;
      return std::vector<survey_contact>{{{"a", "a:1"}, node_role::intermediate, "there", {}, {}}};
    };
    surveys.begin(std::move(what), contacts, now);
  }
};

} // namespace

TEST_CASE_FIXTURE(surveys_fixture,
                  "as many as may be are under way; more are refused, and cost no walk over members") {
  for (std::size_t i = 0; i < limits::surveys_max; ++i) begin(start);
  CHECK(refused == 0);
  begin(start);
  CHECK(refused == 1);
  CHECK(walks == limits::surveys_max);
  CHECK(metrics->surveys_refused.value() == 1);
  CHECK(surveys.due(start).size() == limits::surveys_max);
  CHECK(surveys.take_over(start + limits::survey_time).size() == limits::surveys_max);
  begin(start + limits::survey_time);
  CHECK(refused == 1);
}

TEST_CASE_FIXTURE(surveys_fixture, "an answer belongs to one; those that are over are taken, the others go on") {
  CHECK(surveys.next() == time_point::max());
  begin(start);
  begin(start + 100ms);
  auto queries = surveys.due(start + 100ms);
  REQUIRE(queries.size() == 2);
  status_answer answer;
  answer.token = queries[1].what.token;
  CHECK(surveys.heard(answer, start + 110ms));
  answer.token = 0;
  CHECK_FALSE(surveys.heard(answer, start + 110ms));
  CHECK(surveys.take_over(start + 110ms).size() == 1);
  CHECK(surveys.take_over(start + 110ms).empty());
  CHECK(surveys.next() < start + limits::survey_time);
}
