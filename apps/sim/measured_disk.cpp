// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/measured_disk.hpp"

#include "apps/sim/report/measures.hpp"
#include "messages/entry_codec.hpp"
#include "messages/limits.hpp"

namespace argentum::sim {

namespace {

/// Bytes of keys and values that the entry replaces or removes; the judge has it in its log already.
std::uint64_t superseded_bytes(truth& log, const log_record& record) {
  std::uint64_t bytes = 0;
  mutation_view mutation;
  for (entry_reader reader{record.bytes}; reader.next(mutation);)
    if (const auto& old = log.key_at(mutation.key, record.index - 1); old.exists())
      bytes += mutation.key.size() + old.value->size();
  return bytes;
}

/// Of keys, versions and values as a reader sees them.
std::uint64_t present_bytes(const storage::read_view& view) {
  std::uint64_t bytes = 0;
  std::string after;
  std::vector<storage::read_record> page;
  do {
    page.clear();
    if (!view.page({after, after.empty(), 1000, limits::batch_bytes, true}, page)) break;
    for (const auto& each : page) bytes += each.key.size() + sizeof each.answer.version + each.value.size();
    if (!page.empty()) after = page.back().key;
  } while (!page.empty());
  return bytes;
}

} // namespace

disk_watch measured(surroundings& around, std::size_t node, std::size_t instance, disk_watch judge) {
  auto opened = [&around, node, instance, judge](const store_report& now, bool switched) {
    judge.opened(now, switched);
    around.numbers.opened(node, instance, now.applied.index);
  };
  auto applied = [&around, node, instance, judge](const store_report& now, const std::vector<log_record>& records,
                                                  bool synced) {
    judge.applied(now, records, synced);
    auto& numbers = around.numbers;
    if (node != 0) return numbers.applied(node, instance, now.applied.index, around.clock.now());
    auto& log = around.judge.of(numbers.places().instances[instance]);
    for (const auto& each : records)
      numbers.logged(instance, each.index, around.clock.now(), each.bytes.size(), superseded_bytes(log, each));
  };
  return {std::move(opened), std::move(applied)};
}

std::uint64_t stored_bytes(const storage::store& store, const entry_times& entries) {
  auto now = store.report();
  auto bytes = present_bytes(*store.view());
  if (now.role == instance_role::proxy) return bytes;
  return bytes + entries.log_bytes(now.log_base, now.applied.index)
         + entries.history_bytes(now.horizon, now.applied.index);
}

} // namespace argentum::sim
