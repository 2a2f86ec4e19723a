// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/lookup/lookup_world.hpp"

using namespace argentum;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

/// A view whose disk is broken.
class broken_view final : public storage::read_view {
 public:
  index_t applied() const noexcept override { return 0; }
  index_t horizon() const noexcept override { return 0; }
  std::uint64_t key_count() const noexcept override { return 0; }
  caf::expected<storage::read_answer> get(std::string_view, std::string&) const override { return broken(); }
  caf::expected<index_t> multi_get(std::span<const std::string_view>, std::size_t,
                                   std::vector<storage::read_record>&) const override {
    return broken();
  }
  caf::expected<std::unique_ptr<storage::multi_read>> begin_multi_get(std::span<const std::string_view>,
                                                                      std::size_t) const override {
    return broken();
  }
  caf::expected<lookup_answer> read_at(std::string_view, index_t) const override { return broken(); }
  caf::expected<position_check> check(const position&) const override { return broken(); }
  caf::expected<index_t> page(const page_request&, std::vector<storage::read_record>&) const override {
    return broken();
  }
  caf::expected<storage::store_digest> digest(const storage::stop_check&) const override { return broken(); }

 private:
  static caf::error broken() { return make_error(errc::io_failed, "no disk"); }
};

struct server_fixture {
  deterministic sys;
  log_maker log;
  std::unique_ptr<storage::store> store = make_store(instance_role::replica);
  std::shared_ptr<storage::view_slot> view = std::make_shared<storage::view_slot>(store->view());
  std::shared_ptr<recording_transport> net = std::make_shared<recording_transport>();
  std::shared_ptr<instance_metrics> metrics = std::make_shared<instance_metrics>();
  std::vector<position> trail;
  lookup_server_port server =
      sys.spawn(actors::lookup_server, actors::lookup_server_config{"dns", metrics}, view, net);

  /// Of a proxy that is level.
  index_t apply(log_record record) {
    REQUIRE(store->apply({record}, false));
    trail = {store->report().applied};
    return record.index;
  }
  std::vector<lookup_response> ask(std::vector<lookup_item> items) {
    net->sent.clear();
    caf::anon_send(server, link_id{1}, lookup_request{7, std::move(items), trail});
    sys.settle();
    for (const auto& m : net->sent) CHECK(m.second.instance == "dns");
    return net->all<lookup_response>({1});
  }
};

} // namespace

TEST_CASE_FIXTURE(server_fixture, "answers from the present and the past, in the order asked") {
  auto old = apply(log.put("a", "old"));
  auto now = apply(log.put("a", "now"));
  auto parts = ask({{"a", now}, {"a", old}, {"none", now}, {"a", now + 1}});
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].id == 7);
  CHECK(parts[0].first == 0);
  CHECK(parts[0].answers
        == std::vector<lookup_answer>{{lookup_status::found, now, "now"},
                                      {lookup_status::found, old, "old"},
                                      {lookup_status::absent, 0, ""},
                                      {lookup_status::behind, now, ""}});
  CHECK(metrics->lookups_served.value() == 3);
  CHECK(metrics->lookup_behind.value() == 1);
}

TEST_CASE_FIXTURE(server_fixture, "below the horizon only what is still current is known") {
  auto kept = apply(log.put("kept", "v"));
  auto old = apply(log.put("a", "old"));
  auto now = apply(log.put("a", "now"));
  REQUIRE(store->set_horizon(now));
  auto parts = ask({{"a", old}, {"kept", kept}});
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].answers[0] == lookup_answer{lookup_status::pruned, now, ""});
  CHECK(parts[0].answers[1] == lookup_answer{lookup_status::found, kept, "v"});
  CHECK(metrics->lookup_pruned.value() == 1);
}

TEST_CASE_FIXTURE(server_fixture, "large answers come in parts, and end where the link's share ends") {
  std::string big(limits::batch_bytes / 2, 'x');
  std::vector<lookup_item> items;
  for (int i = 0; i < 12; ++i) {
    auto key = "k" + std::to_string(i);
    items.push_back({key, apply(log.put(key, big))});
  }
  auto parts = ask(items);
  CHECK(parts.size() == 3);
  std::size_t bytes = 0;
  std::uint32_t next = 0;
  std::size_t later = 0;
  for (const auto& part : parts) {
    CHECK(part.first == next);
    next += part.answers.size();
    for (const auto& a : part.answers) {
      bytes += a.value.size();
      later += a.status == lookup_status::later;
    }
  }
  CHECK(next == items.size());
  CHECK(bytes == limits::lookup_answer_bytes);
  CHECK(later == 8);
}

TEST_CASE_FIXTURE(server_fixture, "a disk error is neither absence nor silence") {
  view->store(std::make_shared<broken_view>());
  trail = {{1, 1, 1}};
  auto parts = ask({{"a", 1}, {"b", 1}});
  REQUIRE(parts.size() == 1);
  REQUIRE(parts[0].answers.size() == 2);
  CHECK(parts[0].answers[0].status == lookup_status::failed);
  CHECK(parts[0].answers[1].status == lookup_status::failed);
  CHECK(metrics->lookups_served.value() == 0);
}

TEST_CASE_FIXTURE(server_fixture, "a request with too many keys is ignored and counted") {
  CHECK(ask(std::vector<lookup_item>(limits::lookup_keys_max + 1, {"a", 0})).empty());
  CHECK(metrics->lookups_refused.value() == 1);
  CHECK(ask(std::vector<lookup_item>(limits::lookup_keys_max, {"a", 0})).size() == 1);
}

TEST_CASE_FIXTURE(server_fixture,
                  "a proxy on another log is answered up to where the logs part, and never beyond") {
  log_maker lost;
  auto record = lost.put("a", "common");
  lost.put("b", "lost");
  auto lost_head = lost.put("c", "lost");
  auto common = apply(log.put("a", "common"));
  apply(log.put("b", "kept"));
  apply(log.put("c", "kept"));
  apply(log.put("d", "kept"));
  trail = {{1, common, record.chain}, {1, lost_head.index, lost_head.chain}};
  auto parts = ask({{"a", 1}, {"b", 2}, {"c", 3}, {"a", 3}});
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].answers[0] == lookup_answer{lookup_status::found, common, "common"});
  for (std::size_t i = 1; i < 4; ++i) CHECK(parts[0].answers[i] == lookup_answer{lookup_status::diverged, 0, ""});
  CHECK(metrics->lookup_diverged.value() == 3);
}

TEST_CASE_FIXTURE(server_fixture, "without a position to compare nothing is answered") {
  auto index = apply(log.put("a", "v"));
  trail = {};
  CHECK(ask({{"a", index}})[0].answers[0] == lookup_answer{lookup_status::behind, index, ""});
}

TEST_CASE_FIXTURE(server_fixture, "what came too long ago for its proxy is not answered") {
  auto now = apply(log.put("a", "1"));
  sys.advance(1s);
  auto ask_late = [&](std::chrono::milliseconds waited, std::chrono::microseconds budget) {
    net->sent.clear();
    lookup_request request{7, {{"a", now}, {"b", now}}, trail, budget};
    request.arrived = std::chrono::steady_clock::time_point{sys.now()} - waited;
    caf::anon_send(server, link_id{1}, request);
    sys.settle();
    return net->all<lookup_response>({1}).size();
  };
  CHECK(ask_late(99ms, 100ms) == 1);
  CHECK(ask_late(500ms, 0ms) == 1); // an earlier version says nothing
  CHECK(metrics->lookups_late.value() == 0);
  CHECK(ask_late(100ms, 100ms) == 0);
  CHECK(metrics->lookups_late.value() == 2);
}
