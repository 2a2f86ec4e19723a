// SPDX-License-Identifier: Apache-2.0
#include "apps/net/client_registry.hpp"

#include <fmt/format.h>

namespace argentum::net {

std::string client_line(const client_card& card) {
  using std::chrono::duration_cast, std::chrono::seconds;
  auto now = std::chrono::steady_clock::now();
  auto age = duration_cast<seconds>(now - card.connected).count();
  auto idle = duration_cast<seconds>(now - card.last_active.load()).count();
  return fmt::format("id={} addr={} laddr={} name={} age={} idle={} flags=N db={} cmd={} user=default lib-name={} "
                     "lib-ver={} resp={}",
                     card.id, card.address, card.local_address, card.name.value(), age, idle, card.instance.load(),
                     card.last_command.load(), card.library.value(), card.library_version.value(),
                     card.protocol.load());
}

} // namespace argentum::net
