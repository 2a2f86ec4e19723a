// SPDX-License-Identifier: Apache-2.0
// Eviction in steps: what goes, what stays, and that the room is really given back.
#include "storage/file_sweep.hpp"
#include "tests/storage/subject.hpp"
#include "tests/storage/sweep_all.hpp"
#include "tests/support/random.hpp"
#include "tests/support/wait_until.hpp"

#include <fmt/format.h>

#include <filesystem>

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t many = 3000;

std::string key(std::size_t i) {
  return fmt::format("key{:06}", i);
}

/// Does not compress.
std::string value(std::mt19937_64& random, std::size_t bytes = 600) {
  std::string out;
  while (out.size() < bytes) out.append(fmt::format("{:016x}", random()));
  return out;
}

/// A root with `many` keys of old age, and entries of now that make the window.
struct old_data {
  old_data() {
    for (std::size_t i = 0; i < many; i += 100) {
      std::vector<change> changes;
      for (std::size_t k = i; k < i + 100; ++k) changes.emplace_back(key(k), value(random));
      root.write(changes);
    }
    for (int i = 0; i < 30; ++i) root.write({{"recent", value(random)}}, 100ms);
  }
  std::mt19937_64 random{random_seed("old data")};
  root_log root;
};

read_answer read(subject& s, const std::string& k) {
  std::string ignored;
  return must(s.view()->get(k, ignored));
}

std::size_t values_here(subject& s) {
  std::vector<read_record> page;
  must(s.view()->page({{}, true, 2 * many, std::size_t{1} << 30}, page));
  return static_cast<std::size_t>(std::count_if(
      page.begin(), page.end(), [](const read_record& each) { return each.answer.status == read_status::found; }));
}

sweep_outcome evict_all(subject& s, access_time cut) {
  return sweep_all([&] { return must(s->begin_evict(cut)()); });
}

std::uint64_t directory_bytes(const subject& s) {
  std::uint64_t sum = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator{s.files->path()})
    if (file.is_regular_file()) sum += file.file_size();
  return sum;
}

} // namespace

TEST_CASE("an eviction strips what was not read of late, and keeps keys, versions, the window and what was read") {
  for_each_kind({instance_role::proxy}, [](subject& s) {
    old_data data;
    must(s->apply(data.root.after(0), true));
    s->pass_time(100s);
    auto now = s->ages().now;
    CHECK(now >= 100);
    for (std::size_t i = 0; i < many; i += 10) CHECK(read(s, key(i)).status == read_status::found);
    auto out = evict_all(s, now);
    CHECK(out.records == many - many / 10);
    CHECK(out.bytes_after < out.bytes_before / 2);
    for (std::size_t i = 0; i < many; ++i)
      CHECK(read(s, key(i)).status == (i % 10 == 0 ? read_status::found : read_status::evicted));
    CHECK(read(s, "recent").status == read_status::found);
    CHECK(must(s.view()->digest()).keys == data.root.digest(data.root.head()).keys);
    CHECK(must(s->begin_evict(now)()).bytes_before == 0);
    for (std::size_t i = 0; i < many; ++i) { // the next cut takes what was read then
      if (i % 10 != 0) CHECK(must(s->fill(key(i), 1 + i / 100, "filled")));
    }
    s->pass_time(10s);
    CHECK(evict_all(s, now + 1).records == many);
  });
}

TEST_CASE("the window is never stripped, whatever the cut") {
  for_each_kind({instance_role::proxy}, [](subject& s) {
    root_log root;
    std::mt19937_64 random{random_seed("window")};
    for (std::size_t i = 0; i < many; ++i) root.write({{key(i), value(random)}}, 1ms);
    must(s->apply(root.after(0), true));
    s->pass_time(1000s);
    evict_all(s, s->ages().now);
    std::size_t inside = 0;
    for (std::size_t i = 0; i < many; ++i) {
      bool young = i >= many - 20 || (many - 1 - i) * 1ms < 1s;
      if (young) CHECK(read(s, key(i)).status == read_status::found);
      inside += read(s, key(i)).status == read_status::found;
    }
    CHECK(inside < 1100);
  });
}

TEST_CASE("a restart keeps the ranking: what was read before it stays, the rest goes") {
  for_each_kind({instance_role::proxy}, [](subject& s) {
    old_data data;
    must(s->apply(data.root.after(0), true));
    s->pass_time(1000s);
    for (std::size_t i = 0; i < many; i += 3) read(s, key(i));
    auto read_at = s->ages().now;
    s->pass_time(5s);
    s.reopen();
    CHECK(s->ages().now + 60 >= read_at);
    evict_all(s, read_at);
    for (std::size_t i = 0; i < many; ++i)
      CHECK(read(s, key(i)).status == (i % 3 == 0 ? read_status::found : read_status::evicted));
  });
}

TEST_CASE("accesses reach the records of files that are rewritten, so that a lost table is no loss") {
  subject s{true, instance_role::proxy};
  old_data data;
  must(s->apply(data.root.after(0), true));
  s->pass_time(1000s);
  for (std::size_t i = 0; i < many; i += 2) read(s, key(i));
  auto read_at = s->ages().now;
  evict_all(s, 1); // takes what was never read, and writes the rest
  for (std::size_t i = 1; i < many; i += 2) must(s->fill(key(i), 1 + i / 100, "filled"));
  s.close();
  CHECK(std::filesystem::remove(s.files->path() + "/dns/gen-1/accesses"));
  s.open();
  s->pass_time(2000s);
  CHECK(s->ages().bytes.below(read_at) < 100 * 600); // old versions of what the window holds
  evict_all(s, read_at);
  CHECK(values_here(s) == many + 1);
}

TEST_CASE("a damaged table of accesses is ignored") {
  subject s{true, instance_role::proxy};
  old_data data;
  must(s->apply(data.root.after(0), true));
  read(s, key(1));
  s.close();
  auto file = s.files->path() + "/dns/gen-1/accesses";
  REQUIRE(std::filesystem::exists(file));
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 3);
  s.open();
  CHECK(read(s, key(1)).status == read_status::found);
}

TEST_CASE("room is given back on disk, also for keys that nobody touches any more, and the report says so") {
  subject s{true, instance_role::proxy};
  old_data data;
  must(s->apply(data.root.after(0), true));
  s.reopen(); // all is in files
  must(s->apply(data.root.after(data.root.write({{"recent", "x"}}) - 1), true));
  auto before = directory_bytes(s);
  auto space = s->space();
  CHECK(space.disk_bytes <= before);
  CHECK(space.disk_bytes > before / 2);
  CHECK(space.value_bytes >= many * 600);
  CHECK(space.window_bytes < many * 600);
  CHECK(space.volume_bytes > space.free_bytes);
  CHECK(space.history_bytes == 0);
  CHECK(space.tracker_bytes > 0);
  auto ages = s->ages();
  CHECK(ages.bytes.total() > many * 300); // as it lies on disk
  CHECK(ages.cut_for(1) == ages.now);
  s->pass_time(10s);
  CHECK(s->ages().cut_for(1) == 1);
  evict_all(s, 1);
  s.reopen(); // gives up the WAL as well
  CHECK(directory_bytes(s) < before / 4);
  CHECK(s->space().value_bytes < many * 60);
}

TEST_CASE("an eviction leaves a value alone that came by a fill meanwhile, and one of another version") {
  for_each_kind({instance_role::proxy}, [](subject& s) {
    old_data data;
    must(s->apply(data.root.after(0), true));
    s.reopen();
    s->pass_time(10s);
    auto step = s->begin_evict(5);
    must(s->evict(key(7)));
    must(s->fill(key(7), 1, "7"));
    auto index = data.root.write({{key(8), "new"}});
    must(s->apply(data.root.after(index - 1), true));
    must(step());
    std::string got;
    CHECK(must(s.view()->get(key(7), got)) == read_answer{read_status::found, 1});
    CHECK(got == "7");
    CHECK(must(s.view()->get(key(8), got)) == read_answer{read_status::found, index});
    CHECK(got == "new");
    CHECK(read(s, key(9)) == read_answer{read_status::evicted, 1});
  });
}

TEST_CASE("a step goes on when its store is closed, and a replica has none") {
  subject s{true, instance_role::proxy};
  old_data data;
  must(s->apply(data.root.after(0), true));
  s.reopen();
  s->pass_time(10s);
  auto step = s->begin_evict(5);
  s.close();
  CHECK(must(step()).records > 0);
  step = {};
  s.open();
  CHECK(read(s, key(1)).status == read_status::evicted);
  for_each_kind({instance_role::replica}, [](subject& r) { CHECK(code(r->begin_evict(5)()) == errc::wrong_role); });
}

TEST_CASE("the access clock moves by what it is told, and goes on after a restart") {
  for_each_kind({instance_role::proxy}, [](subject& s) {
    auto start = s->ages().now;
    CHECK(start >= 1);
    for (int i = 0; i < 1000; ++i) s->pass_time(150ms);
    CHECK(s->ages().now == start + 150);
    s.reopen();
    CHECK(s->ages().now >= start + 90);
    CHECK(s->ages().now <= start + 150);
  });
}
