// SPDX-License-Identifier: Apache-2.0
#include "apps/net/address.hpp"

#include <fmt/format.h>

#include <charconv>

namespace argentum::net {

caf::expected<address> parse_address(std::string_view text) {
  auto bad = [&] { return make_error(errc::invalid, fmt::format("\"{}\" is not host:port", text)); };
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad();
  auto host = text.substr(0, colon);
  auto digits = text.substr(colon + 1);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    return bad();
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (host.empty() || digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return bad();
  return address{std::string{host}, port};
}

} // namespace argentum::net
