// SPDX-License-Identifier: Apache-2.0
// The one place where RocksDB's statuses become ours.
#pragma once

#include "messages/error.hpp"

#include <rocksdb/status.h>

#include <string_view>

namespace argentum::storage {

/// No error if ok. `doing` says what failed, for people: "cannot <doing>: ...".
caf::error to_error(const rocksdb::Status& status, std::string_view doing);

/// Stored bytes that RocksDB gave back unharmed make no sense to us.
caf::error corrupt_bytes(std::string_view what);

} // namespace argentum::storage
