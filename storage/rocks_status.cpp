// SPDX-License-Identifier: Apache-2.0
#include "storage/rocks_status.hpp"

#include <fmt/format.h>

namespace argentum::storage {

namespace {

errc code_of_status(const rocksdb::Status& status) {
  if (status.IsNoSpace() || (status.IsIOError() && status.subcode() == rocksdb::Status::kSpaceLimit))
    return errc::disk_full;
  if (status.IsCorruption() || status.IsNotFound()) return errc::corrupt;
  if (status.IsInvalidArgument() || status.IsNotSupported()) return errc::invalid;
  if (status.IsBusy() || status.IsTryAgain()) return errc::busy;
  return errc::io_failed;
}

} // namespace

caf::error to_error(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return {};
  return make_error(code_of_status(status), fmt::format("cannot {}: {}", doing, status.ToString()));
}

caf::error corrupt_bytes(std::string_view what) {
  return make_error(errc::corrupt, fmt::format("{} cannot be understood", what));
}

} // namespace argentum::storage
