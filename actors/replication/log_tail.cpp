// SPDX-License-Identifier: Apache-2.0
#include "actors/replication/log_tail.hpp"

#include <algorithm>
#include <utility>

namespace argentum::actors {

namespace {

/// Whether `records` may take one more of `more` bytes.
bool has_room(const std::vector<log_record>& records, std::size_t bytes, std::size_t more,
              const batch_bounds& max) {
  return records.empty() || (bytes + more <= max.bytes_max && records.size() < max.entries_max);
}

} // namespace

std::vector<record_run> cut_run(const record_run& run, const batch_bounds& bounds) {
  if (run->size() <= bounds.entries_max && payload_bytes(*run) <= bounds.bytes_max) return {run};
  std::vector<record_run> pieces;
  std::vector<log_record> piece;
  std::size_t bytes = 0;
  for (const auto& record : *run) {
    if (!has_room(piece, bytes, record.bytes.size(), bounds)) {
      pieces.push_back(std::make_shared<const std::vector<log_record>>(std::exchange(piece, {})));
      bytes = 0;
    }
    bytes += record.bytes.size();
    piece.push_back(record);
  }
  pieces.push_back(std::make_shared<const std::vector<log_record>>(std::move(piece)));
  return pieces;
}

void log_tail::push(const record_run& run) {
  if (!pieces_.empty() && pieces_.back().run->back().index + 1 != run->front().index) clear();
  for (auto& part : cut_run(run, batch_)) {
    auto bytes = payload_bytes(*part);
    bytes_ += bytes;
    pieces_.push_back({std::move(part), bytes});
  }
  while (bytes_ > bytes_max_) {
    bytes_ -= pieces_.front().bytes;
    pieces_.pop_front();
  }
}

void log_tail::clear() {
  pieces_.clear();
  bytes_ = 0;
}

record_run log_tail::slice(index_t after) const {
  auto next = std::upper_bound(pieces_.begin(), pieces_.end(), after + 1,
                               [](index_t index, const piece& p) { return index < p.run->front().index; });
  if (next == pieces_.begin()) return nullptr;
  auto at = std::prev(next);
  if (at->run->back().index <= after) return nullptr;
  auto skip = after + 1 - at->run->front().index;
  if (skip == 0 && (next == pieces_.end() || at->bytes * 2 >= batch_.bytes_max)) return at->run;
  std::vector<log_record> joined; // small or begun pieces: copying them is cheaper than a message for each
  std::size_t bytes = 0;
  for (; at != pieces_.end(); ++at, skip = 0) {
    for (auto record = at->run->begin() + static_cast<std::ptrdiff_t>(skip); record != at->run->end(); ++record) {
      if (!has_room(joined, bytes, record->bytes.size(), batch_))
        return std::make_shared<const std::vector<log_record>>(std::move(joined));
      bytes += record->bytes.size();
      joined.push_back(*record);
    }
  }
  return std::make_shared<const std::vector<log_record>>(std::move(joined));
}

} // namespace argentum::actors
