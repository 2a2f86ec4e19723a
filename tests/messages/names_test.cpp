// SPDX-License-Identifier: Apache-2.0
#include "messages/limits.hpp"
#include "messages/names.hpp"

#include <doctest/doctest.h>

using namespace argentum;

TEST_CASE("names are short and plain") {
  for (const char* good : {"a", "ams-1", "A_b.c", "0"}) CHECK(is_name(good));
  for (const char* bad : {"", ".hidden", "a b", "a/b", "a\n", "\xc3\xa4", "a\"b"}) CHECK_FALSE(is_name(bad));
  CHECK(is_name(std::string(limits::name_bytes_max, 'x')));
  CHECK_FALSE(is_name(std::string(limits::name_bytes_max + 1, 'x')));
}

TEST_CASE("other people's text is one harmless line") {
  CHECK(printable("shutting down: 5 s") == "shutting down: 5 s");
  CHECK(printable("a\r\nb\x1b[2J\xff") == "a??b?[2J?");
}
