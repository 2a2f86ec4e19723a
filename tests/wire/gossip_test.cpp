// SPDX-License-Identifier: Apache-2.0
#include "messages/oracle_limits.hpp"
#include "messages/wire/gossip_codec.hpp"
#include "messages/wire/gossip_seal.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace argentum;

namespace {

/// Messages with random content, within the bounds of their fields.
struct gossip_source {
  explicit gossip_source(std::uint64_t seed) : random(seed) {}

  std::uint64_t below(std::uint64_t end) {
    return std::uniform_int_distribution<std::uint64_t>{0, end - 1}(random);
  }
  std::uint64_t number() { return random() >> below(64); }
  std::string name(std::size_t least = 1) {
    return std::string(least + below(limits::name_bytes_max + 1 - least), static_cast<char>('a' + below(26)));
  }
  std::string address() { return std::string(1 + below(limits::address_bytes_max), '7'); }
  double us(int most) { return static_cast<double>(below(static_cast<std::uint64_t>(most))) / 1000.0; }
  coordinate where() {
    coordinate out;
    for (auto& ms : out.at) ms = below(2) == 0 ? us(1'000'000'000) : -us(300'000);
    out.height = us(50'000);
    out.error = us(1'500);
    return out;
  }
  member whole(member_state state) {
    return {name(), address(), role(), name(0), number(), number(), state, where()};
  }
  node_role role() { return static_cast<node_role>(1 + below(3)); }
  member_state state() { return static_cast<member_state>(1 + below(4)); }
  member_news news() {
    auto believed = state();
    if (believed == member_state::alive) return {whole(believed), {}};
    member out;
    out.node = name();
    out.process = number();
    out.incarnation = number();
    out.state = believed;
    return {out, name()};
  }
  instance_status status() {
    auto time = [this] { return std::chrono::microseconds{below(1'000'000'000'000)}; };
    auto small = [this] { return static_cast<std::uint32_t>(random()); };
    return {name(), number(), number(), time(), time(), small(), small(), small(), small(), name(0)};
  }
  gossip_body body() {
    switch (below(7)) {
    case 0: return gossip_round{};
    case 1: return probe{random(), name(0)};
    case 2: return probe_answer{random(), where(), random()};
    case 3: return probe_request{random(), {name(), address()}};
    case 4: return probe_missed{random()};
    case 5: return status_query{random(), name()};
    default: {
      status_answer out{random(), name(), role(), name(0), where(), {}};
      if (below(2) == 0) out.status = status();
      return out;
    }
    }
  }
  gossip_message message() {
    gossip_message out{name(), number(), body(), {}};
    for (auto i = below(5); i > 0; --i) {
      out.news.push_back(news());
      if (bytes_at_most(out) > limits::datagram_bytes_max) out.news.pop_back();
    }
    return out;
  }
  std::vector<member_report> state_of_all() {
    std::vector<member_report> out(below(20));
    for (auto& report : out) {
      report.who = whole(state());
      report.age = std::chrono::milliseconds{below(1'000'000)};
      for (auto i = below(4); i > 0; --i) report.statuses.push_back(status());
    }
    return out;
  }
  void damage(std::string& bytes) {
    for (auto changes = 1 + below(6); changes > 0 && !bytes.empty(); --changes) {
      auto at = below(bytes.size());
      switch (below(4)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
      case 1: bytes.erase(at, 1 + below(4)); break;
      case 2: bytes.insert(at, bytes.substr(below(bytes.size()), below(40))); break;
      case 3: bytes.resize(at); break;
      }
    }
  }

  std::mt19937_64 random;
};

using opened = std::variant<gossip_message, seal_fault>;
const std::string old_key = "an old key of some bytes";
const std::string new_key = "a new key of other bytes";

} // namespace

TEST_CASE("datagrams come out as they went in, and take no more than was said before") {
  gossip_source source{test::random_seed("datagrams")};
  for (int round = 0; round < 5'000; ++round) {
    auto message = source.message();
    auto form = wire::make_gossip_form(round % 2 == 0 ? std::vector<std::string>{} : std::vector{new_key});
    auto bytes = form.seal(message);
    REQUIRE(bytes.size() <= bytes_at_most(message));
    REQUIRE(form.open(bytes) == opened{message});
  }
}

TEST_CASE("full states come out as they went in") {
  gossip_source source{test::random_seed("full states")};
  auto form = wire::make_gossip_form({new_key});
  for (int round = 0; round < 500; ++round) {
    auto state = source.state_of_all();
    auto opened_state = form.open_state(form.seal_state(state));
    REQUIRE(std::get<std::vector<member_report>>(opened_state) == state);
  }
}

TEST_CASE("only what one of the keys has signed is opened") {
  gossip_message message{"a", 1, gossip_round{}, {}};
  auto open = wire::make_gossip_form({});
  auto before = wire::make_gossip_form({old_key});
  auto between = wire::make_gossip_form({new_key, old_key});
  auto after = wire::make_gossip_form({new_key});
  CHECK(between.open(before.seal(message)) == opened{message});
  CHECK(after.open(between.seal(message)) == opened{message});
  CHECK(before.open(between.seal(message)) == opened{seal_fault::unauthentic});
  CHECK(after.open(open.seal(message)) == opened{seal_fault::unauthentic});
  CHECK(open.open(after.seal(message)) == opened{seal_fault::unauthentic});
  CHECK(open.open("") == opened{seal_fault::malformed});
  CHECK(open.open(open.seal_state({})) == opened{seal_fault::malformed}); // another content
}

TEST_CASE("a signed datagram that is damaged anywhere is dropped") {
  gossip_source source{test::random_seed("damaged signed datagrams")};
  auto form = wire::make_gossip_form({new_key, old_key});
  for (int round = 0; round < 5'000; ++round) {
    auto bytes = form.seal(source.message());
    auto damaged = bytes;
    source.damage(damaged);
    if (damaged != bytes) REQUIRE(std::holds_alternative<seal_fault>(form.open(damaged)));
  }
}

TEST_CASE("damaged datagrams and states without a seal are refused or understood") {
  gossip_source source{test::random_seed("damaged datagrams")};
  auto form = wire::make_gossip_form({});
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = form.seal(source.message());
    source.damage(bytes);
    auto out = form.open(bytes);
    if (const auto* message = std::get_if<gossip_message>(&out)) REQUIRE(form.open(form.seal(*message)) == out);
  }
  for (int round = 0; round < 1'000; ++round) {
    auto bytes = form.seal_state(source.state_of_all());
    source.damage(bytes);
    auto out = form.open_state(bytes);
    if (const auto* state = std::get_if<std::vector<member_report>>(&out))
      REQUIRE(form.open_state(form.seal_state(*state)) == out);
  }
}
