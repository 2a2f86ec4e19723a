// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/trace.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <stdexcept>

namespace argentum::sim {

void trace::open(const std::string& path) {
  file_.open(path, std::ios::binary | std::ios::trunc);
  if (!file_) throw std::runtime_error{path + ": cannot be written"};
}

void trace::note(std::string_view what) noexcept {
  note(XXH3_64bits(what.data(), what.size()));
}

void trace::line(vtime now, const std::string& text) {
  note(static_cast<std::uint64_t>(now.count()));
  note(std::string_view{text});
  this->text(now, text);
  if (on_line) on_line(now, text);
}

void trace::text(vtime now, const std::string& text) {
  if (has_lines()) file_ << seconds_text(now) << ' ' << text << '\n';
}

std::string seconds_text(vtime when) {
  auto us = when.count() / 1000;
  return fmt::format("{}.{:06}s", us / 1'000'000, us % 1'000'000);
}

} // namespace argentum::sim
