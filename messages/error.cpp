// SPDX-License-Identifier: Apache-2.0
#include "messages/error.hpp"

#include <caf/atom.hpp>
#include <caf/deep_to_string.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <array>

namespace argentum {

namespace {

constexpr auto category = caf::atom("argentum");

constexpr std::array names{"none",      "corrupt",        "io_failed",  "disk_full",     "out_of_order",
                           "diverged",  "wrong_instance", "wrong_role", "log_truncated", "no_snapshot",
                           "busy",      "overloaded",     "too_large",  "invalid",       "read_only",
                           "timed_out", "unavailable",    "no_replica", "unreachable",   "refused",
                           "protocol",  "link_lost",      "out_of_date"};
static_assert(names.size() == static_cast<std::size_t>(errc::out_of_date) + 1);

} // namespace

const char* to_string(errc code) noexcept {
  auto i = static_cast<std::size_t>(code);
  return i < names.size() ? names[i] : "unknown";
}

caf::error make_error(errc code, std::string text) {
  return caf::error{static_cast<std::uint8_t>(code), category, caf::make_message(std::move(text))};
}

errc code_of(const caf::error& error) noexcept {
  if (!error) return errc::none;
  return error.category() == category ? static_cast<errc>(error.code()) : errc::unavailable;
}

namespace {

/// The text given to make_error; empty for errors of CAF.
std::string own_text(const caf::error& error) {
  if (error.category() != category || !error.context().match_elements<std::string>()) return {};
  return error.context().get_as<std::string>(0);
}

} // namespace

std::string text_of(const caf::error& error) {
  auto text = own_text(error);
  return text.empty() ? describe(error) : text;
}

std::string describe(const caf::error& error) {
  if (error && error.category() != category) return to_string(error);
  std::string out = to_string(code_of(error));
  if (auto text = own_text(error); !text.empty()) out.append(": ").append(text);
  return out;
}

} // namespace argentum
