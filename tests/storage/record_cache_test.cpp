// SPDX-License-Identifier: Apache-2.0
#include "messages/limits.hpp"
#include "storage/record_cache.hpp"
#include "storage/rocks_view.hpp"
#include "tests/storage/subject.hpp"

#include <atomic>
#include <thread>

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;

namespace {

struct cache_fixture {
  std::optional<index_t> find(std::string_view key) { return cache.find(key, value); }
  rocksdb::WriteBatch batch_of(const std::string& key) {
    rocksdb::WriteBatch batch;
    batch.Put(key, "anything");
    return batch;
  }

  std::shared_ptr<rocksdb::Cache> memory = rocksdb::NewLRUCache(256 << 20);
  record_cache cache{memory};
  std::string value;
};

} // namespace

TEST_CASE_FIXTURE(cache_fixture, "what was offered is found, also an empty value, until it changes") {
  cache.offer("a", cache.take_ticket("a"), 7, std::string_view{"x\0y", 3});
  cache.offer("b", cache.take_ticket("b"), 8, "");
  CHECK(find("a") == 7);
  CHECK(value == std::string_view{"x\0y", 3});
  CHECK(find("b") == 8);
  CHECK(value.empty());
  CHECK_FALSE(find("c"));
  { record_cache::change change{cache, batch_of("a")}; }
  CHECK_FALSE(find("a"));
}

TEST_CASE_FIXTURE(cache_fixture, "an offer that was read before the end of a change is refused") {
  auto before = cache.take_ticket("a");
  record_cache::ticket during = 0;
  {
    record_cache::change change{cache, batch_of("a")};
    during = cache.take_ticket("a");
    cache.offer("a", during, 1, "old");
    CHECK_FALSE(find("a"));
  }
  cache.offer("a", before, 1, "old");
  cache.offer("a", during, 1, "old");
  CHECK_FALSE(find("a"));
  cache.offer("a", cache.take_ticket("a"), 2, "new");
  CHECK(find("a") == 2);
}

TEST_CASE_FIXTURE(cache_fixture,
                  "after very many records all are given up, and what changes is forgotten as ever") {
  auto name = [](int n) { return "key " + std::to_string(n); };
  constexpr int many = 400'000; // more than a quarter of the bits
  for (int n = 0; n < many; ++n) cache.offer(name(n), cache.take_ticket(name(n)), 1, "");
  int found = 0;
  for (int n = 0; n < many; ++n) found += find(name(n)) ? 1 : 0;
  CHECK(found < many / 2);
  auto last = name(many - 1);
  CHECK(find(last) == 1);
  { record_cache::change change{cache, batch_of(last)}; }
  CHECK_FALSE(find(last));
  CHECK_FALSE(find("never offered"));
}

TEST_CASE_FIXTURE(cache_fixture, "stores that share the memory share no records") {
  record_cache other{memory};
  cache.offer("a", cache.take_ticket("a"), 1, "mine");
  CHECK_FALSE(other.find("a", value));
}

TEST_CASE_FIXTURE(cache_fixture, "large keys and values are left to the store") {
  std::string long_key(limits::cached_key_bytes_max + 1, 'k');
  cache.offer(long_key, cache.take_ticket(long_key), 1, "v");
  CHECK_FALSE(find(long_key));
  cache.offer("k", cache.take_ticket("k"), 1, std::string(limits::cached_value_bytes_max + 1, 'v'));
  CHECK_FALSE(find("k"));
  { record_cache::change change{cache, batch_of(long_key)}; }
}

TEST_CASE("a key that is overwritten in the middle of a read is not remembered as it was") {
  root_log root;
  root.write({{"a", "1"}});
  subject s{true, instance_role::replica};
  must(s->apply(root.after(0), true));
  s.reopen(); // into table files
  auto view = s.view();
  bool overwritten = false;
  unsynced_env::on_read = [&] {
    if (std::exchange(overwritten, true)) return;
    root.write({{"a", "2"}});
    std::thread{[&] { must(s->apply(root.after(1), true)); }}.join();
  };
  std::string value;
  CHECK(must(view->get("a", value)).version == 1);
  unsynced_env::on_read = nullptr;
  REQUIRE(overwritten);
  CHECK(must(view->get("a", value)).version == 2);
  CHECK(value == "2");
}

TEST_CASE("readers of a hot key see each entry no later than it counts as applied") {
  constexpr index_t entries = 2000;
  root_log root;
  root.write({{"a", "1"}});
  subject s{true, instance_role::proxy};
  must(s->apply(root.after(0), false));
  auto view = s.view();
  std::atomic<bool> late = false;
  std::vector<std::thread> readers;
  for (int n = 0; n < 2; ++n)
    readers.emplace_back([&] {
      std::string value;
      for (index_t seen = 0; seen < entries && !late;) {
        auto applied = view->applied();
        auto answer = view->get("a", value);
        if (!answer || answer->version < std::max(applied, seen) || value != std::to_string(answer->version))
          late = true;
        else
          seen = answer->version;
      }
    });
  for (index_t n = 1; n < entries && !late; ++n) {
    root.write({{"a", std::to_string(n + 1)}});
    must(s->apply(root.after(n), false));
  }
  for (auto& each : readers) each.join();
  CHECK_FALSE(late);
}
