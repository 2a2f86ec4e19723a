// SPDX-License-Identifier: Apache-2.0
#include "apps/net/resp_writer.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace argentum::net;

namespace {

template <class F>
std::string written(int protocol, F write) {
  std::string out;
  resp_writer writer{out, protocol};
  write(writer);
  return out;
}

} // namespace

TEST_CASE("every kind of reply in both protocols") {
  auto null = [](resp_writer& w) { w.null(); };
  CHECK(written(2, null) == "$-1\r\n");
  CHECK(written(3, null) == "_\r\n");
  auto map = [](resp_writer& w) { w.map(2); };
  CHECK(written(2, map) == "*4\r\n");
  CHECK(written(3, map) == "%2\r\n");
  auto set = [](resp_writer& w) { w.set(2); };
  CHECK(written(2, set) == "*2\r\n");
  CHECK(written(3, set) == "~2\r\n");
  auto real = [](resp_writer& w) { w.real(0.5), w.real(-std::numeric_limits<double>::infinity()); };
  CHECK(written(2, real) == "$3\r\n0.5\r\n$4\r\n-inf\r\n");
  CHECK(written(3, real) == ",0.5\r\n,-inf\r\n");
  auto text = [](resp_writer& w) { w.text("hi"); };
  CHECK(written(2, text) == "$2\r\nhi\r\n");
  CHECK(written(3, text) == "=6\r\ntxt:hi\r\n");
  auto plain = [](resp_writer& w) {
    w.simple("OK"), w.integer(-7), w.bulk(std::string_view{"\0\r\n", 3}), w.array(0);
  };
  CHECK(written(2, plain) == std::string{"+OK\r\n:-7\r\n$3\r\n\0\r\n\r\n*0\r\n", 23});
}

TEST_CASE("an error stays on one line and is counted") {
  std::string out;
  std::uint64_t errors = 0;
  resp_writer{out, 2, &errors}.error("ERR a\r\nb");
  CHECK(out == "-ERR a  b\r\n");
  CHECK(errors == 1);
}
