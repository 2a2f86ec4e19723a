// SPDX-License-Identifier: Apache-2.0
#include "apps/config/units.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace std::chrono_literals;

TEST_CASE("sizes") {
  CHECK(app::parse_size("0") == 0);
  CHECK(app::parse_size("512") == 512);
  CHECK(app::parse_size("1B") == 1);
  CHECK(app::parse_size("4KiB") == 4096);
  CHECK(app::parse_size("256 MiB") == 256ull << 20);
  CHECK(app::parse_size("16TiB") == 16ull << 40);
  for (auto bad : {"", "-1", "+1", "1.5MiB", "1MB", "1mib", "MiB", "0x10", "010", "1 2", "99999999999999999999",
                   "99999999999TiB"})
    CHECK_MESSAGE(!app::parse_size(bad), bad);
}

TEST_CASE("durations") {
  CHECK(app::parse_duration("0s") == 0ms);
  CHECK(app::parse_duration("1500ms") == 1500ms);
  CHECK(app::parse_duration("30s") == 30s);
  CHECK(app::parse_duration("2h") == 2h);
  CHECK(app::parse_duration("1w") == 168h);
  for (auto bad : {"", "5", "-1s", "1.5s", "1y", "s", "1h30m", "9999999999d", "99999999999999999999s"})
    CHECK_MESSAGE(!app::parse_duration(bad), bad);
}

TEST_CASE("limits of disk space") {
  CHECK(app::parse_space("5GiB") == app::space_amount{5ull << 30, false, false});
  CHECK(app::parse_space("1048576") == app::space_amount{1 << 20, false, false});
  CHECK(app::parse_space("10 GiB free") == app::space_amount{10ull << 30, false, true});
  CHECK(app::parse_space("20% free") == app::space_amount{20, true, true});
  CHECK(app::parse_space("0% free") == app::space_amount{0, true, true});
  for (auto bad : {"", "free", "20%", "100% free", "-1% free", "1.5% free", "% free", "5GiBfree",
                   "20%free", "20B% free", "5GiB used"})
    CHECK_MESSAGE(!app::parse_space(bad), bad);
}
