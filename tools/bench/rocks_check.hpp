// SPDX-License-Identifier: Apache-2.0
// Errors of the storage become exceptions here: a benchmark has nothing better to do with them.
#pragma once

#include "messages/error.hpp"

#include <rocksdb/status.h>

#include <stdexcept>

namespace argentum::bench {

inline void must(const rocksdb::Status& status) {
  if (!status.ok()) throw std::runtime_error{status.ToString()};
}
template <class T>
T must(caf::expected<T> result) {
  if (!result) throw std::runtime_error{describe(result.error())};
  return std::move(*result);
}
inline void must(caf::expected<void> result) {
  if (!result) throw std::runtime_error{describe(result.error())};
}

} // namespace argentum::bench
