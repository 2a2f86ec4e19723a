// SPDX-License-Identifier: Apache-2.0
#include "storage/run_check.hpp"

#include "messages/chain.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::storage {

namespace {

/// Advances `run` over one record.
caf::error check_record(checked_run& run, const log_record& record) {
  auto index = run.applied.index + 1;
  if (record.index != index)
    return make_error(errc::out_of_order, fmt::format("entry {} where {} is next", record.index, index));
  auto chain = extend_chain(run.applied.chain, record.bytes);
  if (chain != record.chain)
    return make_error(errc::diverged, fmt::format("chain of entry {} does not continue ours", index));
  entry_reader reader{record.bytes};
  const auto& head = reader.head();
  if (!head || head->index != index) return make_error(errc::corrupt, fmt::format("entry {} is malformed", index));
  if (head->epoch < run.applied.epoch)
    return make_error(errc::diverged, fmt::format("entry {} is of epoch {}, this store has seen epoch {}", index,
                                                  head->epoch, run.applied.epoch));
  mutation_view what;
  while (reader.next(what)) {
    if (what.kind == mutation_kind::create) ++run.key_count;
    if (what.kind == mutation_kind::remove && run.key_count-- == 0)
      return make_error(errc::diverged, fmt::format("entry {} removes a key from an empty store", index));
    run.mutations.push_back({index, what});
  }
  if (!reader.ok()) return make_error(errc::corrupt, fmt::format("entry {} is malformed", index));
  run.applied = {head->epoch, index, chain};
  run.stamp = head->stamp;
  run.stamps.push_back(head->stamp);
  return {};
}

} // namespace

index_t checked_run::last_before(stamp_t when) const {
  auto young = std::partition_point(stamps.begin(), stamps.end(), [&](stamp_t each) { return each < when; });
  return young == stamps.begin() ? 0 : applied.index - static_cast<index_t>(stamps.end() - young);
}

caf::expected<checked_run> check_run(const store_state& before, const std::vector<log_record>& records) {
  checked_run run{before.applied, before.stamp, before.key_count, {}, {}};
  for (const auto& record : records)
    if (auto error = check_record(run, record)) return error;
  return run;
}

} // namespace argentum::storage
