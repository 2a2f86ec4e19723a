// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_home.hpp"

#include "storage/memory_store.hpp"

#include <mutex>

namespace argentum::storage {

void memory_disk::crash() {
  for (const auto& image : {current_, next_}) {
    if (!image) continue;
    std::unique_lock lock{image->mutex};
    image->crash();
  }
}

memory_home::memory_home(std::shared_ptr<memory_disk> disk, instance_role role, window_limits window,
                         std::chrono::microseconds history)
    : disk_(std::move(disk)), role_(role), window_(window), history_(history) {}

caf::expected<std::unique_ptr<store>> memory_home::open(std::shared_ptr<memory_image>& image) {
  if (!image) {
    image = std::make_shared<memory_image>();
    image->state.role = role_;
    image->pool = disk_->pool_;
  }
  {
    std::unique_lock lock{image->mutex};
    image->commit(); // a restart without a crash: the operating system has written everything
  }
  return std::unique_ptr<store>{std::make_unique<memory_store>(image, window_, history_)};
}

caf::expected<std::unique_ptr<store>> memory_home::open_current() {
  return open(disk_->current_);
}

caf::expected<std::unique_ptr<store>> memory_home::open_next() {
  auto& next = disk_->next_;
  if (next && (!next->import || next->state.role != role_)) next.reset();
  return open(next);
}

caf::expected<void> memory_home::discard_next() {
  disk_->next_.reset();
  return {};
}

caf::expected<void> memory_home::promote_next() {
  if (!disk_->next_) return make_error(errc::invalid, "there is no next store");
  disk_->current_ = std::move(disk_->next_);
  disk_->next_.reset();
  return {};
}

} // namespace argentum::storage
