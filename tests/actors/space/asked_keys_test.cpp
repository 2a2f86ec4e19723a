// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/asked_keys.hpp"

#include <doctest/doctest.h>

#include <string>

using argentum::actors::asked_keys;

TEST_CASE("keys are counted, others hardly ever look like them") {
  asked_keys asked;
  CHECK(asked.count("k") == 0);
  asked.note("k");
  CHECK(asked.count("k") == 1);
  asked.note("k");
  CHECK(asked.count("k") == 2);
  for (int i = 0; i < 10'000; ++i) asked.note("seen" + std::to_string(i));
  int mistaken = 0;
  for (int i = 0; i < 10'000; ++i) mistaken += asked.count("new" + std::to_string(i)) > 0 ? 1 : 0;
  CHECK(mistaken < 100);
}

TEST_CASE("what is not asked for any more is forgotten after a few periods, what is stays") {
  asked_keys asked;
  for (int n = 0; n < 3; ++n) asked.note("once");
  for (std::size_t i = 0; i < 3 * asked_keys::period; ++i) {
    asked.note("other" + std::to_string(i));
    if (i % 1000 == 0) asked.note("often");
  }
  CHECK(asked.count("often") >= 2);
  CHECK(asked.count("once") <= 1);
}

TEST_CASE("a count does not run over") {
  asked_keys asked;
  for (int n = 0; n < 1000; ++n) asked.note("k");
  CHECK(asked.count("k") == 255);
}
