// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_store.hpp"

#include "storage/log_rules.hpp"
#include "storage/memory_export.hpp"
#include "storage/memory_view.hpp"
#include "storage/store_rules.hpp"

#include <algorithm>
#include <mutex>

namespace argentum::storage {

memory_store::memory_store(std::shared_ptr<memory_image> image, window_limits window,
                           std::chrono::microseconds history)
    : image_(std::move(image)), view_(std::make_shared<memory_view>(image_)), window_(window), history_(history) {}

std::shared_ptr<const read_view> memory_store::view() const {
  return view_;
}

store_report memory_store::report() const {
  std::shared_lock lock{image_->mutex};
  return report_of(image_->state, image_->durable());
}

caf::expected<void> memory_store::adopt(instance_id id) {
  std::unique_lock lock{image_->mutex};
  if (auto error = check_adoption(image_->state, id)) return error;
  if (image_->state.id == id) return {};
  image_->state.id = id;
  image_->commit();
  return {};
}

caf::expected<void> memory_store::apply(const std::vector<log_record>& records, bool sync, stamp_t history_from) {
  std::unique_lock lock{image_->mutex};
  if (image_->import) return make_error(errc::busy, "an import is under way");
  auto run = check_run(image_->state, records);
  if (!run) return run.error();
  auto mark = image_->unsynced();
  auto state = after(*run, history_from);
  auto next = run->mutations.begin();
  for (const auto& record : records) {
    auto last = std::find_if(next, run->mutations.end(), [&](const auto& m) { return m.version != record.index; });
    if (auto error = add(record, {next, last}, state.horizon)) {
      image_->roll_back(mark);
      return error;
    }
    next = last;
  }
  image_->note_stamps(run->stamps, is_replica() ? history_ : window_.span);
  image_->state = state;
  if (sync) image_->commit();
  return {};
}

store_state memory_store::after(const checked_run& run, stamp_t history_from) const {
  auto next = image_->state;
  next.applied = run.applied;
  next.stamp = run.stamp;
  next.key_count = run.key_count;
  next.horizon = std::max(next.horizon, run.last_before(history_from));
  if (is_replica()) return next;
  next.log_base = next.applied;
  next.horizon = next.applied.index;
  return next;
}

caf::error memory_store::add(const log_record& record, std::span<const versioned_mutation> mutations,
                             index_t horizon) {
  auto bytes = image_->pool ? image_->pool->share(record) : std::make_shared<const std::string>(record.bytes);
  for (const auto& mutation : mutations) {
    const auto& what = mutation.what;
    if (what.kind == mutation_kind::remove) {
      if (auto error = change(mutation, {}, horizon)) return error;
      continue;
    }
    auto offset = static_cast<std::size_t>(what.value.data() - record.bytes.data());
    if (auto error = change(mutation, {bytes, std::string_view{*bytes}.substr(offset, what.value.size())}, horizon))
      return error;
  }
  auto head = *entry_reader{*bytes}.head();
  if (!is_replica()) return {};
  auto& log = image_->log;
  auto before = log.empty() ? 0 : log.back().bytes_before + log.back().bytes->size();
  log.push_back({{head.epoch, record.index, record.chain}, head.stamp, std::move(bytes), before});
  return {};
}

caf::error memory_store::change(const versioned_mutation& mutation, shared_bytes value, index_t horizon) {
  const auto& what = mutation.what;
  bool live = what.kind != mutation_kind::remove;
  auto where = image_->look_up(what.key);
  memory_record now{mutation.version, live, 0, std::move(value)};
  if (!is_replica()) {
    if (live)
      image_->set_record(where, what.key, std::move(now));
    else
      image_->erase_record(where);
    return {};
  }
  known_record known;
  if (where.found) known = {true, where.at->second.now.live, where.at->second.now.version};
  auto keep_old = mutation.version > horizon;
  if (keep_old)
    if (auto error = check_mutation(known, what.kind, mutation.version)) return error;
  image_->set_record(where, what.key, std::move(now), keep_old);
  return {};
}

index_t memory_store::floor() const {
  return window_floor(window_, *image_->samples, image_->state.applied.index, image_->state.stamp);
}

const memory_log_item& memory_store::logged(index_t index) const {
  return image_->log[index - image_->state.log_base.index - 1];
}

store::sync_work memory_store::begin_sync() {
  return [image = image_] {
    std::unique_lock lock{image->mutex};
    if (image->durable() != image->state.applied.index) image->commit(); // fills alone are not worth it, as on disk
    return caf::error{};
  };
}

caf::expected<record_run> memory_store::read_log(index_t after, std::size_t bytes_max) const {
  std::shared_lock lock{image_->mutex};
  if (auto error = check_log_start(image_->state, after)) return error;
  auto head = image_->state.applied.index;
  if (after == head) return record_run{};
  auto run = std::make_shared<std::vector<log_record>>();
  std::size_t bytes = 0;
  for (auto index = after + 1; index <= head && (run->empty() || bytes < bytes_max); ++index) {
    const auto& item = logged(index);
    run->push_back({index, item.at.chain, *item.bytes});
    bytes += item.bytes->size();
  }
  return record_run{std::move(run)};
}

caf::expected<void> memory_store::truncate_log(const log_retention& keep, index_t keep_after) {
  std::unique_lock lock{image_->mutex};
  auto& state = image_->state;
  if (state.log_base == state.applied) return {};
  const auto& last = image_->log.back();
  auto end = last.bytes_before + last.bytes->size();
  auto bytes_after = [&](index_t index) -> caf::expected<std::uint64_t> {
    return index == state.applied.index ? 0 : end - logged(index + 1).bytes_before;
  };
  auto stamp_of = [this](index_t index) -> caf::expected<stamp_t> { return logged(index).stamp; };
  auto cut = find_cut(state, keep, keep_after, {stamp_of, bytes_after});
  if (!cut) return cut.error();
  if (*cut == state.log_base.index) return {};
  auto base = logged(*cut).at;
  image_->log.erase(image_->log.begin(), image_->log.begin() + static_cast<long>(*cut - state.log_base.index));
  state.log_base = base;
  image_->commit();
  return {};
}

caf::expected<bool> memory_store::fill(std::string_view key, index_t version, std::string_view value) {
  std::unique_lock lock{image_->mutex};
  if (is_replica()) return make_error(errc::wrong_role, "a replica is never filled");
  auto where = image_->look_up(key);
  if (!where.found || where.at->second.now.version != version) return false;
  if (!where.at->second.now.value)
    image_->set_record(where, key, {version, true, image_->access_clock, shared_bytes::copy(value)});
  return true;
}

caf::expected<bool> memory_store::evict(std::string_view key) {
  std::unique_lock lock{image_->mutex};
  if (is_replica()) return make_error(errc::wrong_role, "a replica never evicts");
  auto where = image_->look_up(key);
  if (!where.found) return false;
  const auto& old = where.at->second.now;
  if (!old.value || old.version > floor()) return false;
  image_->set_record(where, key, {old.version, true, old.last_access, {}});
  return true;
}

caf::expected<void> memory_store::set_horizon(index_t horizon) {
  std::unique_lock lock{image_->mutex};
  if (auto error = check_horizon(image_->state, horizon)) return error;
  if (horizon <= image_->state.horizon) return {};
  image_->state.horizon = horizon;
  image_->commit();
  return {};
}

caf::expected<std::unique_ptr<store_export>> memory_store::open_export(instance_role reader) const {
  std::shared_lock lock{image_->mutex};
  if (!is_replica()) return make_error(errc::wrong_role, "a proxy cannot give a full copy");
  return std::unique_ptr<store_export>{std::make_unique<memory_export>(*image_, reader)};
}

caf::expected<import_progress> memory_store::import_state() const {
  std::shared_lock lock{image_->mutex};
  return progress_of(image_->import);
}

caf::expected<void> memory_store::begin_import(const snapshot_header& header) {
  std::unique_lock lock{image_->mutex};
  if (auto error = check_import_start(image_->state, image_->import, header)) return error;
  if (!image_->import) image_->import = import_record{header, 0, {}};
  return {};
}

caf::expected<void> memory_store::import(const std::vector<snapshot_record>& records) {
  std::unique_lock lock{image_->mutex};
  if (!image_->import) return make_error(errc::invalid, "no import is under way");
  for (const auto& record : records) {
    auto fresh = count_import(*image_->import, record);
    if (!fresh) return fresh.error();
    if (!*fresh) continue;
    auto value = is_replica() ? shared_bytes::copy(record.value) : shared_bytes{};
    image_->keys[record.key].now = {record.version, true, 0, std::move(value)};
  }
  return {};
}

caf::expected<void> memory_store::finish_import() {
  std::unique_lock lock{image_->mutex};
  if (!image_->import) return make_error(errc::invalid, "no import is under way");
  if (auto error = check_import_end(*image_->import)) return error;
  image_->state = state_after(*image_->import, image_->state.role);
  image_->import.reset();
  stamp_samples samples;
  samples.note({image_->state.applied.index, image_->state.stamp}, window_.span);
  image_->samples = std::make_shared<const stamp_samples>(std::move(samples));
  image_->commit();
  return {};
}

} // namespace argentum::storage
