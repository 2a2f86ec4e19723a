// SPDX-License-Identifier: Apache-2.0
// Generations: which store is the current one through imports, crashes and damaged directories.
#include "tests/storage/subject.hpp"

#include <rocksdb/db.h>

#include <filesystem>
#include <fstream>

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;

namespace {

const snapshot_header header{{7, 7}, {1, 5, 99}, stamp_t{std::chrono::seconds{9}}, 1};

void import_one(store& next) {
  must(next.begin_import(header));
  must(next.import({{"imported", 5, "x"}}));
  must(next.finish_import());
}

std::string dir_of(const subject& s) {
  return s.files->path() + "/dns";
}

std::vector<std::string> generations(const subject& s) {
  std::vector<std::string> out;
  for (const auto& item : std::filesystem::directory_iterator{dir_of(s)})
    if (item.is_directory()) out.push_back(item.path().filename());
  return out;
}

void fill_with(subject& s, const char* key) {
  root_log root;
  root.write({{key, "v"}});
  must(s->apply(root.after(0), true));
}

} // namespace

TEST_CASE("the current store serves until the next one is promoted, also across a crash") {
  for_each_kind([](subject& s) {
    fill_with(s, "old");
    auto next = must(s.home->open_next());
    import_one(*next);
    CHECK(s.view()->applied() == 1);
    next.reset();
    s.crash();
    CHECK(s.view()->applied() == 1); // not promoted
    next = must(s.home->open_next());
    CHECK(next->report().applied == position{}); // complete but never promoted: made anew
    import_one(*next);
    must(s.home->promote_next());
    auto old_view = s.view();
    s.store = std::move(next);
    s.home->retire_old();
    std::string value;
    CHECK(must(old_view->get("old", value)).status == read_status::found); // still answers
    old_view.reset();
    CHECK(s->report().applied.index == 5);
    if (s.files) CHECK(generations(s) == std::vector<std::string>{"gen-2"});
    s.crash();
    CHECK(s->report().applied.index == 5);
    CHECK(s.view()->key_count() == 1);
  });
}

TEST_CASE("a promoted store can be followed by another generation") {
  for_each_kind([](subject& s) {
    for (int round = 0; round < 3; ++round) {
      auto next = must(s.home->open_next());
      import_one(*next);
      must(s.home->promote_next());
      s.store = std::move(next);
      s.home->retire_old();
    }
    if (s.files) CHECK(generations(s) == std::vector<std::string>{"gen-4"});
    s.reopen();
    CHECK(s->report().applied.index == 5);
  });
}

TEST_CASE("an old generation that was not retired goes at the next start") {
  subject s{true, instance_role::replica};
  auto next = must(s.home->open_next());
  import_one(*next);
  must(s.home->promote_next());
  next.reset();
  CHECK(generations(s).size() == 2);
  s.reopen();
  CHECK(generations(s) == std::vector<std::string>{"gen-2"});
}

TEST_CASE("discard drops what an import left; without a next store nothing is promoted") {
  for_each_kind([](subject& s) {
    CHECK(code(s.home->promote_next()) == errc::invalid);
    auto next = must(s.home->open_next());
    must(next->begin_import(header));
    next.reset();
    must(s.home->discard_next());
    next = must(s.home->open_next());
    CHECK(must(next->import_state()).index == 0);
  });
}

TEST_CASE("data of the other role is what it was made for, until a copy for the new role takes its place") {
  for_each_kind([](subject& s) {
    fill_with(s, "old");
    auto before = s.role;
    s.close();
    s.role = s.is_replica() ? instance_role::proxy : instance_role::replica;
    s.open();
    CHECK(s->report().role == before);
    CHECK(s.view()->applied() == 1);
    auto next = must(s.home->open_next());
    CHECK(next->report().role == s.role);
    import_one(*next);
    must(s.home->promote_next());
    s.store = std::move(next);
    s.home->retire_old();
    s.crash();
    CHECK(s->report().role == s.role);
    CHECK(s->report().applied.index == 5);
  });
}

TEST_CASE("a copy that was begun for another role is begun anew") {
  for_each_kind([](subject& s) {
    auto next = must(s.home->open_next());
    must(next->begin_import(header));
    next.reset();
    s.close();
    s.role = s.is_replica() ? instance_role::proxy : instance_role::replica;
    s.open();
    next = must(s.home->open_next());
    CHECK(next->report().role == s.role);
    CHECK(must(next->import_state()).index == 0);
  });
}

TEST_CASE("a crash while the first generation is made leaves a directory that opens") {
  subject s{true, instance_role::replica};
  s.close();
  std::ofstream{dir_of(s) + "/CURRENT"} << "gen-1 creating\n";
  std::filesystem::remove(dir_of(s) + "/gen-1/CURRENT");
  s.open();
  CHECK(s->report().applied == position{});
  fill_with(s, "a");
  s.reopen();
  CHECK(s->report().applied.index == 1);
}

TEST_CASE("missing or garbled parts are corrupt, and nothing is made in their place") {
  auto opens = [](const std::function<void(const std::string&)>& damage) {
    subject s{true, instance_role::replica};
    fill_with(s, "a");
    s.close();
    damage(dir_of(s));
    s.home = s.make_home();
    return code(s.home->open_current());
  };
  namespace fs = std::filesystem;
  CHECK(opens([](const std::string& dir) { fs::remove(dir + "/CURRENT"); }) == errc::corrupt);
  CHECK(opens([](const std::string& dir) { std::ofstream{dir + "/CURRENT"} << "gen-x"; }) == errc::corrupt);
  CHECK(opens([](const std::string& dir) { std::ofstream{dir + "/CURRENT"} << "gen-2"; }) == errc::corrupt);
  CHECK(opens([](const std::string& dir) { fs::remove_all(dir + "/gen-1"); }) == errc::corrupt);
  CHECK(opens([](const std::string& dir) {
          for (const auto& item : fs::directory_iterator{dir + "/gen-1"})
            if (item.path().filename().string().starts_with("MANIFEST")) fs::resize_file(item, 10);
        })
        == errc::corrupt);
  CHECK(opens([](const std::string& dir) {
          fs::remove_all(dir + "/gen-1");
          rocksdb::Options options;
          options.create_if_missing = true;
          rocksdb::DB* db = nullptr;
          REQUIRE(rocksdb::DB::Open(options, dir + "/gen-1", &db).ok());
          delete db;
        })
        == errc::corrupt);
}

TEST_CASE("a full disk is reported as such, changes nothing, and is left behind once there is room") {
  for (auto role : {instance_role::replica, instance_role::proxy}) {
    subject s{true, role};
    root_log root;
    for (int i = 0; i < 4; ++i) root.write({{"k", std::to_string(i)}});
    must(s->apply(root.after(0, 1), true));
    s.env->full = true;
    CHECK(code(s->apply(root.after(1, 1), true)) == errc::disk_full);
    CHECK(code(s->apply(root.after(1, 1), true)) == errc::disk_full);
    CHECK(s->report().applied == root.at(1));
    CHECK(s.view()->applied() == 1);
    CHECK(must(s.view()->digest()) == root.digest(1)); // reads go on
    s.env->full = false;
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (code(s->apply(root.after(1, 2), true)) != errc::none) // RocksDB looks for room every 5 s
      REQUIRE(std::chrono::steady_clock::now() < deadline);
    CHECK(must(s.view()->digest()) == root.digest(3));
    s.crash();
    CHECK(must(s.view()->digest()) == root.digest(3));
    must(s->apply(root.after(3), true));
  }
}

TEST_CASE("a disk that is full before anything is in memory is left behind, too") {
  for (auto role : {instance_role::replica, instance_role::proxy}) {
    subject s{true, role};
    root_log root;
    for (int i = 0; i < 4; ++i) root.write({{"k", std::to_string(i)}});
    must(s->apply(root.after(0, 1), true));
    s.reopen(); // all of it is in table files now
    s.env->full = true;
    for (int i = 0; i < 3; ++i) CHECK(code(s->apply(root.after(1, 1), true)) == errc::disk_full);
    s.env->full = false;
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (code(s->apply(root.after(1), true)) != errc::none)
      REQUIRE(std::chrono::steady_clock::now() < deadline);
    s.crash();
    CHECK(must(s.view()->digest()) == root.digest(4));
  }
}

TEST_CASE("a damaged block is reported, never taken for absence") {
  for (auto role : {instance_role::replica, instance_role::proxy}) {
    subject s{true, role};
    fill_with(s, "a");
    s.reopen(); // into a table file
    s.close();
    for (const auto& item : std::filesystem::recursive_directory_iterator{dir_of(s)})
      if (item.path().extension() == ".sst") std::fstream{item.path(), std::ios::in | std::ios::out} << "damage";
    s.home = s.make_home();
    auto opened = s.home->open_current();
    if (!opened) {
      CHECK(code(opened) == errc::corrupt); // the state record was in the first block
      continue;
    }
    std::string value;
    CHECK(code((*opened)->view()->get("a", value)) == errc::corrupt);
    CHECK(code((*opened)->view()->digest()) == errc::corrupt);
  }
}
