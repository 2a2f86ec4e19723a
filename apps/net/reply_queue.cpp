// SPDX-License-Identifier: Apache-2.0
#include "apps/net/reply_queue.hpp"

#include <utility>

namespace argentum::net {

std::uint64_t reply_queue::open(wait_kind kind, std::size_t written_bytes) {
  if (!slots_.empty()) held_ += slots_.back().after.size();
  slots_.push_back({kind, written_bytes, false, {}, {}});
  written_bytes_ += written_bytes;
  ++waiting(kind);
  return first_ + slots_.size() - 1;
}

void reply_queue::fill(std::uint64_t number, std::string reply) {
  auto& filled = slots_[number - first_];
  --waiting(filled.kind);
  written_bytes_ -= filled.written_bytes;
  held_ += reply.size();
  filled.reply = std::move(reply);
  filled.filled = true;
  while (!slots_.empty() && slots_.front().filled) {
    auto& front = slots_.front();
    held_ -= front.reply.size();
    if (slots_.size() > 1) held_ -= front.after.size();
    if (ready_.empty())
      ready_ = std::move(front.reply);
    else
      ready_ += front.reply;
    ready_ += front.after;
    slots_.pop_front();
    ++first_;
  }
}

bool reply_queue::may_run(run_rule rule) const noexcept {
  if (waiting(wait_kind::barrier) > 0 || waits_for_index()) return false;
  switch (rule) {
  case run_rule::after_writes: return waiting(wait_kind::write) == 0;
  case run_rule::any: return true;
  case run_rule::alone: return waiting() == 0;
  }
  return false;
}

std::size_t reply_queue::bytes() const noexcept {
  return ready_.size() + held_ + (slots_.empty() ? 0 : slots_.back().after.size());
}

} // namespace argentum::net
