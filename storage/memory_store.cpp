// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_store.hpp"

#include "storage/log_rules.hpp"
#include "storage/memory_export.hpp"
#include "storage/memory_view.hpp"
#include "storage/store_rules.hpp"

#include <mutex>

namespace argentum::storage {

memory_store::memory_store(std::shared_ptr<memory_image> image, window_limits limits)
    : image_(std::move(image)),
      view_(std::make_shared<memory_view>(image_)),
      window_(limits, image_->state.applied.index, image_->state.stamp) {}

std::shared_ptr<const read_view> memory_store::view() const {
  return view_;
}

store_report memory_store::report() const {
  std::shared_lock lock{image_->mutex};
  return report_of(image_->state, image_->durable);
}

caf::expected<void> memory_store::adopt(instance_id id) {
  std::unique_lock lock{image_->mutex};
  if (auto error = check_adoption(image_->state, id)) return error;
  if (image_->state.id == id) return {};
  image_->state.id = id;
  image_->commit();
  return {};
}

caf::expected<void> memory_store::apply(const std::vector<log_record>& records, bool sync) {
  std::unique_lock lock{image_->mutex};
  if (image_->import) return make_error(errc::busy, "an import is under way");
  auto run = check_run(image_->state, records);
  if (!run) return run.error();
  auto mark = image_->unsynced.size();
  for (const auto& mutation : run->mutations)
    if (auto error = change(mutation)) {
      image_->roll_back(mark);
      return error;
    }
  auto next = image_->state;
  next.applied = run->applied;
  next.stamp = run->stamp;
  next.key_count = run->key_count;
  if (!is_replica()) next.log_base = next.applied;
  if (!is_replica()) next.horizon = next.applied.index;
  for (const auto& record : records) {
    if (is_replica())
      append_log(record);
    else
      window_.note(record.index, entry_reader{record.bytes}.head()->stamp);
  }
  image_->set_state(next);
  if (sync) image_->commit();
  return {};
}

caf::error memory_store::change(const versioned_mutation& mutation) {
  const auto& what = mutation.what;
  bool live = what.kind != mutation_kind::remove;
  memory_record now{mutation.version, live, live ? std::make_shared<const std::string>(what.value) : nullptr};
  if (!is_replica()) {
    image_->set_record(what.key, live ? &now : nullptr);
    return {};
  }
  const auto* old = image_->find(what.key);
  known_record known;
  if (old != nullptr) known = {true, old->live, old->version};
  if (auto error = check_mutation(known, what.kind, mutation.version)) return error;
  if (old != nullptr) {
    auto valid_until = mutation.version - 1;
    image_->history[std::string{what.key}].emplace(valid_until, *old);
    image_->unsynced.push_back(
        [key = std::string{what.key}, valid_until](memory_image& image) { image.history[key].erase(valid_until); });
  }
  image_->set_record(what.key, &now);
  return {};
}

void memory_store::append_log(const log_record& record) {
  auto& log = image_->log;
  auto head = *entry_reader{record.bytes}.head();
  auto before = log.empty() ? 0 : log.back().bytes_before + log.back().record.bytes.size();
  log.push_back({record, head.epoch, head.stamp, before});
  image_->unsynced.push_back([](memory_image& image) { image.log.pop_back(); });
}

const memory_log_item& memory_store::logged(index_t index) const {
  return image_->log[index - image_->state.log_base.index - 1];
}

caf::expected<void> memory_store::sync() {
  std::unique_lock lock{image_->mutex};
  if (image_->durable != image_->state.applied.index) image_->commit(); // fills alone are not worth it, as on disk
  return {};
}

caf::expected<position_check> memory_store::check(const position& from) const {
  std::shared_lock lock{image_->mutex};
  return judge_position(from, image_->state, [this](index_t index) -> caf::expected<position> {
    const auto& item = logged(index);
    return position{item.epoch, index, item.record.chain};
  });
}

caf::expected<record_run> memory_store::read_log(index_t after, std::size_t bytes_max) const {
  std::shared_lock lock{image_->mutex};
  if (auto error = check_log_start(image_->state, after)) return error;
  auto head = image_->state.applied.index;
  if (after == head) return record_run{};
  auto run = std::make_shared<std::vector<log_record>>();
  std::size_t bytes = 0;
  for (auto index = after + 1; index <= head && (run->empty() || bytes < bytes_max); ++index) {
    run->push_back(logged(index).record);
    bytes += run->back().bytes.size();
  }
  return record_run{std::move(run)};
}

caf::expected<void> memory_store::truncate_log(const log_retention& keep, index_t keep_after) {
  std::unique_lock lock{image_->mutex};
  auto& state = image_->state;
  if (state.log_base == state.applied) return {};
  const auto& last = image_->log.back();
  auto end = last.bytes_before + last.record.bytes.size();
  auto bytes_after = [&](index_t index) -> caf::expected<std::uint64_t> {
    return index == state.applied.index ? 0 : end - logged(index + 1).bytes_before;
  };
  auto stamp_of = [this](index_t index) -> caf::expected<stamp_t> { return logged(index).stamp; };
  auto cut = find_cut(state, keep, keep_after, {stamp_of, bytes_after});
  if (!cut) return cut.error();
  if (*cut == state.log_base.index) return {};
  const auto& item = logged(*cut);
  position base{item.epoch, *cut, item.record.chain};
  image_->log.erase(image_->log.begin(), image_->log.begin() + static_cast<long>(*cut - state.log_base.index));
  state.log_base = base;
  image_->commit();
  return {};
}

caf::expected<bool> memory_store::fill(std::string_view key, index_t version, std::string_view value) {
  std::unique_lock lock{image_->mutex};
  if (is_replica()) return make_error(errc::wrong_role, "a replica is never filled");
  const auto* old = image_->find(key);
  if (old == nullptr || old->version != version) return false;
  if (old->value) return true;
  memory_record now{version, true, std::make_shared<const std::string>(value)};
  image_->set_record(key, &now);
  return true;
}

caf::expected<bool> memory_store::evict(std::string_view key) {
  std::unique_lock lock{image_->mutex};
  if (is_replica()) return make_error(errc::wrong_role, "a replica never evicts");
  const auto* old = image_->find(key);
  if (old == nullptr || !old->value || window_.inside(old->version)) return false;
  memory_record now{old->version, true, nullptr};
  image_->set_record(key, &now);
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
    auto value = is_replica() ? std::make_shared<const std::string>(record.value) : nullptr;
    image_->records.insert_or_assign(record.key, memory_record{record.version, true, std::move(value)});
  }
  return {};
}

caf::expected<void> memory_store::finish_import() {
  std::unique_lock lock{image_->mutex};
  if (!image_->import) return make_error(errc::invalid, "no import is under way");
  if (auto error = check_import_end(*image_->import)) return error;
  image_->state = state_after(*image_->import, image_->state.role);
  image_->import.reset();
  window_ = window{window_.limits(), image_->state.applied.index, image_->state.stamp};
  image_->commit();
  return {};
}

} // namespace argentum::storage
