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

fetch_command reading(std::shared_ptr<outcome> out, std::size_t count) {
  fetch_command made;
  made.items.resize(count);
  made.reply = reply_to<values>{[out](caf::expected<values> answer) {
    ++out->answers;
    if (answer) {
      out->got = std::move(*answer);
    } else {
      out->failed = code_of(answer.error());
    }
  }};
  return made;
}

struct fetch_table {
  pending_fetches fetches{1000};
  fetch_id add(fetch_command command, pending_fetches::time_point deadline = start) {
    return fetches.add(command, deadline);
  }
};

} // namespace

TEST_CASE_FIXTURE(fetch_table, "values come in any order and are answered together, in the order asked") {
  auto out = std::make_shared<outcome>();
  auto id = add(reading(out, 3));
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

TEST_CASE_FIXTURE(fetch_table, "a failed fetch says what it still waited for") {
  auto out = std::make_shared<outcome>();
  auto id = add(reading(out, 2));
  fetches.wait(id, 0, 10);
  fetches.wait(id, 1, 11);
  fetches.fill(id, 0, "a");
  CHECK(fetches.fail(id, make_error(errc::no_replica)) == std::vector<miss_id>{11});
  CHECK(out->failed == errc::no_replica);
  CHECK(fetches.waiting() == 0);
}

TEST_CASE_FIXTURE(fetch_table, "deadlines come in order; answered fetches have none") {
  auto out = std::make_shared<outcome>();
  auto first = add(reading(out, 1));
  auto second = add(reading(out, 1), start + 1s);
  auto third = add(reading(out, 1), start + 2s);
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
  { fetch_table{}.add(reading(out, 1)); }
  CHECK(out->answers == 1);
  CHECK(out->failed == errc::unavailable);
}

TEST_CASE_FIXTURE(fetch_table, "a read whose values are too large together is told so before all have come") {
  auto out = std::make_shared<outcome>();
  auto command = reading(out, 3);
  command.bytes_max = 10;
  auto id = add(std::move(command));
  for (std::size_t slot = 0; slot < 3; ++slot) fetches.wait(id, slot, slot + 10);
  CHECK(!fetches.fill(id, 0, std::string(10, 'x')));
  auto error = fetches.fill(id, 1, "y");
  CHECK(error == errc::too_large);
  CHECK(out->answers == 0);
  CHECK(fetches.fail(id, error) == std::vector<miss_id>{12});
  CHECK(out->failed == errc::too_large);
  CHECK(fetches.waiting() == 0);
}

TEST_CASE_FIXTURE(fetch_table, "values that wait for others are bounded over all reads; what is answered is not") {
  auto out = std::make_shared<outcome>();
  auto first = add(reading(out, 2));
  auto second = add(reading(out, 2));
  CHECK(!fetches.fill(first, 0, std::string(600, 'x')));
  CHECK(fetches.fill(second, 0, std::string(600, 'x')) == errc::overloaded);
  fetches.fail(second, make_error(errc::overloaded));
  CHECK(!fetches.fill(first, 1, std::string(600, 'x'))); // the last one: answered, not held
  CHECK(out->got.size() == 2);
  auto third = add(reading(out, 2));
  CHECK(!fetches.fill(third, 0, std::string(1000, 'x'))); // all room is back
}
