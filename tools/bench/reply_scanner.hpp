// SPDX-License-Identifier: Apache-2.0
// Counts the replies in a byte stream without keeping them: all that a load generator wants to know. Understands
// simple strings, errors, integers and bulk strings (RESP2), which are all that its commands are answered with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace argentum::bench {

/// One connection's stream, in pieces of any size.
class reply_scanner {
 public:
  /// The number of replies that end in these bytes. Throws if it is no such reply.
  std::size_t scan(std::string_view bytes);

  std::uint64_t nulls() const noexcept { return nulls_; }
  std::uint64_t errors() const noexcept { return errors_; }
  const std::string& first_error() const noexcept { return first_error_; }

 private:
  /// True if the reply ends with its first line.
  bool end_of_line();

  std::string line_;     ///< the first line of a reply, as far as it has come
  std::size_t skip_ = 0; ///< bytes of a bulk string that are still to come, with its line end
  std::uint64_t nulls_ = 0;
  std::uint64_t errors_ = 0;
  std::string first_error_;
};

} // namespace argentum::bench
