// SPDX-License-Identifier: Apache-2.0
#include "messages/chain.hpp"

#include <xxhash.h>

namespace argentum {

chain_t extend_chain(chain_t before, std::string_view entry_bytes) noexcept {
  return XXH3_64bits_withSeed(entry_bytes.data(), entry_bytes.size(), before);
}

} // namespace argentum
