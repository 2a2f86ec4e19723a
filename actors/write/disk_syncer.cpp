// SPDX-License-Identifier: Apache-2.0
#include "actors/write/disk_syncer.hpp"

namespace argentum::actors {

syncer_port::behavior_type disk_syncer(syncer_port::stateful_pointer<syncer_state>) {
  return {[](const run_sync& m) -> caf::result<index_t> {
    if (auto error = m.work()) return error;
    return m.upto;
  }};
}

} // namespace argentum::actors
