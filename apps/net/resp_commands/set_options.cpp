// SPDX-License-Identifier: Apache-2.0
#include "apps/net/resp_commands/set_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace argentum::net {

namespace {

constexpr std::array expiring{"ex", "px", "exat", "pxat"};

bool expires(std::string_view option) {
  return std::any_of(expiring.begin(), expiring.end(), [&](auto* each) { return equal_nocase(each, option); });
}

} // namespace

bool parse_set_options(command_call& call, set_options& options) {
  bool keep_ttl = false;
  std::string_view expiry;
  for (std::size_t i = 3; i < call.args.size(); ++i) {
    auto option = call.args[i];
    if (equal_nocase(option, "nx") && options.when != put_when::present) {
      options.when = put_when::absent;
    } else if (equal_nocase(option, "xx") && options.when != put_when::absent) {
      options.when = put_when::present;
    } else if (equal_nocase(option, "get")) {
      options.answer_old = true;
    } else if (equal_nocase(option, "keepttl") && expiry.empty()) {
      keep_ttl = true;
    } else if (expires(option) && expiry.empty() && !keep_ttl && i + 1 < call.args.size()) {
      expiry = option;
      ++i;
    } else {
      call.fail("ERR syntax error");
      return false;
    }
  }
  if (expiry.empty()) return true;
  call.fail(fmt::format("ERR SET option '{}' is not supported: keys do not expire here", expiry));
  return false;
}

} // namespace argentum::net
