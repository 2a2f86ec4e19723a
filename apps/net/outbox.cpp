// SPDX-License-Identifier: Apache-2.0
#include "apps/net/outbox.hpp"

namespace argentum::net {

void outbox::push(std::string frame) {
  queued_bytes_ += frame.size();
  if (!queue_.empty() && queue_.back().size() + frame.size() <= joined_bytes)
    queue_.back() += frame;
  else
    queue_.push_back(std::move(frame));
}

std::vector<std::string> outbox::take() {
  std::vector<std::string> taken;
  std::size_t bytes = 0;
  while (!queue_.empty() && (taken.empty() || bytes + queue_.front().size() <= write_bytes)) {
    bytes += queue_.front().size();
    taken.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queued_bytes_ -= bytes;
  writing_bytes_ = bytes;
  return taken;
}

void outbox::clear() noexcept {
  queue_.clear();
  queued_bytes_ = 0;
}

} // namespace argentum::net
