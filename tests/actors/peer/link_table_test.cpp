// SPDX-License-Identifier: Apache-2.0
#include "actors/peer/link_table.hpp"
#include "messages/limits.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

const link_table::time_point start{1h};

hello peer() {
  hello h;
  h.node = "peer";
  return h;
}

} // namespace

TEST_CASE("a dialled link becomes open step by step, no step out of turn") {
  link_table links;
  links.dial({1}, "b:1", start);
  CHECK(!links.open({1}, peer(), start));
  CHECK(links.connected({1}));
  CHECK(!links.connected({1}));
  CHECK(links.open({1}, peer(), start));
  CHECK(!links.open({1}, peer(), start));
  CHECK(links.open_count() == 1);
  CHECK(links.to("b:1") == link_id{1});
}

TEST_CASE("a link that is being closed leaves its address to the next dial") {
  link_table links;
  links.dial({1}, "b:1", start);
  CHECK(links.close({1}));
  CHECK(!links.close({1}));
  CHECK(!links.to("b:1"));
  links.dial({2}, "b:1", start);
  CHECK(links.forget({1})->phase == link_phase::closing);
  CHECK(links.to("b:1") == link_id{2});
  CHECK(!links.forget({1}));
}

TEST_CASE("hello must come in time, from the dial on") {
  link_table links;
  links.dial({1}, "b:1", start);
  links.accept({2}, "remote", start + 1s);
  links.accept({3}, "remote", start);
  links.open({3}, peer(), start);
  CHECK(links.late(start + limits::hello_timeout - 1ms).empty());
  CHECK(links.late(start + limits::hello_timeout) == std::vector<link_id>{{1}});
  CHECK(links.late(start + limits::hello_timeout + 1s) == std::vector<link_id>{{1}, {2}});
}

TEST_CASE("any sign of life keeps a link") {
  link_table links;
  links.accept({1}, "remote", start);
  links.open({1}, peer(), start);
  CHECK(links.silent(start + limits::link_silence_max - 1ms).empty());
  links.heard({1}, 7, start + 5s);
  CHECK(links.silent(start + limits::link_silence_max).empty());
  CHECK(links.silent(start + limits::link_silence_max + 5s) == std::vector<link_id>{{1}});
  CHECK(links.find({1})->passed == 7);
}

TEST_CASE("accepted links are bounded; dialled ones do not count") {
  link_table links;
  links.dial({1}, "b:1", start);
  for (std::uint64_t i = 0; i < limits::links_max; ++i) REQUIRE(links.accept({i + 2}, "remote", start));
  CHECK(!links.accept({999'999}, "remote", start));
  links.forget({1});
  CHECK(!links.accept({999'999}, "remote", start));
  links.forget({2});
  CHECK(links.accept({999'999}, "remote", start));
}
