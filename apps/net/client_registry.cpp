// SPDX-License-Identifier: Apache-2.0
#include "apps/net/client_registry.hpp"

#include <fmt/format.h>

namespace argentum::net {

std::string client_line(const client_card& card) {
  using std::chrono::duration_cast, std::chrono::seconds;
  auto now = std::chrono::steady_clock::now();
  auto age = duration_cast<seconds>(now - card.connected).count();
  auto idle = duration_cast<seconds>(now - card.last_active.load()).count();
  auto queued = card.multi.load();
  return fmt::format("id={} addr={} laddr={} name={} age={} idle={} flags={} db={} sub=0 psub=0 ssub=0 multi={} "
                     "cmd={} user=default redir=-1 resp={} lib-name={} lib-ver={}",
                     card.id, card.address, card.local_address, card.name.value(), age, idle,
                     queued < 0 ? "N" : "x", card.instance.load(), queued, card.last_command.load(),
                     card.protocol.load(), card.library.value(), card.library_version.value());
}

} // namespace argentum::net
