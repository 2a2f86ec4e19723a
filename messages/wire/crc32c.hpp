// SPDX-License-Identifier: Apache-2.0
// CRC32C (Castagnoli), the checksum of frames: TCP's own is too weak for terabytes. Written here because no library
// that is linked exports one (RocksDB keeps its own private) and table-driven Boost.CRC, at 0.4 GB/s, would cost as
// much as all else on the receive path: the processor's instruction does 8 bytes at a time. Where it is missing,
// Boost.CRC serves.
#pragma once

#include <cstdint>
#include <string_view>

namespace argentum::wire {

/// As in RFC 3720, B.4. By the fastest way that this processor has.
std::uint32_t crc32c(std::string_view bytes) noexcept;

/// The same by Boost.CRC, on any processor.
std::uint32_t crc32c_portable(std::string_view bytes) noexcept;

} // namespace argentum::wire
