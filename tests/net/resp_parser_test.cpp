// SPDX-License-Identifier: Apache-2.0
// Expected outcomes were taken from redis-server 7.0.15.
#include "apps/net/resp_parser.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::net;

namespace {

using command = std::vector<std::string>;

/// All commands of the stream; the text of a protocol error as a last command.
std::vector<command> read_all(resp_parser& parser) {
  std::vector<command> out;
  std::vector<std::string_view> args;
  while (true) {
    switch (parser.next(args)) {
    case parse_status::need_more: return out;
    case parse_status::malformed: out.push_back({parser.error()}); return out;
    case parse_status::command: out.emplace_back(args.begin(), args.end());
    }
  }
}

std::vector<command> parse(std::string_view bytes, resp_limits limits = {}) {
  resp_parser parser{limits};
  parser.feed(bytes);
  return read_all(parser);
}

std::vector<command> parse_bytewise(std::string_view bytes) {
  resp_parser parser;
  std::vector<command> out;
  for (char c : bytes) {
    parser.feed({&c, 1});
    for (auto& each : read_all(parser)) out.push_back(std::move(each));
    if (!parser.error().empty()) break;
  }
  return out;
}

std::string encode(const command& args) {
  auto out = "*" + std::to_string(args.size()) + "\r\n";
  for (const auto& each : args) out += "$" + std::to_string(each.size()) + "\r\n" + each + "\r\n";
  return out;
}

const std::string mixed = encode({"SET", std::string{"k\0\r\n", 4}, ""}) + "PING\r\n\r\n*0\r\n*-1\r\n"
                          + encode({"GET", "a"}) + "get 'b c' \"\\x00d\"\n" + encode({""});

const std::vector<command> mixed_commands{
    {"SET", std::string{"k\0\r\n", 4}, ""}, {"PING"}, {"GET", "a"}, {"get", "b c", std::string{"\0d", 2}}, {""}};

} // namespace

TEST_CASE("arrays and inline commands are read, wherever the stream is split") {
  CHECK(parse(mixed) == mixed_commands);
  CHECK(parse_bytewise(mixed) == mixed_commands);
  for (std::size_t split = 0; split <= mixed.size(); ++split) {
    resp_parser parser;
    parser.feed(mixed.substr(0, split));
    auto got = read_all(parser);
    parser.feed(mixed.substr(split));
    for (auto& each : read_all(parser)) got.push_back(std::move(each));
    CHECK(got == mixed_commands);
  }
}

TEST_CASE("malformed input gets the text of Redis, whole or byte by byte") {
  const std::pair<std::string, std::string> cases[] = {
      {"*1\r\n:3\r\n", "Protocol error: expected '$', got ':'"},
      {"*1\r\nxyz\r\n", "Protocol error: expected '$', got 'x'"},
      {"*abc\r\n", "Protocol error: invalid multibulk length"},
      {"*+1\r\n", "Protocol error: invalid multibulk length"},
      {"*01\r\n", "Protocol error: invalid multibulk length"},
      {"*\r\n", "Protocol error: invalid multibulk length"},
      {"*1\n$4\r\n", "Protocol error: invalid multibulk length"},
      {"*2147483648\r\n", "Protocol error: invalid multibulk length"},
      {"*99999999999999999999\r\n", "Protocol error: invalid multibulk length"},
      {"*1\r\n$-1\r\n", "Protocol error: invalid bulk length"},
      {"*1\r\n$\r\n", "Protocol error: invalid bulk length"},
      {"*1\r\n$abc\r\n", "Protocol error: invalid bulk length"},
      {"*1\r\n$600000000\r\n", "Protocol error: invalid bulk length"},
      {"\"foo\r\n", "Protocol error: unbalanced quotes in request"},
      {"'a'b\r\n", "Protocol error: unbalanced quotes in request"},
      {std::string(70'000, 'a'), "Protocol error: too big inline request"},
      {"*" + std::string(70'000, '1'), "Protocol error: too big mbulk count string"},
      {"*1\r\n$" + std::string(70'000, '1'), "Protocol error: too big bulk count string"},
  };
  for (const auto& [bytes, text] : cases) {
    CAPTURE(text);
    CHECK(parse(bytes) == std::vector<command>{{text}});
    CHECK(parse_bytewise(bytes) == std::vector<command>{{text}});
  }
}

TEST_CASE("a parser that failed stays failed") {
  resp_parser parser;
  parser.feed("*x\r\nPING\r\n");
  std::vector<std::string_view> args;
  CHECK(parser.next(args) == parse_status::malformed);
  CHECK(parser.next(args) == parse_status::malformed);
}

TEST_CASE("words of inline commands follow Redis' quoting") {
  std::vector<std::string> words;
  CHECK((split_inline("  a\t\"b \\\"c\\\" \\n\\x41\\xzz\"  'd\\'e\\n'  f\"g h\" ", words)
         && words == command{"a", "b \"c\" \nAxzz", "d'e\\n", "fg h"}));
  CHECK((split_inline("", words) && words.empty()));
  CHECK((split_inline("\"\" ''", words) && words == command{"", ""}));
  CHECK_FALSE(split_inline("\"a", words));
  CHECK_FALSE(split_inline("\"a\\", words));
  CHECK_FALSE(split_inline("'a", words));
  CHECK_FALSE(split_inline("\"a\"b", words));
}

TEST_CASE("limits hold: arguments, bulk and command size") {
  resp_limits small{.args_max = 3, .bulk_bytes_max = 10, .command_bytes_max = 30, .inline_bytes_max = 20};
  CHECK(parse(encode({"a", "b", "c"}), small).size() == 1);
  CHECK(parse(encode({"a", "b", "c", "d"}), small)
        == std::vector<command>{{"Protocol error: invalid multibulk length"}});
  CHECK(parse(encode({std::string(11, 'x')}), small)
        == std::vector<command>{{"Protocol error: invalid bulk length"}});
  CHECK(parse(encode({std::string(10, 'x'), std::string(10, 'x'), std::string(10, 'x')}), small)
        == std::vector<command>{{"Protocol error: too big command"}});
}

TEST_CASE("an announced size allocates nothing until its bytes arrive") {
  resp_parser parser;
  std::vector<std::string_view> args;
  parser.feed("*1000000\r\n$16777216\r\nabc");
  CHECK(parser.next(args) == parse_status::need_more);
  CHECK(parser.capacity() <= 16 * limits::kib);
  CHECK(args.capacity() < 16);
}

TEST_CASE("a value of 16 MiB arrives in pieces of 64 KiB in linear work, and its memory goes back") {
  const std::string value(limits::value_bytes_max, 'v');
  auto bytes = encode({"SET", "k", value});
  resp_parser parser;
  std::vector<std::string_view> args;
  std::size_t moved = 0; // what growing the buffer copies
  for (std::size_t at = 0; at < bytes.size(); at += 64 * limits::kib) {
    auto before = parser.capacity();
    parser.feed(std::string_view{bytes}.substr(at, 64 * limits::kib));
    if (parser.capacity() != before) moved += parser.buffered();
    auto status = parser.next(args);
    CHECK((status == parse_status::command) == (at + 64 * limits::kib >= bytes.size()));
  }
  REQUIRE(args.size() == 3);
  CHECK((args[2] == value));
  CHECK(moved < 3 * bytes.size());
  CHECK(parser.capacity() < 3 * bytes.size());
  parser.release_idle();
  CHECK(parser.capacity() == 0);
}

TEST_CASE("random streams: what was encoded comes out, however it is split and mixed with inline commands") {
  std::mt19937_64 random{test::random_seed("resp streams")};
  for (int round = 0; round < 300; ++round) {
    std::vector<command> sent;
    std::string bytes;
    for (auto n = random() % 20; n-- > 0;) {
      auto& args = sent.emplace_back();
      for (auto i = random() % 5 + 1; i-- > 0;) {
        auto& arg = args.emplace_back();
        for (auto size = random() % 40; size-- > 0;) arg += static_cast<char>(random());
      }
      bytes += encode(args);
      if (random() % 4 == 0) bytes += "\r\n*0\r\n";
    }
    resp_parser parser;
    std::vector<command> got;
    for (std::size_t at = 0; at < bytes.size();) {
      auto size = random() % 50 + 1;
      parser.feed(std::string_view{bytes}.substr(at, size));
      at += size;
      for (auto& each : read_all(parser)) got.push_back(std::move(each));
      if (random() % 3 == 0) parser.release_idle();
    }
    CHECK(got == sent);
  }
}

TEST_CASE("random bytes never break the parser, and splitting changes nothing") {
  std::mt19937_64 random{test::random_seed("resp bytes")};
  const std::string alphabet = "*$\r\n0123 \"'ax\\-";
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = round % 2 == 0 ? mixed : std::string{};
    for (auto flips = random() % 6 + 1; flips-- > 0;)
      bytes.insert(random() % (bytes.size() + 1), 1, alphabet[random() % alphabet.size()]);
    CHECK(parse(bytes) == parse_bytewise(bytes));
  }
}
