// SPDX-License-Identifier: Apache-2.0
#include "messages/wire/compression.hpp"

#include <zstd.h>

#include <memory>

namespace argentum::wire {

namespace {

constexpr int level = 1;

struct free_context {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

} // namespace

bool compress(std::string_view raw, std::string& out) {
  thread_local std::unique_ptr<ZSTD_CCtx, free_context> context{ZSTD_createCCtx()};
  if (!context || raw.empty()) return false;
  out.resize(raw.size() - 1); // less room than the input: zstd stops when it would not become smaller
  auto size = ZSTD_compressCCtx(context.get(), out.data(), out.size(), raw.data(), raw.size(), level);
  if (ZSTD_isError(size) != 0) return false;
  out.resize(size);
  return true;
}

caf::expected<std::string> decompress(std::string_view packed, std::size_t raw_bytes) {
  thread_local std::unique_ptr<ZSTD_DCtx, free_context> context{ZSTD_createDCtx()};
  if (!context) return make_error(errc::overloaded, "no memory for zstd");
  std::string raw(raw_bytes, '\0');
  auto size = ZSTD_decompressDCtx(context.get(), raw.data(), raw.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0 || size != raw_bytes) return make_error(errc::corrupt, "compressed data is damaged");
  return raw;
}

} // namespace argentum::wire
