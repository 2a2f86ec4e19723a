// SPDX-License-Identifier: Apache-2.0
// Full copies: consistent, resumable across a crash, complete or refused.
#include "tests/storage/subject.hpp"

#include <random>

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;

namespace {

root_log sample() {
  root_log root;
  std::vector<change> changes{{"", "empty key"}, {std::string{"a\0", 2}, ""}};
  for (int i = 0; i < 50; ++i) changes.push_back({"k" + std::to_string(i), std::to_string(i)});
  root.write(changes);
  root.write({{"k7", std::nullopt}, {"k8", "new"}});
  return root;
}

/// A replica that holds the log, and an export of it.
struct source {
  explicit source(instance_role reader, root_log log = sample())
      : root(std::move(log)), node(true, instance_role::replica) {
    must(node->adopt({7, 7}));
    must(node->apply(root.after(0), true));
    copy = must(node->open_export(reader));
  }
  std::vector<snapshot_record> all() { return must(copy->read({}, true, ~std::size_t{0})).records; }
  root_log root;
  subject node;
  std::unique_ptr<store_export> copy;
};

} // namespace

TEST_CASE("an export is a copy as of its index, in chunks of the wanted size") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    auto root = sample();
    must(s->adopt({7, 7}));
    must(s->apply(root.after(0), true));
    auto copy = must(s->open_export(instance_role::replica));
    root.write({{"k9", std::nullopt}, {"late", "x"}, {"k10", "late"}});
    must(s->apply(root.after(2), true));
    auto& header = copy->header();
    CHECK(header.id == instance_id{7, 7});
    CHECK(header.at == root.at(2));
    CHECK(header.key_count == 51);
    CHECK(header.stamp == entry_reader{root.after(1)[0].bytes}.head()->stamp);
    std::vector<std::string> keys;
    for (bool first = true, last = false; !last; first = false) {
      auto chunk = must(copy->read(keys.empty() ? "" : keys.back(), first, 40));
      CHECK(payload_bytes(chunk.records) < 80);
      REQUIRE(!chunk.records.empty());
      for (const auto& item : chunk.records) {
        CHECK(lookup_answer{lookup_status::found, item.version, item.value} == root.read_at(item.key, 2));
        keys.push_back(item.key);
      }
      last = chunk.last;
    }
    CHECK(keys == root.keys(2));
    auto end = must(copy->read(keys.back(), false, 40));
    CHECK(end.records.empty());
    CHECK(end.last);
  });
}

TEST_CASE("a proxy cannot give a copy; one made for a proxy carries no values") {
  for_each_kind({instance_role::proxy},
                [](subject& s) { CHECK(code(s->open_export(instance_role::proxy)) == errc::wrong_role); });
  for_each_kind({instance_role::replica}, [](subject& s) {
    auto root = sample();
    must(s->apply(root.after(0), true));
    auto copy = must(s->open_export(instance_role::proxy));
    for (const auto& item : must(copy->read({}, true, ~std::size_t{0})).records) {
      CHECK(item.value.empty());
      CHECK(item.version == root.find(item.key, 2)->index);
    }
  });
}

TEST_CASE("an imported store equals its source and goes on from its index") {
  for_each_kind([](subject& s) {
    source from{s.role};
    auto records = from.all();
    auto next = must(s.home->open_next());
    must(next->begin_import(from.copy->header()));
    CHECK(code(next->apply(from.root.after(0), true)) == errc::busy);
    CHECK(next->report().applied == position{});
    CHECK(next->view()->applied() == 0);
    must(next->import({records.begin(), records.begin() + 20}));
    must(next->import({records.begin() + 20, records.end()}));
    must(next->finish_import());
    auto report = next->report();
    CHECK(report.applied == from.root.at(2));
    CHECK(report.durable == 2);
    CHECK(report.horizon == 2);
    CHECK(report.log_base == 2);
    CHECK(report.id == instance_id{7, 7});
    CHECK(report.key_count == 51);
    CHECK(must(next->import_state()).index == 0);
    CHECK(must(next->view()->digest()).keys == from.root.digest(2).keys);
    CHECK(must(next->view()->digest()).values == (s.is_replica() ? from.root.digest(2).values : 0));
    CHECK(must(next->check(from.root.at(2))).verdict == subscribe_verdict::accepted);
    CHECK(must(next->check(from.root.at(1))).verdict == subscribe_verdict::need_snapshot);
    from.root.write({{"k7", "back"}, {"k8", std::nullopt}});
    must(next->apply(from.root.after(2), true));
    CHECK(must(next->view()->digest()).keys == from.root.digest(3).keys);
    CHECK(must(next->view()->read_at("k8", 2)).status
          == (s.is_replica() ? lookup_status::found : lookup_status::pruned));
    CHECK(must(next->view()->read_at("k9", 1)).index == (s.is_replica() ? 1 : 3));
    CHECK(must(next->view()->read_at("k8", 1)).status == lookup_status::pruned);
  });
}

TEST_CASE("an import goes on after a crash where the disk has it") {
  for_each_kind([](subject& s) {
    source from{s.role};
    auto records = from.all();
    auto next = must(s.home->open_next());
    must(next->begin_import(from.copy->header()));
    must(next->import({records.begin(), records.begin() + 20}));
    CHECK(must(next->import_state()).last_key == records[19].key);
    next.reset();
    s.crash();
    next = must(s.home->open_next());
    auto progress = must(next->import_state());
    CHECK(progress.index == 2);
    must(next->begin_import(from.copy->header()));
    CHECK(must(next->import_state()).last_key == progress.last_key);
    auto other = from.copy->header();
    ++other.at.index;
    CHECK(code(next->begin_import(other)) == errc::invalid);
    bool from_start = progress.last_key.empty();
    must(next->import(must(from.copy->read(progress.last_key, from_start, ~std::size_t{0})).records));
    must(next->finish_import());
    CHECK(must(next->view()->digest()).keys == from.root.digest(2).keys);
  });
}

TEST_CASE("the empty key as the point to resume at is not counted twice") {
  for_each_kind([](subject& s) {
    source from{s.role};
    auto records = from.all();
    must(s->begin_import(from.copy->header()));
    must(s->import({records[0]}));
    must(s->import(records)); // asked from "after the empty key", which also means "from the start"
    must(s->finish_import());
    CHECK(s->report().key_count == 51);
  });
}

TEST_CASE("an import that lacks a key, or brings keys out of order or from the future, is refused") {
  for_each_kind([](subject& s) {
    source from{s.role};
    auto records = from.all();
    CHECK(code(s->import(records)) == errc::invalid);
    CHECK(code(s->finish_import()) == errc::invalid);
    must(s->begin_import(from.copy->header()));
    must(s->import({records.begin(), records.begin() + 10}));
    CHECK(code(s->import({records[10], records[9]})) == errc::corrupt);
  });
  for_each_kind([](subject& s) {
    source from{s.role};
    auto records = from.all();
    must(s->begin_import(from.copy->header()));
    must(s->import({records.begin(), records.end() - 1}));
    CHECK(code(s->finish_import()) == errc::corrupt);
    CHECK(s->report().applied == position{});
    auto future = records.back();
    future.version = 3;
    CHECK(code(s->import({future})) == errc::corrupt);
  });
}

TEST_CASE("a store with data takes no import") {
  for_each_kind([](subject& s) {
    source from{s.role};
    must(s->apply(from.root.after(0, 1), true));
    CHECK(code(s->begin_import(from.copy->header())) == errc::invalid);
  });
  for_each_kind([](subject& s) {
    source from{s.role};
    must(s->adopt({8, 8}));
    CHECK(code(s->begin_import(from.copy->header())) == errc::wrong_instance);
  });
}

TEST_CASE("an empty store's copy of one removed key is a copy of nothing, and imports") {
  for_each_kind([](subject& s) {
    root_log root;
    root.write({{"a", "1"}});
    root.write({{"a", std::nullopt}});
    source from{s.role, root};
    CHECK(from.all().empty());
    must(s->begin_import(from.copy->header()));
    must(s->finish_import());
    CHECK(s->report().applied == root.at(2));
    s.crash();
    CHECK(s->report().applied == root.at(2));
  });
}

TEST_CASE("a large import is ingested file by file, and a crash loses the last file only") {
  subject s{true, instance_role::replica};
  std::mt19937_64 random{7};
  std::string value(limits::value_bytes_max, ' ');
  for (auto& byte : value) byte = static_cast<char>(random());
  std::vector<snapshot_record> records;
  for (index_t i = 1; i <= 6; ++i) records.push_back({"k" + std::to_string(i), i, value});
  snapshot_header header{{7, 7}, {1, 6, 99}, {}, records.size()};
  auto next = must(s.home->open_next());
  must(next->begin_import(header));
  must(next->import(records));
  CHECK(must(next->import_state()).last_key == "k6");
  next.reset();
  s.crash();
  next = must(s.home->open_next());
  CHECK(must(next->import_state()).last_key == "k5"); // four values fill a file, noticed at the fifth
  must(next->import({records.back()}));
  must(next->finish_import());
  storage::digester expected;
  for (const auto& record : records) expected.add(record.key, record.version, record.value);
  CHECK(must(next->view()->digest()) == expected.finish(6));
}
