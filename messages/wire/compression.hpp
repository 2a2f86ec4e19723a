// SPDX-License-Identifier: Apache-2.0
// zstd over whole blobs, with one context a thread: making one costs more than compressing a small batch.
#pragma once

#include "messages/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace argentum::wire {

/// Level 1: on keys and values as they are, higher levels gain a tenth and cost a multiple. False, and `out`
/// unspecified, if the result would not be smaller.
bool compress(std::string_view raw, std::string& out);

/// errc::corrupt unless `packed` is one zstd frame of exactly `raw_bytes`. The caller bounds raw_bytes.
caf::expected<std::string> decompress(std::string_view packed, std::size_t raw_bytes);

} // namespace argentum::wire
