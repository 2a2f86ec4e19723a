// SPDX-License-Identifier: Apache-2.0
#include "apps/net/resp_commands/groups.hpp"

namespace argentum::net {

namespace {

std::vector<std::span<const command_row>> client_groups() {
  return {connection_commands(),  client_group(),   introspection_commands(), config_commands(),
          read_commands(),        scan_commands(),  key_commands(),           write_commands(),
          transaction_commands(), flush_commands(), replication_commands(),   info_commands(),
          own_commands(),         range_commands()};
}

std::vector<std::span<const command_row>> admin_groups() {
  auto out = client_groups();
  out.push_back(operator_commands());
  return out;
}

} // namespace

const command_table& client_commands() {
  static const command_table table{client_groups()};
  return table;
}

const command_table& admin_commands() {
  static const command_table table{admin_groups()};
  return table;
}

} // namespace argentum::net
