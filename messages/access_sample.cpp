// SPDX-License-Identifier: Apache-2.0
#include "messages/access_sample.hpp"

#include <xxhash.h>

namespace argentum {

std::uint64_t hash_of_key(std::string_view key) noexcept {
  return XXH3_64bits(key.data(), key.size());
}

} // namespace argentum
