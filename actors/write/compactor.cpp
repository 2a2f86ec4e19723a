// SPDX-License-Identifier: Apache-2.0
#include "actors/write/compactor.hpp"

namespace argentum::actors {

compactor_port::behavior_type compactor(compactor_port::stateful_pointer<compactor_state>) {
  return {[](const run_sweep& m) -> caf::result<sweep_outcome> { return m.work(); }};
}

} // namespace argentum::actors
