// SPDX-License-Identifier: Apache-2.0
// Commands out of a byte stream: RESP arrays of bulk strings and inline commands, as Redis 7.0 reads them. The
// parser owns the read buffer, and the arguments it hands out are views into it, so a value is copied once from the
// socket and once more only into the write that stores it. It never allocates ahead of the bytes received, and
// never looks twice at a byte of a bulk string, however small the pieces it arrives in.
#pragma once

#include "messages/limits.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace argentum::net {

struct resp_limits {
  std::size_t args_max = limits::command_args_max;
  std::size_t bulk_bytes_max = limits::value_bytes_max + limits::mib; ///< above the largest value: it gets an ERR
  std::size_t command_bytes_max = limits::command_bytes_max;
  std::size_t inline_bytes_max = limits::inline_bytes_max;
};

enum class parse_status : std::uint8_t {
  need_more,
  command,
  malformed, ///< the stream is unusable from here on: say error() and close
};

class resp_parser {
 public:
  explicit resp_parser(resp_limits limits = {}) : limits_(limits) {}

  /// Room for the next bytes, at least `bytes_min`. Ends the life of all views handed out.
  std::span<char> prepare(std::size_t bytes_min);
  /// The first `n` bytes of the room were filled.
  void commit(std::size_t n) noexcept { end_ += n; }
  /// Convenience of tests: prepare, copy, commit.
  void feed(std::string_view bytes);

  /// The next command's arguments, never empty; views that live until prepare or release_idle.
  parse_status next(std::vector<std::string_view>& args);
  /// Text without "ERR", after malformed: "Protocol error: invalid bulk length".
  const std::string& error() const noexcept { return error_; }

  /// Bytes received and not yet part of a command handed out.
  std::size_t buffered() const noexcept { return end_ - begin_; }
  /// Memory held.
  std::size_t capacity() const noexcept { return capacity_; }
  /// Gives the buffer back if nothing is in it.
  void release_idle() noexcept;

 private:
  struct piece {
    std::size_t offset; ///< from begin_
    std::size_t size;
  };

  parse_status next_inline(std::vector<std::string_view>& args);
  parse_status next_array(std::vector<std::string_view>& args);
  parse_status read_array_header();
  parse_status read_bulk_header();
  parse_status fail(std::string text);
  /// The text up to the next CR, at `cursor_`; also skips the LF. False if it is not all here.
  bool take_line(std::string_view& line);
  void finish_command(std::size_t length) noexcept;

  resp_limits limits_;
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;   ///< start of the command being read
  std::size_t end_ = 0;     ///< end of what was received
  std::size_t cursor_ = 0;  ///< from begin_: what was parsed of this command
  std::size_t scanned_ = 0; ///< from begin_: no line end before this
  std::size_t args_left_ = 0;
  bool in_array_ = false;
  bool in_bulk_ = false;
  std::size_t bulk_size_ = 0;
  std::vector<piece> pieces_;             ///< of this array so far: the buffer may still move
  std::vector<std::string> inline_words_; ///< unescaped words of the last inline command
  std::string error_;
};

/// Splits as Redis' sdssplitargs: white space, "..." with escapes (\n \r \t \b \a \xHH), '...' with \'. False if
/// quotes are unbalanced.
bool split_inline(std::string_view line, std::vector<std::string>& words);

} // namespace argentum::net
