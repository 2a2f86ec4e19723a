// SPDX-License-Identifier: Apache-2.0
// Commands of our own that read: RANGE and GETAT; and RANDOMKEY.
#include "tests/net/raw_client.hpp"
#include "tests/net/resp_fixture.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace argentum;
using namespace argentum::test;

namespace {

std::string range_reply(index_t index, const std::string& next, const std::vector<std::string>& words) {
  auto out = "*3\r\n:" + std::to_string(index) + "\r\n" + (next.empty() ? "$-1\r\n" : bulk_reply(next));
  out += "*" + std::to_string(words.size()) + "\r\n";
  for (const auto& each : words) out += bulk_reply(each);
  return out;
}

} // namespace

TEST_CASE("RANGE: pairs from start to before end, in order, and where to go on") {
  resp_fixture f;
  for (std::string key : {"b", "a", "ba", "c"}) f.alpha->put(key, "v" + key);
  f.alpha->put(std::string{"b\0", 2}, "zero");
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "RANGE b c\r\n",
                       range_reply(5, "", {"b", "vb", std::string{"b\0", 2}, "zero", "ba", "vba"}));
  ARGENTUM_CHECK_REPLY(
      c, "RANGE '' ''\r\n",
      range_reply(5, "", {"a", "va", "b", "vb", std::string{"b\0", 2}, "zero", "ba", "vba", "c", "vc"}));
  ARGENTUM_CHECK_REPLY(c, "RANGE a '' LIMIT 2\r\n", range_reply(5, std::string{"b\0", 2}, {"a", "va", "b", "vb"}));
  ARGENTUM_CHECK_REPLY(c, resp_command({"RANGE", std::string{"b\0", 2}, "", "LIMIT", "1"}),
                       range_reply(5, std::string{"b\0\0", 3}, {std::string{"b\0", 2}, "zero"}));
  ARGENTUM_CHECK_REPLY(c, "RANGE c b\r\nRANGE x ''\r\n", range_reply(5, "", {}) + range_reply(5, "", {}));
}

TEST_CASE("RANGE ends at its bytes too") {
  resp_fixture f;
  std::string large(limits::range_bytes / 2, 'x');
  for (auto key : {"a", "b", "c"}) f.alpha->put(key, large);
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "RANGE '' ''\r\n", range_reply(3, std::string{"b\0", 2}, {"a", large, "b", large}));
}

TEST_CASE("RANGE on a proxy fetches what is evicted by one lookup") {
  resp_fixture f{false};
  for (std::string key : {"a", "b", "c"}) f.beta->put(key, "v" + key);
  f.beta->evict("a");
  f.beta->evict("c");
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "SELECT beta\r\n", "+OK\r\n");
  ARGENTUM_CHECK_REPLY(c, "RANGE a d\r\n", range_reply(5, "", {"a", "va", "b", "vb", "c", "vc"}));
  CHECK(f.beta->fetch_commands() == 1);
  CHECK(f.beta->fetched_by_scans() == 1);
  ARGENTUM_CHECK_REPLY(c, "MGET a c\r\n", "*2\r\n$2\r\nva\r\n$2\r\nvc\r\n");
  CHECK(f.beta->fetched_by_scans() == 1); // a client that names its keys is no scan
}

TEST_CASE("GETAT: a replica's past, and clear words where there is none") {
  resp_fixture f;
  f.alpha->put("k", "1");
  f.alpha->put("k", "2");
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "GETAT k 0\r\nGETAT k 1\r\nGETAT k 2\r\n", "$-1\r\n$1\r\n1\r\n$1\r\n2\r\n");
  ARGENTUM_CHECK_REPLY(c, "GETAT k 3\r\nGETAT k -1\r\n",
                       "-ERR index 3 is not reached: this node is at 2\r\n-ERR index is negative\r\n");
  f.beta->put("k", "1");
  f.beta->put("k", "2");
  ARGENTUM_CHECK_REPLY(c, "SELECT 1\r\nGETAT k 2\r\nGETAT k 1\r\n",
                       "+OK\r\n$1\r\n2\r\n-ERR a proxy keeps no past: ask a replica\r\n");
}

TEST_CASE("RANDOMKEY comes to every key") {
  resp_fixture f;
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "RANDOMKEY\r\n", "$-1\r\n");
  for (int i = 0; i < 200; ++i) f.alpha->put("k" + std::to_string(i), "v");
  std::set<std::string> seen;
  CHECK(eventually([&] {
    c.send("RANDOMKEY\r\n");
    c.receive_line();
    seen.insert(c.receive_line());
    return seen.size() == 200;
  }));
}
