// SPDX-License-Identifier: Apache-2.0
#include "messages/types.hpp"

#include <fmt/format.h>

namespace argentum {

std::string to_string(const instance_id& id) {
  return fmt::format("{:016x}{:016x}", id.high, id.low);
}

std::string to_string(const position& where) {
  return fmt::format("{}/{}/{:016x}", where.epoch, where.index, where.chain);
}

const char* to_string(instance_role role) noexcept {
  return role == instance_role::proxy ? "proxy" : "replica";
}

const char* to_string(node_role role) noexcept {
  switch (role) {
  case node_role::root: return "root";
  case node_role::intermediate: return "intermediate";
  case node_role::leaf: return "leaf";
  }
  return "unknown";
}

} // namespace argentum
