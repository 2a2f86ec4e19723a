// SPDX-License-Identifier: Apache-2.0
#include "messages/wire/frame.hpp"

#include "messages/limits.hpp"
#include "messages/wire/crc32c.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <cstring>

namespace argentum::wire {

namespace {

std::uint32_t load_u32(const char* at) noexcept {
  return boost::endian::load_little_u32(reinterpret_cast<const unsigned char*>(at));
}

void store_u32(char* at, std::uint32_t value) noexcept {
  boost::endian::store_little_u32(reinterpret_cast<unsigned char*>(at), value);
}

} // namespace

static_assert(frame_reader::trusted_bytes >= 2 * limits::batch_bytes); // the usual large frame is read in one go

void seal_frame(std::string& frame) noexcept {
  auto payload = std::string_view{frame}.substr(frame_header_bytes);
  store_u32(frame.data(), static_cast<std::uint32_t>(payload.size()));
  store_u32(frame.data() + sizeof(std::uint32_t), crc32c(payload));
}

std::size_t frame_reader::frame_bytes() const noexcept {
  if (end_ - begin_ < frame_header_bytes) return 0;
  return frame_header_bytes + load_u32(buffer_.get() + begin_);
}

std::span<char> frame_reader::prepare() {
  auto pending = end_ - begin_;
  auto wanted = std::clamp(frame_bytes(), buffer_bytes, frame_header_bytes + limits::frame_bytes_max);
  auto capacity = std::max(buffer_bytes, std::min(wanted, std::max(trusted_bytes, 2 * pending)));
  bool shrink = pending == 0 && capacity_ > buffer_bytes;
  if (capacity_ < capacity || shrink) {
    auto grown = std::make_unique_for_overwrite<char[]>(capacity);
    if (pending > 0) std::memcpy(grown.get(), buffer_.get() + begin_, pending);
    buffer_ = std::move(grown);
    capacity_ = capacity;
    begin_ = 0;
  } else if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, pending);
    begin_ = 0;
  }
  end_ = pending;
  return {buffer_.get() + end_, capacity_ - end_};
}

frame_reader::step frame_reader::next(std::string_view& payload) noexcept {
  auto total = frame_bytes();
  if (total == 0) return step::more;
  auto length = total - frame_header_bytes;
  if (length == 0 || length > limits::frame_bytes_max) return step::corrupt;
  if (end_ - begin_ < total) return step::more;
  const char* frame = buffer_.get() + begin_;
  payload = {frame + frame_header_bytes, length};
  if (crc32c(payload) != load_u32(frame + sizeof(std::uint32_t))) return step::corrupt;
  begin_ += total;
  return step::frame;
}

} // namespace argentum::wire
