// SPDX-License-Identifier: Apache-2.0
// Which fetched values a proxy caches.
#include "tests/actors/lookup/lookup_world.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::test;
using strings = std::vector<std::string>;

TEST_CASE("near the limits of the disk a value is cached at the second miss, over them never") {
  lookup_world w;
  auto a = w.put("a", "1");
  w.sys.tell(w.proxy, set_admission{admission::selective});
  CHECK(w.fetch({{"a", a}})->values == strings{"1"});
  CHECK_FALSE(w.cached("a"));
  CHECK(w.metrics->fills_refused.value() == 1);
  CHECK(w.fetch({{"a", a}})->values == strings{"1"});
  CHECK(w.cached("a"));
  w.sys.tell(w.proxy, set_admission{admission::closed});
  auto b = w.put("b", "2");
  for (int n = 0; n < 3; ++n) CHECK(w.fetch({{"b", b}})->values == strings{"2"});
  CHECK_FALSE(w.cached("b"));
  w.sys.tell(w.proxy, set_admission{admission::open});
  CHECK(w.fetch({{"b", b}})->values == strings{"2"});
  CHECK(w.cached("b"));
}

TEST_CASE("what comes with a range is not cached, unless a client has asked for it") {
  lookup_world w;
  auto a = w.put("a", "1");
  auto b = w.put("b", "2");
  auto scan = [&] {
    auto out = w.start_fetch({{"a", a}, {"b", b}}, limits::multi_read_bytes_max, true);
    w.sys.settle();
    return out->values;
  };
  for (int n = 0; n < 3; ++n) CHECK(scan() == strings{"1", "2"});
  CHECK_FALSE(w.cached("a"));
  w.sys.tell(w.proxy, set_admission{admission::closed});
  w.fetch({{"a", a}});
  w.sys.tell(w.proxy, set_admission{admission::open});
  CHECK(scan() == strings{"1", "2"});
  CHECK(w.cached("a"));
  CHECK_FALSE(w.cached("b"));
}
