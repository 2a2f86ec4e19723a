// SPDX-License-Identifier: Apache-2.0
#include "apps/node/data_lock.hpp"
#include "apps/node/logging.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <unistd.h>

using namespace argentum;

TEST_CASE("a data directory has one owner at a time") {
  auto directory =
      (std::filesystem::temp_directory_path() / ("argentum-lock-" + std::to_string(::getpid()))).string();
  auto nested = directory + "/a/b";
  {
    auto first = app::data_lock::take(nested);
    REQUIRE(first);
    auto second = app::data_lock::take(nested);
    REQUIRE_FALSE(second);
    CHECK(code_of(second.error()) == errc::busy);
    CHECK(describe(second.error())
              .find("data directory " + nested + " is in use by another argentum-node (pid "
                    + std::to_string(::getpid()) + ")")
          != std::string::npos);
  }
  CHECK(app::data_lock::take(nested));
  std::filesystem::remove_all(directory);
}

TEST_CASE("a data directory that cannot be made is named") {
  auto lock = app::data_lock::take("/proc/argentum");
  REQUIRE_FALSE(lock);
  CHECK(code_of(lock.error()) == errc::io_failed);
  CHECK(describe(lock.error()).find("/proc/argentum") != std::string::npos);
}

TEST_CASE("a JSON log line is one object on one line, whatever the text holds") {
  CHECK(app::json_log_line("t", "info", "a \"b\"\n\xff")
        == "{\"time\":\"t\",\"level\":\"info\",\"text\":\"a \\\"b\\\"\\n\xEF\xBF\xBD\"}\n");
}
