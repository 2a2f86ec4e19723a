// SPDX-License-Identifier: Apache-2.0
#include "storage/store_rules.hpp"

#include <fmt/format.h>

namespace argentum::storage {

caf::error check_adoption(const store_state& state, instance_id id) {
  if (!id.known()) return make_error(errc::invalid, "an instance id is never all zero");
  if (state.id.known() && state.id != id)
    return make_error(errc::wrong_instance,
                      fmt::format("this is instance {}, not {}", to_string(state.id), to_string(id)));
  return {};
}

caf::error check_mutation(const known_record& old, mutation_kind kind, index_t version) {
  if (old.exists && old.version >= version)
    return make_error(errc::corrupt, fmt::format("entry {} changes one key twice", version));
  if (old.live == (kind == mutation_kind::create))
    return make_error(errc::diverged,
                      fmt::format("entry {} {} a key that is {} here", version, old.live ? "creates" : "changes",
                                  old.live ? "present" : "absent"));
  return {};
}

caf::error check_import_start(const store_state& state, const std::optional<import_record>& running,
                              const snapshot_header& header) {
  if (state.applied.index != 0) return make_error(errc::invalid, "an import needs an empty store");
  if (header.at.index == 0) return make_error(errc::invalid, "a snapshot of nothing cannot be imported");
  if (running && running->header != header)
    return make_error(errc::invalid, fmt::format("the import of index {} is under way", running->header.at.index));
  return check_adoption(state, header.id);
}

caf::expected<bool> count_import(import_record& import, const snapshot_record& record) {
  if (import.count > 0 && record.key == import.last_key) return false;
  if (import.count > 0 && record.key < import.last_key)
    return make_error(errc::corrupt, "snapshot keys are not in order");
  if (record.version == 0 || record.version > import.header.at.index)
    return make_error(errc::corrupt,
                      fmt::format("snapshot of index {} holds version {}", import.header.at.index, record.version));
  import.last_key = record.key;
  ++import.count;
  return true;
}

caf::error check_import_end(const import_record& import) {
  if (import.count == import.header.key_count) return {};
  return make_error(errc::corrupt, fmt::format("snapshot holds {} keys, its header says {}", import.count,
                                               import.header.key_count));
}

import_progress progress_of(const std::optional<import_record>& running) {
  if (!running) return {};
  return {running->header.at.index, running->last_key};
}

caf::error check_horizon(const store_state& state, index_t horizon) {
  if (state.role != instance_role::replica) return make_error(errc::wrong_role, "a proxy has no history");
  if (horizon > state.applied.index)
    return make_error(errc::invalid,
                      fmt::format("horizon {} is above the position {}", horizon, state.applied.index));
  return {};
}

} // namespace argentum::storage
