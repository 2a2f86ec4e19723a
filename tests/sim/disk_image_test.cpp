// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/disk_image.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace argentum;
using namespace argentum::sim;

namespace {

std::string text_of(const disk_image& disk, const std::string& path) {
  auto file = disk.find(path);
  return file ? file->bytes : "none";
}

void write(disk_image& disk, const std::string& path, std::string_view text) {
  auto file = disk.create(path);
  REQUIRE(file);
  CHECK(disk.append(*file, text, false));
  disk.sync(*file);
}

} // namespace

TEST_CASE("a power loss leaves the synced bytes of a file and any part of the others") {
  disk_image disk;
  CHECK_FALSE(disk.create("/no/file"));
  write(disk, "/file", "synced");
  disk.sync_directory("");
  CHECK(disk.append(*disk.find("/file"), "torn", false));
  random_source random{1};
  std::set<std::string> left;
  for (int n = 0; n < 100; ++n) left.insert(text_of(*disk.after_power_loss(random), "/file"));
  CHECK(left == std::set<std::string>{"synced", "syncedt", "syncedto", "syncedtor", "syncedtorn"});
}

TEST_CASE("names that were not synced are lost or kept together, with what lies below them") {
  disk_image disk;
  random_source random{1};
  write(disk, "/CURRENT", "old");
  disk.sync_directory("");
  CHECK(disk.make_directory("/new"));
  write(disk, "/new/file", "x");
  disk.sync_directory("/new");
  write(disk, "/CURRENT.next", "new");
  CHECK(disk.rename("/CURRENT.next", "/CURRENT"));
  std::set<std::string> left;
  for (int n = 0; n < 20; ++n) {
    auto found = disk.after_power_loss(random);
    left.insert(text_of(*found, "/CURRENT"));
    CHECK(bool(found->find("/new/file")) == (text_of(*found, "/CURRENT") == "new"));
    CHECK_FALSE(found->find("/CURRENT.next"));
  }
  CHECK(left == std::set<std::string>{"old", "new"});
  disk.sync_directory("");
  CHECK(text_of(*disk.after_power_loss(random), "/CURRENT") == "new");
  CHECK(disk.list("") == std::vector<std::string>{"CURRENT", "new"});
}

TEST_CASE("what was deleted stays deleted, and lives on for those who have it open") {
  disk_image disk;
  random_source random{1};
  CHECK(disk.make_directory("/dir"));
  write(disk, "/dir/a", "a");
  CHECK(disk.link("/dir/a", "/dir/b"));
  disk.sync_directory("/dir");
  disk.sync_directory("");
  auto open = disk.find("/dir/a");
  CHECK(disk.remove_file("/dir/a"));
  CHECK_FALSE(disk.remove_directory("/dir"));
  auto found = disk.after_power_loss(random);
  CHECK_FALSE(found->find("/dir/a"));
  CHECK(text_of(*found, "/dir/b") == "a");
  CHECK(open->bytes == "a");
  CHECK(disk.remove_file("/dir/b"));
  CHECK(disk.remove_directory("/dir"));
  CHECK_FALSE(disk.after_power_loss(random)->has_directory("/dir"));
}

TEST_CASE("a full disk takes half of a write, and all of one that may use the reserve") {
  disk_image disk;
  auto file = disk.create("/file");
  disk.set_full(true);
  CHECK_FALSE(disk.append(*file, "1234", false));
  CHECK(disk.append(*file, "5", true));
  CHECK(file->bytes == "125");
  random_source random{1};
  auto later = disk.after_power_loss(random);
  auto still = later->create("/other");
  CHECK_FALSE(later->append(*still, "1234", false));
}
