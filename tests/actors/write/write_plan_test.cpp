// SPDX-License-Identifier: Apache-2.0
// What each kind of op changes and answers, as redis-server 7.0.15 does.
#include "actors/write/write_plan.hpp"
#include "messages/limits.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

using namespace argentum;
using namespace argentum::actors;

namespace {

constexpr write_bounds bounds{8, 100};
using state = std::map<std::string, current_value>;

/// Plans against a fixed state.
caf::expected<write_plan> plan(const write_command& command, const state& now = {}) {
  return plan_write(command, bounds, [&](std::string_view key) -> caf::expected<current_value> {
    auto found = now.find(std::string{key});
    return found == now.end() ? current_value{} : found->second;
  });
}
caf::expected<write_plan> plan(std::vector<write_op> ops, const state& now = {}) {
  return plan(write_command{std::move(ops), {}}, now);
}

using answers = std::vector<op_answer>;
op_answer number(std::int64_t n) {
  return n;
}
op_answer text(std::string value) {
  return old_value{std::move(value)};
}
const op_answer nothing = old_value{};

/// The mutations in short: "+new=1 ~old=2 -gone".
std::string changes(const caf::expected<write_plan>& done) {
  REQUIRE(done);
  std::string out;
  for (const auto& each : done->mutations) {
    out += out.empty() ? "" : " ";
    out += each.kind == mutation_kind::remove ? "-" : each.kind == mutation_kind::create ? "+" : "~";
    out += each.key + (each.kind == mutation_kind::remove ? "" : "=" + each.value);
  }
  return out;
}

/// One op on one key "k" that has the value, or none.
struct done_op {
  std::string changes;
  op_answer answer;
  friend bool operator==(const done_op&, const done_op&) = default;
};
done_op run(write_op op, old_value before = {}) {
  state now;
  if (before) now["k"] = {before, 0, 1};
  auto done = plan({std::move(op)}, now);
  return {changes(done), done->answers.at(0)};
}

} // namespace

TEST_CASE("a write becomes create, update or remove by what the key was") {
  state now{{"old", {"1", 0}}, {"gone", {"x", 0}}};
  auto done = plan({put_op{"new", "1"}, put_op{"old", "2"}, remove_op{"gone"}}, now);
  CHECK(changes(done) == "+new=1 ~old=2 -gone");
  CHECK(done->answers == answers{number(1), number(1), number(1)});
}

TEST_CASE("what changes nothing is left out, and the rest of the command still counts") {
  auto done = plan({put_op{"same", "1"}, remove_op{"absent"}, put_op{"new", ""}}, state{{"same", {"1", 0}}});
  CHECK(changes(done) == "+new=");
  CHECK(done->answers == answers{number(1), number(0), number(1)});
}

TEST_CASE("the last op on a key wins, and ops see each other") {
  CHECK(changes(plan({put_op{"k", "1"}, put_op{"k", "2"}})) == "+k=2");
  auto del_twice = plan({remove_op{"k"}, remove_op{"k"}}, state{{"k", {"1", 0}}});
  CHECK(changes(del_twice) == "-k");
  CHECK(del_twice->answers == answers{number(1), number(0)});
  CHECK(changes(plan({put_op{"k", "1"}, remove_op{"k"}})).empty());
  CHECK(changes(plan({remove_op{"k"}, put_op{"k", "2"}}, state{{"k", {"1", 0}}})) == "~k=2");
  auto mixed = plan({add_op{"n", 5}, read_op{"n"}, append_op{"n", "0"}, add_op{"n", 1}, remove_op{"n", true},
                     exists_op{"n"}, put_op{"n", "x", put_when::absent}, read_op{"n"}});
  CHECK(changes(mixed) == "+n=x");
  CHECK(mixed->answers
        == answers{number(5), text("5"), number(2), number(51), text("51"), number(0), number(1), text("x")});
}

TEST_CASE("SET with conditions and the old value") {
  using enum put_when;
  CHECK(run(put_op{"k", "2", absent}) == done_op{"+k=2", number(1)});
  CHECK(run(put_op{"k", "2", absent}, "1") == done_op{"", number(0)});
  CHECK(run(put_op{"k", "2", present}) == done_op{"", number(0)});
  CHECK(run(put_op{"k", "2", present}, "1") == done_op{"~k=2", number(1)});
  CHECK(run(put_op{"k", "2", always, true}) == done_op{"+k=2", nothing});
  CHECK(run(put_op{"k", "2", always, true}, "1") == done_op{"~k=2", text("1")});
  CHECK(run(put_op{"k", "2", absent, true}, "1") == done_op{"", text("1")});
  CHECK(run(put_op{"k", "2", present, true}) == done_op{"", nothing});
  CHECK(run(remove_op{"k", true}, "1") == done_op{"-k", text("1")});
  CHECK(run(remove_op{"k", true}) == done_op{"", nothing});
}

TEST_CASE("all pairs, or none if any of their keys exists") {
  put_all_absent_op op{{{"a", "1"}, {"b", "2"}, {"a", "3"}}};
  auto all = plan({op});
  CHECK(changes(all) == "+a=3 +b=2");
  CHECK(all->answers == answers{number(1)});
  auto none = plan({op}, state{{"b", {"", 0}}});
  CHECK(changes(none).empty());
  CHECK(none->answers == answers{number(0)});
}

TEST_CASE("APPEND and SETRANGE, up to the largest value") {
  CHECK(run(append_op{"k", "b"}, "a") == done_op{"~k=ab", number(2)});
  CHECK(run(append_op{"k", ""}) == done_op{"+k=", number(0)});
  CHECK(run(append_op{"k", ""}, "a") == done_op{"", number(1)});
  CHECK(run(append_op{"k", std::string(99, 'x')}, "a").answer == number(100));
  CHECK(run(append_op{"k", std::string(100, 'x')}, "a") == done_op{"", op_refusal::value_too_large});
  CHECK(run(overwrite_op{"k", 1, "XY"}, "abcd") == done_op{"~k=aXYd", number(4)});
  CHECK(run(overwrite_op{"k", 3, "XY"}, "abcd") == done_op{"~k=abcXY", number(5)});
  CHECK(run(overwrite_op{"k", 2, "x"}) == done_op{std::string{"+k=\0\0x", 6}, number(3)});
  CHECK(run(overwrite_op{"k", 1000, ""}, "ab") == done_op{"", number(2)});
  CHECK(run(overwrite_op{"k", 1000, ""}) == done_op{"", number(0)});
  CHECK(run(overwrite_op{"k", 99, "x"}).answer == number(100));
  CHECK(run(overwrite_op{"k", 100, "x"}) == done_op{"", op_refusal::value_too_large});
  CHECK(run(overwrite_op{"k", ~std::uint64_t{0}, "x"}) == done_op{"", op_refusal::value_too_large});
}

TEST_CASE("counters at their ends, and values that are no numbers") {
  const std::string most = "9223372036854775807", least = "-9223372036854775808";
  CHECK(run(add_op{"k", 1}) == done_op{"+k=1", number(1)});
  CHECK(run(add_op{"k", -11}, "10") == done_op{"~k=-1", number(-1)});
  CHECK(run(add_op{"k", 0}, "7") == done_op{"", number(7)});
  CHECK(run(add_op{"k", 1}, most) == done_op{"", op_refusal::overflow});
  CHECK(run(add_op{"k", -1}, least) == done_op{"", op_refusal::overflow});
  CHECK(run(add_op{"k", INT64_MIN}, "0") == done_op{"~k=" + least, number(INT64_MIN)});
  for (const auto* bad : {"", " 1", "1 ", "01", "+1", "-0", "1.0", "x", "9223372036854775808"})
    CHECK_MESSAGE((run(add_op{"k", 1}, bad) == done_op{"", op_refusal::not_an_integer}), bad);
  CHECK(run(add_real_op{"k", 0.5L}, "10.25") == done_op{"~k=10.75", text("10.75")});
  CHECK(run(add_real_op{"k", -3}, "3") == done_op{"~k=0", text("0")});
  CHECK(run(add_real_op{"k", 1}, "x") == done_op{"", op_refusal::not_a_number});
  CHECK(run(add_real_op{"k", 1}, " 1") == done_op{"", op_refusal::not_a_number});
  CHECK(run(add_real_op{"k", INFINITY}, "1") == done_op{"", op_refusal::not_finite});
}

TEST_CASE("an op that is refused leaves the others alone") {
  auto done = plan({put_op{"a", "1"}, add_op{"k", 1}, put_op{"b", "2"}}, state{{"k", {"x", 0}}});
  CHECK(changes(done) == "+a=1 +b=2");
  CHECK(done->answers == answers{number(1), op_refusal::not_an_integer, number(1)});
}

TEST_CASE("a command is out of date when a key it watches was written since") {
  state now{{"k", {"1", 0, 5}}};
  auto with = [&](std::string key, index_t version) {
    return plan(write_command{{put_op{"k", "2"}}, {}, {{std::move(key), version}}}, now);
  };
  CHECK(changes(with("k", 5)) == "~k=2");
  CHECK(with("k", 4).error() == errc::out_of_date);
  CHECK(with("k", 0).error() == errc::out_of_date);
  CHECK(changes(with("none", 0)) == "~k=2");
  CHECK(with("none", 3).error() == errc::out_of_date);
}

TEST_CASE("a decision remembers the latest pending entry that it rests on") {
  auto done = plan({put_op{"a", "1"}, remove_op{"b"}}, state{{"a", {"1", 5}}, {"b", {std::nullopt, 7}}});
  CHECK(done->mutations.empty());
  CHECK(done->depends_on == 7);
  CHECK(plan({read_op{"a"}}, state{{"a", {"1", 9}}})->depends_on == 9);
}

TEST_CASE("bounds of keys, values and commands; empty keys and values are fine") {
  CHECK(plan({put_op{"", ""}}));
  CHECK(plan({put_op{"12345678", std::string(100, 'x')}}));
  CHECK(plan({put_op{"123456789", ""}}).error() == errc::too_large);
  CHECK(plan({add_op{"123456789", 1}}).error() == errc::too_large);
  CHECK(plan({put_op{"k", std::string(101, 'x')}}).error() == errc::too_large);
  CHECK(plan({put_all_absent_op{{{"k", std::string(101, 'x')}}}}).error() == errc::too_large);
  CHECK(plan(std::vector<write_op>{}).error() == errc::invalid);
  CHECK(plan(std::vector<write_op>(limits::entry_mutations_max + 1, remove_op{"k"})).error() == errc::too_large);
}

TEST_CASE("a command keeps and answers a bounded amount of values") {
  std::string large(limits::command_values_bytes_max / 4, 'v');
  state now;
  std::vector<write_op> reads, removals, appends;
  for (auto key : {"a", "b", "c", "d", "e"}) {
    now[key] = {large, 0};
    reads.emplace_back(read_op{key});
    removals.emplace_back(remove_op{key});
    appends.emplace_back(append_op{key, "x"});
  }
  auto run = [&](const std::vector<write_op>& ops) {
    return plan_write({ops, {}}, {8, limits::value_bytes_max * 2},
                      [&](std::string_view key) -> caf::expected<current_value> { return now[std::string{key}]; });
  };
  CHECK(run(reads).error() == errc::too_large);
  CHECK(run(appends).error() == errc::too_large);
  CHECK(run(removals)->mutations.size() == 5);
}
