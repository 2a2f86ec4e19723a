// SPDX-License-Identifier: Apache-2.0
// How a memory store is kept bounded: each step does all there is to do.
#include "storage/memory_store.hpp"

#include <mutex>

namespace argentum::storage {

namespace {

std::uint64_t size_of(const memory_record& record) noexcept {
  return record.value ? (*record.value).size() : 0;
}

sweep_outcome strip(memory_image& image, index_t floor, access_time cut) {
  sweep_outcome out;
  for (auto it = image.keys.begin(); it != image.keys.end(); ++it) {
    const auto& old = it->second.now;
    if (!old.value || old.version > floor || old.last_access >= cut) continue;
    out.bytes_before += size_of(old) + it->first.size();
    out.bytes_after += it->first.size();
    ++out.records;
    image.set_record({it, true}, it->first, {old.version, true, old.last_access, {}});
  }
  return out;
}

/// Each record of the past is valid until the next one; those of unsynced changes are never old enough to go.
sweep_outcome drop_history(memory_image& image) {
  sweep_outcome out;
  auto horizon = image.durable_horizon();
  auto drop = [&](const memory_record& record, std::size_t key_bytes) {
    out.bytes_before += size_of(record) + key_bytes;
    ++out.records;
  };
  for (auto it = image.keys.begin(); it != image.keys.end();) {
    auto& [now, past] = it->second;
    std::size_t dead = 0;
    while (dead < past.size() && (dead + 1 < past.size() ? past[dead + 1] : now).version <= horizon)
      drop(past[dead++], it->first.size());
    past.erase(past.begin(), past.begin() + static_cast<std::ptrdiff_t>(dead));
    bool gone = !now.live && now.version <= horizon;
    if (gone) drop(now, it->first.size());
    it = gone ? image.keys.erase(it) : std::next(it);
  }
  return out;
}

} // namespace

std::optional<index_t> memory_store::last_before(stamp_t when) const {
  std::shared_lock lock{image_->mutex};
  return image_->samples->last_before(when);
}

space_report memory_store::space() const {
  std::shared_lock lock{image_->mutex};
  space_report out;
  for (const auto& [key, what] : image_->keys) {
    out.disk_bytes += key.size() + size_of(what.now);
    for (const auto& old : what.past) out.history_bytes += key.size() + size_of(old);
    if (is_replica()) continue;
    out.value_bytes += size_of(what.now);
    if (what.now.version > floor()) out.window_bytes += size_of(what.now);
  }
  if (!image_->log.empty())
    out.disk_bytes +=
        image_->log.back().bytes_before + image_->log.back().bytes->size() - image_->log.front().bytes_before;
  out.disk_bytes += out.history_bytes;
  return out;
}

access_ages memory_store::ages() const {
  std::shared_lock lock{image_->mutex};
  access_ages out{image_->access_clock, {}};
  if (is_replica()) return out;
  for (const auto& [key, what] : image_->keys)
    if (what.now.value && what.now.version <= floor()) out.bytes.add(what.now.last_access, size_of(what.now));
  return out;
}

void memory_store::pass_time(std::chrono::milliseconds elapsed) {
  std::unique_lock lock{image_->mutex};
  image_->access_rest += elapsed;
  auto seconds = std::chrono::floor<std::chrono::seconds>(image_->access_rest);
  image_->access_rest -= seconds;
  image_->access_clock += static_cast<access_time>(seconds.count());
}

store::sweep_work memory_store::begin_evict(access_time cut) {
  std::shared_lock lock{image_->mutex};
  return [image = image_, cut, role = image_->state.role, floor = floor()]() -> caf::expected<sweep_outcome> {
    if (role == instance_role::replica) return make_error(errc::wrong_role, "a replica never evicts");
    std::unique_lock exclusive{image->mutex};
    return strip(*image, floor, cut);
  };
}

store::sweep_work memory_store::begin_collect(index_t) {
  return [image = image_]() -> caf::expected<sweep_outcome> {
    std::unique_lock lock{image->mutex};
    if (image->state.role == instance_role::proxy) return make_error(errc::wrong_role, "a proxy has no history");
    return drop_history(*image);
  };
}

} // namespace argentum::storage
