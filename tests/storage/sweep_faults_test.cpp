// SPDX-License-Identifier: Apache-2.0
// Steps of upkeep that are cut short: by kill -9, and by a disk without room.
#include "storage/proxy_store.hpp"
#include "storage/replica_store.hpp"
#include "tests/storage/small_volume.hpp"
#include "tests/storage/subject.hpp"
#include "tests/support/random.hpp"
#include "tests/support/wait_until.hpp"

#include <fmt/format.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

/// Table files of 1 MiB, so that a pass has many steps; nothing that is not used.
rocks_limits small_tables() {
  rocks_limits out;
  out.table_bytes = limits::mib;
  out.wal_bytes = 4 * limits::mib;
  return out;
}

std::string key(std::size_t i) {
  return fmt::format("key{:06}", i);
}

/// Entries of 100 keys with values that don't compress.
class writer {
 public:
  explicit writer(std::uint64_t seed) : random_(seed) {}
  void write(std::size_t from, std::size_t count) {
    std::vector<change> changes;
    for (std::size_t i = from; i < from + count; ++i) {
      std::string value;
      while (value.size() < 600) value.append(fmt::format("{:016x}", random_()));
      changes.emplace_back(key(i), std::move(value));
    }
    root.write(changes);
  }
  root_log root;

 private:
  std::mt19937_64 random_;
};

std::unique_ptr<store> open(const std::string& dir, instance_role role) {
  rocks_home home{dir, role, std::make_shared<rocks_shared>(small_tables()), {0us, 20}};
  return must(home.open_current());
}

/// Every key exists at its version, and each value that is here is the right one.
void check_all(const read_view& view, const root_log& root) {
  std::string got;
  for (const auto& k : root.keys(view.applied())) {
    auto answer = must(view.get(k, got));
    auto truth = root.read_at(k, view.applied());
    REQUIRE(answer.status != read_status::absent);
    CHECK(answer.version == truth.index);
    if (answer.status == read_status::found) CHECK(got == truth.value);
  }
}

writer keys_once(std::uint64_t seed) {
  writer out{seed};
  for (std::size_t i = 0; i < 20'000; i += 100) out.write(i, 100);
  return out;
}

writer keys_four_times(std::uint64_t seed) {
  writer out{seed};
  for (int round = 0; round < 4; ++round)
    for (std::size_t i = 0; i < 5'000; i += 100) out.write(i, 100);
  return out;
}

/// This program once more, running that case only, on that directory; killed within 0.3 s after it has begun.
void kill_in_the_middle(const char* victim, const std::string& dir, std::uint64_t seed, std::mt19937_64& random) {
  auto ready = dir + ".ready";
  auto child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); // never outlives this program
    setenv("ARGENTUM_TEST_DIR", dir.c_str(), 1);
    setenv("ARGENTUM_TEST_SEED", std::to_string(seed).c_str(), 1);
    execl("/proc/self/exe", "victim", "--no-skip", "-m", ("--test-case=" + std::string{victim}).c_str(), nullptr);
    _exit(1);
  }
  bool begun = wait_until([&] { return std::filesystem::exists(ready); });
  auto until = std::chrono::steady_clock::now() + std::chrono::microseconds{random() % 300'000};
  wait_until([&] { return std::chrono::steady_clock::now() >= until; });
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(begun);
  CHECK(WIFSIGNALED(status));
  std::filesystem::remove(ready);
}

std::string victims_dir() {
  const char* dir = std::getenv("ARGENTUM_TEST_DIR");
  return dir == nullptr ? "" : dir;
}

} // namespace

TEST_CASE("victim of evictions" * doctest::skip()) {
  auto dir = victims_dir();
  if (dir.empty()) return;
  auto data = keys_once(random_seed("victim"));
  auto s = open(dir, instance_role::proxy);
  s->pass_time(10s);
  std::ofstream{dir + ".ready"};
  for (std::size_t i = 0;; i = (i + 37) % 18'000) {
    (void)s->begin_evict(static_cast<access_time>(i % 12))();
    (void)s->fill(key(i), 1 + i / 100, data.root.read_at(key(i), data.root.head()).value);
  }
}

TEST_CASE("victim of collections" * doctest::skip()) {
  auto dir = victims_dir();
  if (dir.empty()) return;
  auto s = open(dir, instance_role::replica);
  std::ofstream{dir + ".ready"};
  for (auto horizon = s->report().horizon;; horizon = std::min<index_t>(horizon + 1, 150)) {
    (void)s->set_horizon(horizon);
    (void)s->begin_collect(horizon)();
  }
}

TEST_CASE("kill -9 in the middle of a pass of evictions loses no key and no value of the window") {
  auto seed = random_seed("killed evictions");
  std::mt19937_64 random{seed};
  temp_dir files;
  auto dir = files.path() + "/dns";
  auto data = keys_once(seed);
  must(open(dir, instance_role::proxy)->apply(data.root.after(0), true));
  for (int round = 0; round < 4; ++round) {
    kill_in_the_middle("victim of evictions", dir, seed, random);
    auto s = open(dir, instance_role::proxy);
    CHECK(s->report().applied == data.root.at(data.root.head()));
    check_all(*s->view(), data.root);
    std::string got;
    for (std::size_t i = 18'000; i < 20'000; ++i)
      CHECK(must(s->view()->get(key(i), got)).status == read_status::found);
  }
}

TEST_CASE("kill -9 in the middle of a collection leaves all history above the horizon") {
  auto seed = random_seed("killed collections");
  std::mt19937_64 random{seed};
  temp_dir files;
  auto dir = files.path() + "/dns";
  auto data = keys_four_times(seed);
  must(open(dir, instance_role::replica)->apply(data.root.after(0), true));
  for (int round = 0; round < 4; ++round) {
    kill_in_the_middle("victim of collections", dir, seed, random);
    auto s = open(dir, instance_role::replica);
    CHECK(s->report().horizon <= 150);
    for (index_t at = s->report().horizon; at <= data.root.head(); at += 13)
      for (std::size_t i = 0; i < 5'000; i += 331)
        CHECK(must(s->view()->read_at(key(i), at)) == data.root.read_at(key(i), at));
  }
}

TEST_CASE("a full volume: what does not fit is refused, reads go on, and eviction makes room to go on writing") {
  small_volume volume{48 * limits::mib};
  if (!volume.mounted()) {
    MESSAGE("passed over: no right to mount a small volume");
    return;
  }
  writer data{random_seed("full volume")};
  auto s = open(volume.path() + "/dns", instance_role::proxy);
  auto space = s->space();
  CHECK(space.volume_bytes == 48 * limits::mib);
  CHECK(space.free_bytes > 40 * limits::mib);
  std::size_t next = 0;
  auto apply = [&] {
    auto done = s->apply(data.root.after(s->report().applied.index), true);
    if (done) return true;
    CHECK(code_of(done.error()) == errc::disk_full);
    return false;
  };
  do {
    data.write(next, 100);
    next += 100;
  } while (apply() && next < 200'000);
  CHECK(next < 100'000); // it was full
  CHECK(s->space().free_bytes < 32 * limits::mib);
  check_all(*s->view(), data.root);
  s->pass_time(100s);
  // Steps may find no room for their one file as long as the last bytes are taken; each that does gives some back.
  REQUIRE(wait_until([&] {
    auto step = s->begin_evict(50)();
    if (!step) CHECK(code_of(step.error()) == errc::disk_full);
    return s->space().free_bytes > 24 * limits::mib;
  }));
  REQUIRE(wait_until(apply)); // resumes without a restart
  for (int i = 0; i < 50; ++i, next += 100) {
    data.write(next, 100);
    REQUIRE(wait_until(apply));
  }
  check_all(*s->view(), data.root);
  s.reset();
  s = open(volume.path() + "/dns", instance_role::proxy);
  CHECK(s->report().applied == data.root.at(data.root.head()));
  check_all(*s->view(), data.root);
}

TEST_CASE("a step that finds no room changes nothing, and works once there is some") {
  subject s{true, instance_role::proxy};
  writer data{random_seed("no room")};
  for (std::size_t i = 0; i < 3'000; i += 100) data.write(i, 100);
  for (int i = 0; i < 30; ++i) data.root.write({{"recent", "x"}}, 100ms);
  must(s->apply(data.root.after(0), true));
  s.reopen();
  s->pass_time(10s);
  s.env->full = true;
  CHECK(code(s->begin_evict(5)()) == errc::disk_full);
  check_all(*s.view(), data.root); // reads all
  s->pass_time(10s);
  s.env->full = false;
  REQUIRE(wait_until([&] {
    auto step = s->begin_evict(15)();
    return step && step->records > 0;
  }));
  check_all(*s.view(), data.root);
  data.root.write({{"more", "x"}});
  REQUIRE(wait_until([&] { return bool{s->apply(data.root.after(s->report().applied.index), true)}; }));
}
