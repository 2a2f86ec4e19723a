// SPDX-License-Identifier: Apache-2.0
#include "apps/net/write_gatherer.hpp"

#include <boost/asio/post.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace argentum::net {

write_gatherer::write_gatherer(boost::asio::execution_context& loop)
    : service(loop), loop_(static_cast<boost::asio::io_context&>(loop)) {}

void write_gatherer::send(const sequencer_port& to, write_command what) {
  if (waiting_.empty()) boost::asio::post(loop_, [this] { flush(); });
  auto place = std::find_if(waiting_.begin(), waiting_.end(), [&](const batch& each) { return each.to == to; });
  if (place == waiting_.end()) place = waiting_.insert(place, {to, {}});
  place->writes.push_back(std::move(what));
}

void write_gatherer::flush() {
  for (auto& each : std::exchange(waiting_, {})) caf::anon_send(each.to, write_batch{std::move(each.writes)});
}

} // namespace argentum::net
