// SPDX-License-Identifier: Apache-2.0
#include "apps/net/resp_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

namespace argentum::net {

namespace {

/// The first allocation; most pipelines fit.
constexpr std::size_t buffer_bytes_min = 16 * limits::kib;
/// Kept for the next array; a rare huge one is given back.
constexpr std::size_t pieces_kept = 64;
/// "*" or "$", 20 digits, CR and LF fit many times; Redis allows as much before it gives up on a length line.
constexpr std::size_t length_line_max = 64 * limits::kib;

/// As Redis' string2ll: no sign but '-', no leading zero, no blank.
std::optional<long long> strict_integer(std::string_view text) {
  long long value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  auto digits = text.substr(text.front() == '-' ? 1 : 0);
  if (digits.front() == '0' && text.size() > 1) return std::nullopt;
  return value;
}

} // namespace

std::span<char> resp_parser::prepare(std::size_t bytes_min) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (capacity_ - end_ < bytes_min) {
    auto held = end_ - begin_;
    // Moving is paid for by the bytes that were consumed before; growing doubles, so both stay linear.
    if (held + bytes_min > capacity_ || held > begin_) {
      auto wanted = std::max({buffer_bytes_min, held + bytes_min, held * 2});
      auto grown = std::make_unique_for_overwrite<char[]>(wanted);
      if (held > 0) std::memcpy(grown.get(), bytes_.get() + begin_, held);
      bytes_ = std::move(grown);
      capacity_ = wanted;
    } else {
      std::memmove(bytes_.get(), bytes_.get() + begin_, held);
    }
    begin_ = 0;
    end_ = held;
  }
  return {bytes_.get() + end_, capacity_ - end_};
}

void resp_parser::feed(std::string_view bytes) {
  if (bytes.empty()) return;
  std::memcpy(prepare(bytes.size()).data(), bytes.data(), bytes.size());
  commit(bytes.size());
}

void resp_parser::release_idle() noexcept {
  if (begin_ != end_) return;
  bytes_.reset();
  capacity_ = begin_ = end_ = 0;
  if (pieces_.capacity() > pieces_kept) std::vector<piece>{}.swap(pieces_);
  std::vector<std::string>{}.swap(inline_words_);
}

parse_status resp_parser::next(std::vector<std::string_view>& args) {
  args.clear();
  while (error_.empty() && begin_ < end_) {
    auto status = in_array_ || bytes_[begin_] == '*' ? next_array(args) : next_inline(args);
    if (status != parse_status::command || !args.empty()) return status;
  }
  return error_.empty() ? parse_status::need_more : parse_status::malformed;
}

parse_status resp_parser::fail(std::string text) {
  error_ = "Protocol error: " + std::move(text);
  return parse_status::malformed;
}

bool resp_parser::take_line(std::string_view& line) {
  const char* start = bytes_.get() + begin_;
  auto held = end_ - begin_;
  auto from = std::max(cursor_, scanned_);
  const auto* found = static_cast<const char*>(std::memchr(start + from, '\r', held - from));
  // The LF is taken for granted, as Redis does, but must be here.
  if (found == nullptr || found + 1 == start + held) {
    scanned_ = found == nullptr ? held : static_cast<std::size_t>(found - start);
    return false;
  }
  line = {start + cursor_, static_cast<std::size_t>(found - start) - cursor_};
  cursor_ += line.size() + 2;
  return true;
}

void resp_parser::finish_command(std::size_t length) noexcept {
  begin_ += length;
  cursor_ = scanned_ = 0;
  in_array_ = in_bulk_ = false;
}

parse_status resp_parser::read_array_header() {
  std::string_view line;
  if (!take_line(line)) {
    if (end_ - begin_ > length_line_max) return fail("too big mbulk count string");
    return parse_status::need_more;
  }
  auto count = line.size() > 1 ? strict_integer(line.substr(1)) : std::nullopt;
  if (!count || (*count > 0 && static_cast<unsigned long long>(*count) > limits_.args_max))
    return fail("invalid multibulk length");
  args_left_ = *count > 0 ? static_cast<std::size_t>(*count) : 0;
  pieces_.clear();
  in_array_ = true;
  return parse_status::command;
}

parse_status resp_parser::read_bulk_header() {
  if (begin_ + cursor_ >= end_) return parse_status::need_more;
  auto first = bytes_[begin_ + cursor_];
  if (first != '$') return fail(fmt::format("expected '$', got '{}'", first));
  std::string_view line;
  if (!take_line(line)) {
    if (end_ - begin_ - cursor_ > length_line_max) return fail("too big bulk count string");
    return parse_status::need_more;
  }
  auto size = line.size() > 1 ? strict_integer(line.substr(1)) : std::nullopt;
  if (!size || *size < 0 || static_cast<unsigned long long>(*size) > limits_.bulk_bytes_max)
    return fail("invalid bulk length");
  bulk_size_ = static_cast<std::size_t>(*size);
  if (cursor_ + bulk_size_ > limits_.command_bytes_max) return fail("too big command");
  in_bulk_ = true;
  return parse_status::command;
}

parse_status resp_parser::next_array(std::vector<std::string_view>& args) {
  if (!in_array_) {
    if (auto status = read_array_header(); status != parse_status::command) return status;
  }
  while (args_left_ > 0) {
    if (!in_bulk_) {
      if (auto status = read_bulk_header(); status != parse_status::command) return status;
    }
    if (end_ - begin_ < cursor_ + bulk_size_ + 2) return parse_status::need_more;
    pieces_.push_back({cursor_, bulk_size_});
    cursor_ += bulk_size_ + 2;
    in_bulk_ = false;
    --args_left_;
  }
  for (const auto& each : pieces_) args.emplace_back(bytes_.get() + begin_ + each.offset, each.size);
  finish_command(cursor_);
  return parse_status::command;
}

parse_status resp_parser::next_inline(std::vector<std::string_view>& args) {
  const char* start = bytes_.get() + begin_;
  auto held = end_ - begin_;
  const auto* found = static_cast<const char*>(std::memchr(start + scanned_, '\n', held - scanned_));
  if (found == nullptr) {
    scanned_ = held;
    if (held > limits_.inline_bytes_max) return fail("too big inline request");
    return parse_status::need_more;
  }
  auto length = static_cast<std::size_t>(found - start);
  std::string_view line{start, length};
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (!split_inline(line, inline_words_)) return fail("unbalanced quotes in request");
  args.assign(inline_words_.begin(), inline_words_.end());
  finish_command(length + 1);
  return parse_status::command;
}

} // namespace argentum::net
