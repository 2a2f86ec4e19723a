// SPDX-License-Identifier: Apache-2.0
#include "messages/wire/crc32c.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <random>

using namespace argentum;

TEST_CASE("test vectors of RFC 3720, B.4, by every implementation") {
  std::string ascending(32, '\0');
  std::iota(ascending.begin(), ascending.end(), '\0');
  std::string descending{ascending.rbegin(), ascending.rend()};
  for (auto* sum : {wire::crc32c, wire::crc32c_portable}) {
    CHECK(sum({}) == 0);
    CHECK(sum("123456789") == 0xe3069283);
    CHECK(sum(std::string(32, '\0')) == 0x8a9136aa);
    CHECK(sum(std::string(32, '\xff')) == 0x62a8ab43);
    CHECK(sum(ascending) == 0x46dd794e);
    CHECK(sum(descending) == 0x113fdb5c);
  }
}

TEST_CASE("both implementations agree at every length and alignment") {
  std::mt19937_64 random{test::random_seed("crc32c")};
  std::string bytes(300, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(random());
  for (std::size_t from = 0; from < 9; ++from)
    for (std::size_t size = 0; from + size <= bytes.size(); ++size) {
      auto part = std::string_view{bytes}.substr(from, size);
      REQUIRE(wire::crc32c(part) == wire::crc32c_portable(part));
    }
}
