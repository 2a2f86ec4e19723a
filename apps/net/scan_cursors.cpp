// SPDX-License-Identifier: Apache-2.0
#include "apps/net/scan_cursors.hpp"

namespace argentum::net {

std::uint64_t scan_cursors::add(std::size_t instance, std::string last_key, std::uint64_t previous) {
  std::lock_guard lock{mutex_};
  places_.emplace_hint(places_.end(), ++last_, place{instance, std::move(last_key), previous});
  if (places_.size() > count_max_) {
    places_.erase(places_.begin());
    dropped_.add();
  }
  return last_;
}

std::optional<std::string> scan_cursors::use(std::size_t instance, std::uint64_t cursor) {
  std::lock_guard lock{mutex_};
  auto found = places_.find(cursor);
  if (found == places_.end() || found->second.instance != instance) return std::nullopt;
  places_.erase(found->second.previous);
  return found->second.last_key;
}

std::size_t scan_cursors::size() const {
  std::lock_guard lock{mutex_};
  return places_.size();
}

} // namespace argentum::net
