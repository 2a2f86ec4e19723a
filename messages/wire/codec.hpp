// SPDX-License-Identifier: Apache-2.0
// Messages to bytes and back: the only place that knows Protobuf. Thread-safe; contexts are kept per thread.
#pragma once

#include "messages/error.hpp"
#include "messages/peer_message.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace argentum::wire {

/// The envelope of one message, after `room` unused bytes for a frame header (see seal_frame). Lists above
/// limits::compress_bytes_min are compressed if `compress` is set and it makes them smaller. Asks of the message:
/// an entry_batch holds consecutive records, at least one. Long reasons are cut. The result may be longer than a
/// frame can be: whoever frames it must look.
std::string encode(const peer_message& message, bool compress, std::size_t room = 0);

/// errc::corrupt if a field is out of its range or the whole makes no sense; never reserves more memory than the
/// bytes carry or limits::frame_bytes_max. A kind of a newer protocol gives unknown_message.
caf::expected<peer_message> decode(std::string_view bytes);

} // namespace argentum::wire
