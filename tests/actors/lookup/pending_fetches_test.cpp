// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/pending_fetches.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

using values = std::vector<std::string>;
const pending_fetches::time_point start{1h};

struct outcome {
  int answers = 0;
  values got;
  errc failed = errc::none;
};

reply_to<values> into(std::shared_ptr<outcome> out) {
  return reply_to<values>{[out](caf::expected<values> answer) {
    ++out->answers;
    if (answer) {
      out->got = std::move(*answer);
    } else {
      out->failed = code_of(answer.error());
    }
  }};
}

} // namespace

TEST_CASE("values come in any order and are answered together, in the order asked") {
  pending_fetches fetches;
  auto out = std::make_shared<outcome>();
  auto id = fetches.add(into(out), 3, start);
  for (std::size_t slot = 0; slot < 3; ++slot) fetches.wait(id, slot, slot + 10);
  CHECK(fetches.waiting() == 3);
  fetches.fill(id, 2, "c");
  fetches.fill(id, 0, "a");
  CHECK(out->answers == 0);
  CHECK(fetches.open_misses(id) == std::vector<miss_id>{11});
  fetches.fill(id, 1, "b");
  CHECK(out->answers == 1);
  CHECK(out->got == values{"a", "b", "c"});
  CHECK(fetches.waiting() == 0);
  CHECK(fetches.empty());
  fetches.fill(id, 1, "late");
  CHECK(fetches.fail(id, make_error(errc::timed_out)).empty());
}

TEST_CASE("a failed fetch says what it still waited for") {
  pending_fetches fetches;
  auto out = std::make_shared<outcome>();
  auto id = fetches.add(into(out), 2, start);
  fetches.wait(id, 0, 10);
  fetches.wait(id, 1, 11);
  fetches.fill(id, 0, "a");
  CHECK(fetches.fail(id, make_error(errc::no_replica)) == std::vector<miss_id>{11});
  CHECK(out->failed == errc::no_replica);
  CHECK(fetches.waiting() == 0);
}

TEST_CASE("deadlines come in order; answered fetches have none") {
  pending_fetches fetches;
  auto out = std::make_shared<outcome>();
  auto first = fetches.add(into(out), 1, start);
  auto second = fetches.add(into(out), 1, start + 1s);
  auto third = fetches.add(into(out), 1, start + 2s);
  CHECK(!fetches.expired(start - 1ns));
  CHECK(fetches.expired(start) == first);
  fetches.fail(first, make_error(errc::timed_out));
  CHECK(!fetches.expired(start));
  fetches.fill(second, 0, "value");
  CHECK(!fetches.expired(start + 1s));
  CHECK(fetches.expired(start + 2s) == third);
}

TEST_CASE("readers of a lost table hear that it is unavailable") {
  auto out = std::make_shared<outcome>();
  { pending_fetches{}.add(into(out), 1, start); }
  CHECK(out->answers == 1);
  CHECK(out->failed == errc::unavailable);
}
