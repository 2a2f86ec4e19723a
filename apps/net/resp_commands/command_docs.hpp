// SPDX-License-Identifier: Apache-2.0
// What COMMAND DOCS says, and redis-cli shows while one types.
#pragma once

#include <string_view>

namespace argentum::net {

struct command_doc {
  std::string_view name;
  std::string_view group;
  std::string_view since; ///< version of Redis; of Argentum for commands of our own
  std::string_view summary;
};

/// Null if there is none.
const command_doc* doc_of(std::string_view name) noexcept;

} // namespace argentum::net
