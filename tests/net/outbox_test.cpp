// SPDX-License-Identifier: Apache-2.0
#include "apps/net/outbox.hpp"

#include <doctest/doctest.h>

using argentum::net::outbox;

TEST_CASE("small frames are joined, large ones stand alone, order is kept") {
  outbox out;
  out.push("a");
  out.push("b");
  out.push(std::string(outbox::joined_bytes, 'L'));
  out.push("c");
  auto buffers = out.take();
  REQUIRE(buffers.size() == 3);
  CHECK(buffers[0] == "ab");
  CHECK(buffers[1].size() == outbox::joined_bytes);
  CHECK(buffers[2] == "c");
}

TEST_CASE("bytes count as unsent until they are written") {
  outbox out;
  out.push("abc");
  CHECK(out.unsent_bytes() == 3);
  CHECK(out.take().size() == 1);
  out.push("de");
  CHECK(out.unsent_bytes() == 5);
  out.written();
  CHECK(out.unsent_bytes() == 2);
  out.clear();
  CHECK(out.unsent_bytes() == 0);
  CHECK(out.take().empty());
}

TEST_CASE("one write takes a bounded part, but at least one frame") {
  outbox out;
  for (int i = 0; i < 5; ++i) out.push(std::string(outbox::write_bytes / 2, 'x'));
  out.push(std::string(3 * outbox::write_bytes, 'y'));
  CHECK(out.take().size() == 2);
  CHECK(out.take().size() == 2);
  CHECK(out.take().size() == 1);
  CHECK(out.take().front().size() == 3 * outbox::write_bytes);
  CHECK(out.take().empty());
}
