// SPDX-License-Identifier: Apache-2.0
// Names the data that something was read from. Versions mean a value only within one log, and a full copy that
// replaces a node's data may be of another log: so whoever asks for a value by its version says where it read that.
#pragma once

#include <memory>

namespace argentum {

/// The read view of those data: kept by nobody, only compared.
using data_source = std::weak_ptr<const void>;

inline bool same_source(const data_source& a, const data_source& b) noexcept {
  return !a.owner_before(b) && !b.owner_before(a);
}

} // namespace argentum
