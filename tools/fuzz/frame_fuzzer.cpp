// SPDX-License-Identifier: Apache-2.0
// libFuzzer entry: the input is taken for a message and for a byte stream of frames. Whatever comes must give a
// message or an error, without a crash, a leak or a sanitizer's report; what decodes must survive another round.
#include "messages/wire/codec.hpp"
#include "messages/wire/frame.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

using namespace argentum;

namespace {

void as_message(std::string_view bytes) {
  auto decoded = wire::decode(bytes);
  if (!decoded) return;
  auto once = wire::encode(*decoded, true);
  auto again = wire::decode(once);
  if (!again || wire::encode(*again, true) != once) std::abort();
}

void as_stream(std::string_view bytes) {
  wire::frame_reader reader;
  std::string_view payload;
  auto got = wire::frame_reader::step::more;
  while (!bytes.empty() && got == wire::frame_reader::step::more) {
    auto room = reader.prepare();
    auto size = std::min({room.size(), bytes.size(), std::size_t{7}});
    std::memcpy(room.data(), bytes.data(), size);
    reader.commit(size);
    bytes.remove_prefix(size);
    while ((got = reader.next(payload)) == wire::frame_reader::step::frame) as_message(payload);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes{reinterpret_cast<const char*>(data), size};
  as_message(bytes);
  as_stream(bytes);
  return 0;
}
