// SPDX-License-Identifier: Apache-2.0
#include "actors/space/held_entries.hpp"
#include "actors/space/space_keeper.hpp"
#include "actors/space/upkeep_pace.hpp"
#include "messages/limits.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

using kind = space_limit::kind;
constexpr std::uint64_t gib = 1024 * limits::mib;
constexpr std::uint64_t reserve = limits::table_bytes;
constexpr time_point start{};

space_report taken(std::uint64_t disk, std::uint64_t values, std::uint64_t window = 0) {
  return {disk, 0, 0, values, window};
}

space_report volume(std::uint64_t free, std::uint64_t values = 100 * gib) {
  return {10 * gib, free, 1000 * gib, values, 0};
}

} // namespace

TEST_CASE("a budget: eviction begins over it and ends a sixteenth below, room for a step always counted in") {
  space_keeper keeper{{{{kind::budget, 16 * gib}}, {}}};
  CHECK(keeper.look(taken(16 * gib - reserve, 100 * gib)).to_free == 0);
  CHECK(keeper.look(taken(16 * gib - reserve + 1, 100 * gib)).to_free == gib + 1);
  CHECK(keeper.look(taken(15 * gib - reserve + 7, 100 * gib)).to_free == 7);
  CHECK(keeper.look(taken(15 * gib - reserve, 100 * gib)).to_free == 0);
  CHECK(keeper.look(taken(16 * gib - reserve, 100 * gib)).to_free == 0);
}

TEST_CASE("free bytes and percent of the volume are limits too, the strictest counts") {
  space_keeper bytes{{{{kind::free_bytes, 160 * gib}}, {}}};
  CHECK(bytes.look(volume(160 * gib + reserve)).to_free == 0);
  CHECK(bytes.look(volume(160 * gib)).to_free == 10 * gib + reserve);
  space_keeper percent{{{{kind::free_percent, 16}}, {}}};
  CHECK(percent.look(volume(160 * gib + reserve)).to_free == 0);
  CHECK(percent.look(volume(160 * gib)).to_free == 10 * gib + reserve);
  space_keeper both{{{{kind::free_percent, 1}, {kind::budget, gib}}, {}}};
  CHECK(both.look(volume(500 * gib)).to_free > 9 * gib);
  CHECK(space_keeper{{{{kind::free_percent, 16}}, {}}}.look(taken(gib, gib)).to_free == 0); // no volume
}

TEST_CASE("an eighth of what could go is asked for at a time") {
  space_keeper keeper{{{{kind::budget, gib}}, {}}};
  CHECK(keeper.look(taken(10 * gib, 8 * gib, 0)).to_free == gib);
  CHECK(keeper.look(taken(10 * gib, 8 * gib, 4 * gib)).to_free == gib / 2);
  CHECK(keeper.look(taken(10 * gib, 8 * gib, 8 * gib)).to_free == 1);
}

TEST_CASE("admission is selective near the soft limit, closed over the hard one and open again well below") {
  space_keeper keeper{{{{kind::budget, 16 * gib}}, {{kind::budget, 32 * gib}}}};
  auto admit = [&](std::uint64_t disk) { return keeper.look(taken(disk - reserve, 100 * gib)).admit; };
  CHECK(admit(15 * gib) == admission::open);
  CHECK(admit(15 * gib + 1) == admission::selective);
  CHECK(admit(32 * gib) == admission::selective);
  CHECK(admit(32 * gib + 1) == admission::closed);
  CHECK(admit(32 * gib) == admission::closed);
  CHECK(admit(31 * gib + 1) == admission::closed);
  CHECK(admit(31 * gib) == admission::selective);
  CHECK(admit(32 * gib) == admission::selective);
  CHECK(admit(10 * gib) == admission::open);
  CHECK(space_keeper{}.look(taken(1000 * gib, gib)).admit == admission::open);
}

TEST_CASE("the alarm: over the hard limit, and what could go does not bring it below") {
  space_keeper keeper{{{{kind::budget, 16 * gib}}, {{kind::budget, 16 * gib}}}};
  CHECK_FALSE(keeper.look(taken(17 * gib, 10 * gib, 8 * gib)).alarm);
  CHECK(keeper.look(taken(17 * gib, 10 * gib, 10 * gib)).alarm);
  CHECK_FALSE(keeper.look(taken(15 * gib, 10 * gib, 10 * gib)).alarm);
}

TEST_CASE("small limits reserve an eighth of themselves at most") {
  space_keeper keeper{{{{kind::budget, 8 * limits::mib}}, {}}};
  CHECK(keeper.look(taken(7 * limits::mib, limits::mib)).to_free == 0);
  CHECK(keeper.look(taken(7 * limits::mib + 1, 64 * limits::mib)).to_free > 0);
}

TEST_CASE("passes in vain are pauses that double, a useful one ends them") {
  upkeep_pace pace;
  CHECK(pace.may_begin(start));
  pace.ended(true, start);
  CHECK(pace.may_begin(start));
  for (auto pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    pace.ended(false, start);
    CHECK_FALSE(pace.may_begin(start + pause - 1ms));
    CHECK(pace.may_begin(start + pause));
  }
  pace.ended(true, start);
  pace.ended(false, start);
  CHECK(pace.may_begin(start + 1s));
}

TEST_CASE("an entry was held for a span only when the span has passed here") {
  held_entries held{128s};
  CHECK(held.for_a_span(start) == 0);
  held.note(5, start);
  held.note(6, start + 500ms); // between two samples: counts from the next
  held.note(7, start + 1s);
  CHECK(held.for_a_span(start + 128s - 1ms) == 0);
  CHECK(held.for_a_span(start + 128s) == 5);
  CHECK(held.for_a_span(start + 129s) == 7);
  CHECK(held.for_a_span(start + 500s) == 7);
}
