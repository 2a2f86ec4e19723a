// SPDX-License-Identifier: Apache-2.0
// Replies, appended to one output string. In RESP2 the kinds that it lacks become the ones Redis sends instead: a
// map is a flat array, null a null bulk string, a double a bulk string, a verbatim text a bulk string.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace argentum::net {

class resp_writer {
 public:
  /// `protocol` is 2 or 3. `errors`, if any, counts the error replies.
  resp_writer(std::string& out, int protocol, std::uint64_t* errors = nullptr)
      : out_(out), protocol_(protocol), errors_(errors) {}

  int protocol() const noexcept { return protocol_; }

  void simple(std::string_view text);
  /// Code and text without the '-': "ERR syntax error". Line ends become spaces.
  void error(std::string_view text);
  void integer(std::int64_t value);
  void bulk(std::string_view bytes);
  void null();
  /// What Redis sends where an array would be.
  void null_array();
  /// A reply, or several, made before.
  void raw(std::string_view replies) { out_.append(replies); }
  void real(double value);
  /// Text for people (INFO): "txt" verbatim in RESP3.
  void text(std::string_view text);
  /// The caller appends `count` elements next; of a map, twice as many.
  void array(std::size_t count) { header('*', count); }
  void set(std::size_t count) { header(protocol_ == 3 ? '~' : '*', count); }
  void map(std::size_t count);

 private:
  void header(char kind, std::uint64_t count);

  std::string& out_;
  int protocol_;
  std::uint64_t* errors_;
};

} // namespace argentum::net
