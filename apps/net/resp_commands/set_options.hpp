// SPDX-License-Identifier: Apache-2.0
// What may stand behind SET key value.
#pragma once

#include "apps/net/command.hpp"

namespace argentum::net {

struct set_options {
  put_when when = put_when::always;
  bool answer_old = false;
};

/// Of the arguments from the fourth on; answers with an error and returns false if they are wrong, or make the key
/// expire, which no key does here.
bool parse_set_options(command_call& call, set_options& options);

} // namespace argentum::net
