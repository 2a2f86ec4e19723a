// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_export.hpp"

namespace argentum::storage {

memory_export::memory_export(const memory_image& image, instance_role reader)
    : header_{image.state.id, image.state.applied, image.state.stamp, image.state.key_count}, reader_(reader) {
  for (const auto& [key, what] : image.keys)
    if (what.now.live) records_.emplace_hint(records_.end(), key, what.now);
}

caf::expected<snapshot_chunk> memory_export::read(std::string_view after, bool from_start, std::size_t bytes_max) {
  snapshot_chunk out;
  std::size_t bytes = 0;
  auto it = from_start ? records_.begin() : records_.upper_bound(after);
  for (; it != records_.end() && (out.records.empty() || bytes < bytes_max); ++it) {
    auto value = reader_ == instance_role::replica ? std::string{*it->second.value} : std::string{};
    bytes += it->first.size() + value.size() + sizeof(index_t);
    out.records.push_back({it->first, it->second.version, std::move(value)});
  }
  out.last = it == records_.end();
  return out;
}

} // namespace argentum::storage
