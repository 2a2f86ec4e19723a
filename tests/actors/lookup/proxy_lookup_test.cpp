// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/lookup/lookup_world.hpp"
#include "tests/support/random.hpp"

#include <random>

using namespace argentum;
using namespace argentum::test;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;

TEST_CASE("a miss is fetched, answered and cached") {
  lookup_world w;
  auto version = w.put("a", "value");
  CHECK(!w.cached("a"));
  auto out = w.fetch({{"a", version}});
  CHECK(out->answers == 1);
  CHECK(out->values == strings{"value"});
  CHECK(w.cached("a"));
  CHECK(w.requests() == 1);
  CHECK(w.metrics->misses.value() == 1);
  CHECK(w.fetch({})->answers == 1); // nothing asked, nothing to wait for
}

TEST_CASE("equal misses are asked for once, also while one is in flight") {
  lookup_world w;
  auto version = w.put("a", "value");
  auto first = w.start_fetch({{"a", version}});
  auto second = w.start_fetch({{"a", version}, {"a", version}});
  w.sys.settle();
  CHECK(w.requests() == 1);
  CHECK(first->values == strings{"value"});
  CHECK(second->values == strings{"value", "value"});
  CHECK(w.metrics->misses_joined.value() == 2);
  CHECK(*w.fills == 1);
}

TEST_CASE("misses that arrive together travel together") {
  lookup_world w;
  std::vector<std::shared_ptr<fetch_outcome>> outs;
  std::vector<index_t> versions;
  for (int i = 0; i < 300; ++i) versions.push_back(w.put("k" + std::to_string(i), "v" + std::to_string(i)));
  for (int i = 0; i < 300; ++i) outs.push_back(w.start_fetch({{"k" + std::to_string(i), versions[i]}}));
  w.sys.settle();
  CHECK(w.requests() == 2); // 256 and 44
  for (int i = 0; i < 300; ++i) CHECK(outs[i]->values == strings{"v" + std::to_string(i)});
}

TEST_CASE("one command's values are answered together, in order") {
  lookup_world w;
  auto a = w.put("a", "1");
  auto b = w.put("b", "");
  auto c = w.put("c", "3");
  CHECK(w.fetch({{"c", c}, {"a", a}, {"b", b}})->values == strings{"3", "1", ""});
}

TEST_CASE("a read whose values are too large together fails alone, and at once") {
  lookup_world w;
  std::vector<fetch_command::item> items;
  for (int i = 0; i < 8; ++i) {
    auto key = "k" + std::to_string(i);
    items.push_back({key, w.put(key, std::string(limits::mib, 'v'))});
  }
  auto small = w.start_fetch({items[0]});
  auto large = w.start_fetch(items, 3 * limits::mib);
  w.sys.settle();
  CHECK(large->failed == errc::too_large);
  CHECK(small->values.size() == 1);
  CHECK(w.requests() < 4); // the values that nobody reads any more are not asked for again
  CHECK(w.fetch(items)->values.size() == 8);
}

TEST_CASE("a value that is larger than a link's share of one request arrives too") {
  lookup_world w;
  std::vector<fetch_command::item> items;
  for (int i = 0; i < 12; ++i) {
    auto key = "k" + std::to_string(i);
    items.push_back({key, w.put(key, std::string(limits::mib, static_cast<char>('a' + i)))});
  }
  auto out = w.fetch(items);
  REQUIRE(out->values.size() == 12);
  for (int i = 0; i < 12; ++i) CHECK(out->values[i] == std::string(limits::mib, static_cast<char>('a' + i)));
  CHECK(w.requests() > 1);
  CHECK(w.metrics->lookup_retries.value() == 0);
}

TEST_CASE("behind: another replica is asked at once") {
  lookup_world w;
  w.put("a", "old");
  auto record = w.log.put("a", "new");
  w.apply_to_proxy(record);
  lookup_world::apply(*w.replicas[1].store, record);
  w.proxy_store->evict("a");
  for (int i = 0; i < 10; ++i) { // whichever is drawn first
    auto out = w.fetch({{"a", record.index}});
    CHECK(out->values == strings{"new"});
  }
  CHECK(w.replicas[0].metrics->lookup_behind.value() == w.metrics->lookup_retries.value());
  CHECK(w.metrics->lookup_retries.value() > 0);
}

TEST_CASE("behind everywhere: waits for a lagging replica within the deadline") {
  lookup_world w;
  w.put("a", "old");
  auto record = w.log.put("a", "new");
  w.apply_to_proxy(record);
  w.proxy_store->evict("a");
  auto out = w.fetch({{"a", record.index}});
  w.sys.advance(500ms);
  CHECK(out->answers == 0);
  auto asked = w.requests();
  CHECK(asked > 4);
  CHECK(asked < 20); // the pauses grow
  lookup_world::apply(*w.replicas[0].store, record);
  w.sys.advance(limits::lookup_retry_max + limits::lookup_sweep);
  CHECK(out->values == strings{"new"});
  CHECK(w.cached("a"));
}

TEST_CASE("behind everywhere and for good: an error at the deadline, never a value") {
  lookup_world w;
  w.put("a", "old");
  auto record = w.log.put("a", "new");
  w.apply_to_proxy(record);
  w.proxy_store->evict("a");
  auto out = w.fetch({{"a", record.index}});
  w.sys.advance(limits::lookup_deadline - 1ms);
  CHECK(out->answers == 0);
  w.sys.advance(1ms + limits::lookup_sweep);
  CHECK(out->answers == 1);
  CHECK(out->failed == errc::no_replica);
  CHECK(w.metrics->lookups_failed.value() == 1);
}

TEST_CASE("pruned at one: another is asked; pruned at all: an error at once") {
  lookup_world w;
  auto old = w.put("a", "old");
  auto now = w.put("a", "now");
  REQUIRE(w.replicas[0].store->set_horizon(now));
  for (int i = 0; i < 10; ++i) CHECK(w.fetch({{"a", old}})->values == strings{"old"});
  CHECK(w.replicas[0].metrics->lookup_pruned.value() > 0);
  REQUIRE(w.replicas[1].store->set_horizon(now));
  auto out = w.fetch({{"a", old}});
  CHECK(out->answers == 1);
  CHECK(out->failed == errc::no_replica);
  CHECK(w.fetch({{"a", now}})->values == strings{"now"});
}

TEST_CASE("a wrong version is counted, never served, never cached") {
  lookup_world w;
  auto version = w.put("a", "value");
  auto lie = [](lookup_response& r) {
    for (auto& a : r.answers) a.index += 1;
  };
  auto deny = [](lookup_response& r) {
    for (auto& a : r.answers) a = {lookup_status::absent, 0, {}};
  };
  w.replicas[0].falsify = lie;
  w.replicas[1].falsify = deny;
  auto out = w.fetch({{"a", version}});
  CHECK(out->answers == 1);
  CHECK(out->failed == errc::diverged);
  CHECK(out->values.empty());
  CHECK(!w.cached("a"));
  CHECK(*w.fills == 0);
  CHECK(w.metrics->version_mismatches.value() == 2);
  w.replicas[1].falsify = nullptr; // an honest replica is found
  for (int i = 0; i < 10; ++i) CHECK(w.fetch({{"a", version}})->values == strings{"value"});
}

TEST_CASE("a wrong version at one and silence at the other: diverged at the deadline") {
  lookup_world w;
  auto version = w.put("a", "value");
  w.replicas[0].falsify = [](lookup_response& r) { r.answers[0].index += 1; };
  w.replicas[1].mute = true;
  auto out = w.fetch({{"a", version}});
  w.sys.advance(limits::lookup_deadline + limits::lookup_sweep);
  CHECK(out->failed == errc::diverged);
}

TEST_CASE("a silent replica: another is asked after the attempt, and it is avoided from then on") {
  lookup_world w;
  auto version = w.put("a", "value");
  w.replicas[0].mute = true;
  std::vector<std::shared_ptr<fetch_outcome>> outs;
  while (w.replicas[0].asked.empty()) outs.push_back(w.fetch({{"a", version}}));
  CHECK(outs.back()->answers == 0);
  w.sys.advance(limits::lookup_attempt + limits::lookup_sweep);
  for (const auto& out : outs) CHECK(out->values == strings{"value"});
  CHECK(w.replicas[0].asked.size() == 1);
  for (int i = 0; i < 20; ++i) w.fetch({{"a", version}});
  CHECK(w.replicas[0].asked.size() == 1);
}

TEST_CASE("a replica lost in flight: its misses go elsewhere at once") {
  lookup_world w;
  auto version = w.put("a", "value");
  w.replicas[0].mute = w.replicas[1].mute = true;
  auto out = w.fetch({{"a", version}});
  REQUIRE(w.requests() == 1);
  std::size_t holder = w.replicas[0].asked.empty() ? 1 : 0;
  w.replicas[0].mute = w.replicas[1].mute = false;
  w.cut(holder);
  CHECK(out->values == strings{"value"});
}

TEST_CASE("all replicas gone: an error at the deadline; links are asked for again and serve again") {
  lookup_world w;
  auto version = w.put("a", "value");
  w.cut(0);
  w.cut(1);
  auto out = w.fetch({{"a", version}});
  CHECK(w.requests() == 0);
  w.sys.advance(limits::lookup_deadline + limits::lookup_sweep);
  CHECK(out->failed == errc::no_replica);
  int wants = w.wants;
  CHECK(wants > 4);
  CHECK(wants < 40);
  w.replicas[1].reachable = true;
  w.sys.advance(limits::redial_delay_max);
  CHECK(w.fetch({{"a", version}})->values == strings{"value"});
}

TEST_CASE("a miss that waits for a link is sent when it opens") {
  lookup_world w{1};
  auto version = w.put("a", "value");
  w.cut(0, false);
  auto out = w.fetch({{"a", version}});
  CHECK(out->answers == 0);
  w.sys.advance(limits::redial_delay_min);
  CHECK(out->values == strings{"value"});
}

TEST_CASE("without replicas an error comes at once") {
  lookup_world w{0};
  CHECK(w.fetch({{"a", 1}})->failed == errc::no_replica);
  CHECK(!w.sys.has_timer());
}

TEST_CASE("a fill that is no longer current is not cached") {
  lookup_world w;
  auto old = w.put("a", "old");
  auto record = w.log.put("a", "new");
  w.apply_to_proxy(record);
  w.proxy_store->evict("a");
  auto out = w.fetch({{"a", old}}); // the proxy moved on while the miss was on its way
  CHECK(out->values == strings{"old"});
  CHECK(!w.cached("a"));
  CHECK(*w.fills == 0);
}

TEST_CASE("misses are bounded: a read beyond is refused, and the others are still answered") {
  lookup_world w{1};
  w.replicas[0].mute = true;
  std::vector<fetch_command::item> items;
  for (std::size_t i = 0; i < limits::misses_max; ++i) items.push_back({"k" + std::to_string(i), 1});
  auto full = w.fetch(items);
  CHECK(full->answers == 0);
  CHECK(w.replicas[0].asked.size() == limits::lookup_bytes_in_flight / limits::lookup_answer_bytes);
  CHECK(w.fetch({{"one more", 1}})->failed == errc::overloaded);
  CHECK(w.metrics->miss_overloaded.value() == 1);
  auto joined = w.fetch({{"k0", 1}}); // needs no room
  CHECK(joined->answers == 0);
  w.sys.advance(limits::lookup_deadline + limits::lookup_sweep);
  CHECK(full->failed == errc::no_replica);
  CHECK(joined->failed == errc::no_replica);
  w.sys.advance(limits::lookup_attempt);
  w.replicas[0].mute = false;
  auto version = w.put("a", "value");
  auto after = w.fetch({{"a", version}});
  w.sys.advance(limits::lookup_deadline);
  CHECK(after->values == strings{"value"});
}

TEST_CASE("readers of one miss are bounded too") {
  lookup_world w{1};
  w.replicas[0].mute = true;
  std::vector<std::shared_ptr<fetch_outcome>> outs;
  for (std::size_t i = 0; i < limits::miss_waiters_max; ++i) outs.push_back(w.start_fetch({{"a", 1}}));
  w.sys.settle();
  CHECK(w.fetch({{"a", 1}})->failed == errc::overloaded);
  CHECK(w.requests() == 1);
  w.sys.advance(limits::lookup_deadline + limits::lookup_sweep);
  CHECK(std::all_of(outs.begin(), outs.end(), [](const auto& o) { return o->failed == errc::no_replica; }));
}

TEST_CASE("no timer runs while there is nothing to wait for") {
  lookup_world w;
  auto version = w.put("a", "value");
  w.fetch({{"a", version}});
  w.sys.advance(1s);
  CHECK(!w.sys.has_timer());
}

TEST_CASE("an actor that stops leaves no reader without an answer") {
  lookup_world w;
  auto version = w.put("a", "value");
  w.replicas[0].mute = w.replicas[1].mute = true;
  auto out = w.fetch({{"a", version}});
  w.sys.stop();
  w.proxy = nullptr;
  CHECK(out->answers == 1);
  CHECK(out->failed == errc::unavailable);
}

TEST_CASE("nonsense answers change nothing") {
  lookup_world w;
  auto version = w.put("a", "value");
  w.replicas[0].mute = w.replicas[1].mute = true;
  auto out = w.fetch({{"a", version}});
  std::size_t asked = w.replicas[0].asked.empty() ? 1 : 0;
  auto id = w.replicas[asked].asked[0].id;
  lookup_answer forged{lookup_status::found, version, "forged"};
  auto tell = [&](link_id link, lookup_response r) {
    caf::anon_send(w.proxy, link, std::move(r));
    w.sys.settle();
    CHECK(out->answers == 0);
  };
  tell({999}, {id, 0, {forged}});
  tell(w.replicas[1 - asked].link, {id, 0, {forged}});
  tell(w.replicas[asked].link, {id + 1, 0, {forged}});
  tell(w.replicas[asked].link, {id, 1, {forged}});
  tell(w.replicas[asked].link, {id, 0, {forged, forged}});
  tell(w.replicas[asked].link, {id, 4'000'000'000, {forged}});
}

TEST_CASE("under random faults every read gets the right value or an error, in time") {
  std::mt19937_64 random{random_seed("proxy_lookup")};
  lookup_world w{3};
  std::map<index_t, std::pair<std::string, std::string>> written;
  std::vector<std::pair<index_t, std::shared_ptr<fetch_outcome>>> reads;
  for (int step = 0; step < 2000; ++step) {
    auto i = random() % w.replicas.size();
    switch (random() % 12) {
    case 0: w.replicas[i].mute = !w.replicas[i].mute; break;
    case 1:
      if (w.replicas[i].link != link_id{}) w.cut(i, random() % 2 == 0);
      break;
    case 2: w.replicas[i].reachable = true; break;
    case 3: w.sys.advance(std::chrono::milliseconds{random() % 300}); break;
    case 4:
      if (w.replicas[i].store->report().applied.index > 5) {
        REQUIRE(w.replicas[i].store->set_horizon(w.replicas[i].store->report().applied.index - 5));
      }
      break;
    case 5:
    case 6: {
      auto key = "k" + std::to_string(random() % 20);
      auto value = std::to_string(random());
      written[w.put(key, value)] = {key, value};
      break;
    }
    default:
      if (written.empty()) break;
      auto recent = random() % std::min<std::size_t>(written.size(), 8);
      auto it = std::prev(written.end(), static_cast<long>(recent) + 1);
      reads.emplace_back(it->first, w.start_fetch({{it->second.first, it->first}}));
      if (random() % 2 == 0) w.sys.settle();
    }
  }
  w.sys.advance(limits::lookup_deadline + limits::lookup_sweep);
  std::size_t served = 0;
  for (const auto& [version, out] : reads) {
    REQUIRE(out->answers == 1);
    if (out->failed == errc::none) {
      ++served;
      CHECK(out->values == strings{written[version].second});
    } else {
      CHECK(out->failed == errc::no_replica);
    }
  }
  CHECK(served > reads.size() / 4);
  CHECK(w.metrics->version_mismatches.value() == 0);
}
