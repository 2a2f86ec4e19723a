// SPDX-License-Identifier: Apache-2.0
// How payloads stand in a byte stream:
//
//   u32 payload length | u32 CRC32C of the payload | payload        (numbers little endian)
//
// A length of 0 (no message is empty, and a run of zeros must not pass as frames) or above limits::frame_bytes_max
// and a wrong checksum mean that the two sides are out of step or the bytes are damaged; there is no way to find
// the next frame, so the link must be closed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace argentum::wire {

inline constexpr std::size_t frame_header_bytes = 8;

/// Makes a frame of a string that holds the payload after frame_header_bytes of room: see encode.
void seal_frame(std::string& frame) noexcept;

/// Cuts a stream into payloads. Holds one buffer, which grows to the frame that is being read, never beyond it
/// (an announced length alone reserves at most `trusted_bytes`), and shrinks again afterwards. Not thread-safe.
class frame_reader {
 public:
  /// Bytes read at a time, and what an idle reader keeps.
  static constexpr std::size_t buffer_bytes = 64 * 1024;
  /// Above this, memory is reserved as bytes arrive, not as they are announced.
  static constexpr std::size_t trusted_bytes = 2 * 1024 * 1024;

  /// Where the next bytes of the stream go; never empty. Ends the life of the last payload.
  std::span<char> prepare();
  /// The first `count` bytes of what `prepare` gave are filled.
  void commit(std::size_t count) noexcept { end_ += count; }

  enum class step {
    more,    ///< no whole frame is there
    frame,   ///< `payload` is set; it lives until `prepare`
    corrupt, ///< for good
  };
  step next(std::string_view& payload) noexcept;

 private:
  std::size_t frame_bytes() const noexcept; // header included; 0 while unknown
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0; // first byte not yet given out
  std::size_t end_ = 0;
};

} // namespace argentum::wire
