// SPDX-License-Identifier: Apache-2.0
#include "apps/net/glob.hpp"
#include "apps/net/scan_cursors.hpp"

#include <doctest/doctest.h>

using namespace argentum::net;

TEST_CASE("patterns match as in Redis") {
  CHECK(glob_match("*", ""));
  CHECK(glob_match("h?llo", "hello"));
  CHECK_FALSE(glob_match("h?llo", "hllo"));
  CHECK(glob_match("h*llo", "heeeello"));
  CHECK(glob_match("*a*b*c", "xxaxxbxxbxc"));
  CHECK_FALSE(glob_match("*a*b*c", "xxaxxbxxbx"));
  CHECK(glob_match("h[ae]llo", "hallo"));
  CHECK_FALSE(glob_match("h[^e]llo", "hello"));
  CHECK(glob_match("h[a-c]llo", "hbllo"));
  CHECK(glob_match("h[c-a]llo", "hbllo"));
  CHECK(glob_match("h\\*llo", "h*llo"));
  CHECK_FALSE(glob_match("h\\*llo", "hello"));
  CHECK(glob_match("[\\]]", "]"));
  CHECK(glob_match("a[bc", "ac"));
  CHECK(glob_match("a\\", "a\\"));
  CHECK_FALSE(glob_match("", "a"));
  CHECK(glob_match(std::string_view{"\0*", 2}, std::string_view{"\0x", 2}));
}

TEST_CASE("a hostile pattern ends in time") {
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "*a";
  CHECK_FALSE(glob_match(pattern + "*b", std::string(4096, 'a')));
}

TEST_CASE("the literal start of a pattern") {
  CHECK(literal_prefix("abc*d") == "abc");
  CHECK(literal_prefix("a\\*b?") == "a*b");
  CHECK(literal_prefix("*") == "");
  CHECK(literal_prefix("[a]") == "");
}

TEST_CASE("cursors are remembered per instance, may be used again, and end their predecessors") {
  argentum::counter dropped;
  scan_cursors cursors{dropped, 100};
  auto first = cursors.add(0, "k1", 0);
  CHECK(cursors.use(0, first) == "k1");
  CHECK(cursors.use(0, first) == "k1");
  CHECK_FALSE(cursors.use(1, first));
  CHECK_FALSE(cursors.use(0, 12345));
  auto second = cursors.add(0, "k2", first);
  CHECK(cursors.use(0, first) == "k1"); // the reply with the second may have been lost
  CHECK(cursors.use(0, second) == "k2");
  CHECK_FALSE(cursors.use(0, first));
}

TEST_CASE("the oldest cursors are forgotten first, and a long walk forgets only its own") {
  argentum::counter dropped;
  scan_cursors cursors{dropped, 10};
  auto other = cursors.add(0, "other", 0);
  std::uint64_t at = 0;
  for (int i = 0; i < 1000; ++i) {
    auto next = cursors.add(0, "k", at);
    CHECK(cursors.use(0, next));
    at = next;
  }
  CHECK(cursors.use(0, other) == "other");
  for (int i = 0; i < 10; ++i) cursors.add(0, "k", 0);
  CHECK(cursors.size() == 10);
  CHECK(dropped.value() > 0);
  CHECK_FALSE(cursors.use(0, other));
}
