// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_view.hpp"

#include "storage/digest.hpp"
#include "storage/log_rules.hpp"

#include <algorithm>
#include <iterator>
#include <mutex>

namespace argentum::storage {

namespace {

read_answer answer_of(const memory_record* record) {
  if (record == nullptr || !record->live) return {read_status::absent, 0};
  return {record->value ? read_status::found : read_status::evicted, record->version};
}

/// Tells the image that the value was read.
void touch(const memory_image& image, const memory_record& record) {
  std::atomic_ref{record.last_access}.store(image.access_clock, std::memory_order_relaxed);
}

lookup_answer past_answer(const memory_record& record) {
  if (!record.live) return {lookup_status::absent, 0, {}};
  return {lookup_status::found, record.version, std::string{*record.value}};
}

/// Reads all at once, since an image has no snapshots.
class whole_read final : public multi_read {
 public:
  explicit whole_read(std::vector<read_record> all) : all_(std::move(all)) {}

  caf::expected<void> next(std::size_t keys_max, std::vector<read_record>& out) override {
    auto begin = all_.begin() + static_cast<std::ptrdiff_t>(read_);
    read_ = std::min(read_ + keys_max, all_.size());
    auto end = all_.begin() + static_cast<std::ptrdiff_t>(read_);
    out.assign(std::make_move_iterator(begin), std::make_move_iterator(end));
    return {};
  }

 private:
  std::vector<read_record> all_;
  std::size_t read_ = 0;
};

} // namespace

index_t memory_view::applied() const noexcept {
  std::shared_lock lock{image_->mutex};
  return image_->state.applied.index;
}

index_t memory_view::horizon() const noexcept {
  std::shared_lock lock{image_->mutex};
  return image_->state.horizon;
}

std::uint64_t memory_view::key_count() const noexcept {
  std::shared_lock lock{image_->mutex};
  return image_->state.key_count;
}

caf::expected<read_answer> memory_view::get(std::string_view key, std::string& value) const {
  std::shared_lock lock{image_->mutex};
  const auto* record = image_->find(key);
  auto answer = answer_of(record);
  if (answer.status != read_status::found) return answer;
  value = *record->value;
  touch(*image_, *record);
  return answer;
}

caf::expected<index_t> memory_view::multi_get(std::span<const std::string_view> keys, std::size_t bytes_max,
                                              std::vector<read_record>& out) const {
  std::shared_lock lock{image_->mutex};
  out.clear();
  std::size_t bytes = 0;
  for (auto key : keys) {
    const auto* record = image_->find(key);
    auto& item = out.emplace_back(read_record{{}, answer_of(record), {}});
    if (item.answer.status != read_status::found) continue;
    item.value = *record->value;
    touch(*image_, *record);
    bytes += item.value.size();
    if (bytes > bytes_max) return make_error(errc::too_large, "values of one read");
  }
  return image_->state.applied.index;
}

caf::expected<std::unique_ptr<multi_read>> memory_view::begin_multi_get(std::span<const std::string_view> keys,
                                                                        std::size_t bytes_max) const {
  std::vector<read_record> all;
  if (auto index = multi_get(keys, bytes_max, all); !index) return index.error();
  return std::unique_ptr<multi_read>{std::make_unique<whole_read>(std::move(all))};
}

caf::expected<lookup_answer> memory_view::read_at(std::string_view key, index_t at) const {
  std::shared_lock lock{image_->mutex};
  const auto& state = image_->state;
  if (at > state.applied.index) return lookup_answer{lookup_status::behind, state.applied.index, {}};
  return state.role == instance_role::replica ? replica_read_at(key, at) : proxy_read_at(key, at);
}

lookup_answer memory_view::replica_read_at(std::string_view key, index_t at) const {
  auto found = image_->keys.find(key);
  const auto* now = found == image_->keys.end() ? nullptr : &found->second.now;
  if (now != nullptr && now->version <= at && now->live) return past_answer(*now);
  if (at < image_->state.horizon) return {lookup_status::pruned, image_->state.horizon, {}};
  if (now == nullptr || now->version <= at) return {};
  const auto& past = found->second.past;
  auto after = std::upper_bound(past.begin(), past.end(), at,
                                [](index_t index, const memory_record& each) { return index < each.version; });
  return after == past.begin() ? lookup_answer{} : past_answer(*std::prev(after));
}

lookup_answer memory_view::proxy_read_at(std::string_view key, index_t at) const {
  const auto* record = image_->find(key);
  if (record == nullptr && at == image_->state.applied.index) return {};
  if (record != nullptr && record->version <= at && record->value) return past_answer(*record);
  return {lookup_status::pruned, image_->state.applied.index, {}};
}

caf::expected<position_check> memory_view::check(const position& from) const {
  std::shared_lock lock{image_->mutex};
  const auto& state = image_->state;
  return judge_position(from, state, [&](index_t index) -> caf::expected<position> {
    return image_->log[index - state.log_base.index - 1].at;
  });
}

caf::expected<index_t> memory_view::page(const page_request& request, std::vector<read_record>& out) const {
  std::shared_lock lock{image_->mutex};
  out.clear();
  std::size_t bytes = 0;
  const auto& keys = image_->keys;
  for (auto it = request.from_start ? keys.begin() : keys.upper_bound(request.after);
       it != keys.end() && out.size() < request.limit && bytes < request.bytes_max; ++it) {
    if (!request.until.empty() && it->first >= request.until) break;
    const auto& now = it->second.now;
    if (!now.live) continue;
    auto& item = out.emplace_back(read_record{it->first, answer_of(&now), {}});
    if (request.with_values && now.value) item.value = *now.value;
    bytes += item.key.size() + item.value.size();
  }
  return image_->state.applied.index;
}

caf::expected<store_digest> memory_view::digest(const stop_check& stop) const {
  std::shared_lock lock{image_->mutex};
  digester sum;
  for (const auto& [key, what] : image_->keys) {
    if (!what.now.live) continue;
    if (stop && stop()) return digest_stopped();
    std::optional<std::string_view> value;
    if (what.now.value) value = *what.now.value;
    sum.add(key, what.now.version, value);
  }
  return sum.finish(image_->state.applied.index);
}

} // namespace argentum::storage
