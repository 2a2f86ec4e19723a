// SPDX-License-Identifier: Apache-2.0
// Index and version name an entry within one log only: what becomes of misses when there are two.
#include "tests/actors/lookup/lookup_world.hpp"

using namespace argentum;
using namespace argentum::test;
using strings = std::vector<std::string>;

TEST_CASE("a replica on another log is never believed, even when the version is right") {
  lookup_world w{1};
  auto common = w.put("a", "common");
  auto lost = w.log.put("b", "lost"); // the root forgets it, and writes another value at its index
  w.apply_to_proxy(lost);
  w.proxy_store->evict("b");
  w.log = {};
  w.log.put("a", "common");
  for (const auto* value : {"another", "later"}) lookup_world::apply(*w.replicas[0].store, w.log.put("b", value));
  w.sys.settle();
  auto out = w.fetch({{"b", lost.index}});
  CHECK(out->failed == errc::diverged);
  CHECK(!w.cached("b"));
  CHECK(w.metrics->version_mismatches.value() == 1);
  CHECK(w.fetch({{"a", common}})->values == strings{"common"}); // both logs have it
}

TEST_CASE("a full copy ends the reads that wait, and what comes of them is not cached") {
  lookup_world w{1};
  auto version = w.put("a", "value");
  w.replicas[0].mute = true;
  auto out = w.fetch({{"a", version}});
  auto held = w.replicas[0].asked.front();
  auto before = w.proxy_view->load();
  auto copy = make_store(instance_role::proxy);
  lookup_world::apply(*copy, log_maker{}.put("a", "another"));
  copy->evict("a");
  w.proxy_view->store(copy->view());
  caf::anon_send(w.proxy, batch_applied{nullptr, copy->report()});
  w.sys.settle();
  CHECK(out->failed == errc::no_replica);
  auto early = w.start_fetch_from(before, {{"a", version}}); // read from the old data, asked for after the switch
  w.sys.settle();
  CHECK(early->failed == errc::no_replica);
  auto late = w.start_fetch({{"a", version}}); // not the same miss as the one in flight
  w.sys.settle();
  CHECK(w.replicas[0].asked.size() == 2);
  caf::anon_send(w.replicas[0].server, w.replicas[0].link, held);
  w.sys.settle();
  CHECK(late->answers == 0);
  CHECK(*w.fills == 0);
}

TEST_CASE("reads of a proxy's data are answered to the end when a replica's replace them") {
  lookup_world w{1};
  auto version = w.put("a", "value");
  w.replicas[0].mute = true;
  auto out = w.fetch({{"a", version}});
  auto before = w.proxy_view->load();
  auto copy = make_store(instance_role::replica);
  lookup_world::apply(*copy, log_maker{}.put("a", "another")); // it may even be of another log
  caf::anon_send(w.proxy, keep_source{true});
  w.proxy_view->store(copy->view());
  caf::anon_send(w.proxy, batch_applied{nullptr, copy->report()});
  w.sys.settle();
  CHECK(out->answers == 0);
  w.replicas[0].mute = false;
  caf::anon_send(w.replicas[0].server, w.replicas[0].link, w.replicas[0].asked.front());
  w.sys.settle();
  CHECK(out->values == strings{"value"});
  auto late = w.start_fetch_from(before, {{"a", version}}); // read from the old data, asked for after the switch
  w.sys.settle();
  CHECK(late->values == strings{"value"});
}
