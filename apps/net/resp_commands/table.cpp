// SPDX-License-Identifier: Apache-2.0
#include "apps/net/resp_commands/groups.hpp"

namespace argentum::net {

const command_table& client_commands() {
  static const command_table table{connection_commands(), introspection_commands(), read_commands(),
                                   scan_commands(),       write_commands(),         info_commands(),
                                   own_commands()};
  return table;
}

const command_table& admin_commands() {
  static const command_table table{connection_commands(), introspection_commands(), read_commands(),
                                   scan_commands(),       write_commands(),         info_commands(),
                                   own_commands(),        operator_commands()};
  return table;
}

} // namespace argentum::net
