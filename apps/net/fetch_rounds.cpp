// SPDX-License-Identifier: Apache-2.0
#include "apps/net/fetch_rounds.hpp"

#include "messages/limits.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <iterator>

namespace argentum::net {

void fetch_rounds::ask() {
  auto count = std::min(whole_.items.size() - asked_, limits::fetch_round_max);
  auto first = whole_.items.begin() + static_cast<std::ptrdiff_t>(asked_);
  std::vector<fetch_command::item> items{std::make_move_iterator(first),
                                         std::make_move_iterator(first + static_cast<std::ptrdiff_t>(count))};
  asked_ += count;
  reply_to<std::vector<std::string>> reply{
      [self = shared_from_this()](caf::expected<std::vector<std::string>> part) { self->take(part); }};
  caf::anon_send(from_, fetch_command{std::move(items), whole_.source, std::move(reply), whole_.bytes_max - bytes_,
                                      whole_.scan});
}

void fetch_rounds::take(caf::expected<std::vector<std::string>>& part) {
  if (!part) return whole_.reply.deliver(part.error());
  std::size_t more = 0;
  for (const auto& each : *part) more += each.size();
  bytes_ += more;
  *held_ += more;
  std::move(part->begin(), part->end(), std::back_inserter(values_));
  if (asked_ == whole_.items.size()) return whole_.reply.deliver(std::move(values_));
  if (whole_.reply.abandoned()) return;
  if (*held_ > limits::fetched_bytes_max)
    return whole_.reply.deliver(make_error(errc::overloaded, "too many values wait for others"));
  ask();
}

} // namespace argentum::net
