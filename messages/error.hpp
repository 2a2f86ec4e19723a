// SPDX-License-Identifier: Apache-2.0
// Errors of all parts: one enum, carried in caf::error with a text for people. Values and keys never go into it.
#pragma once

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <string>

namespace argentum {

enum class errc : std::uint8_t {
  none = 0,
  corrupt,   ///< stored or received bytes make no sense
  io_failed, ///< the disk refused; text says what
  disk_full,
  out_of_order,   ///< entry is not the next one
  diverged,       ///< chain, epoch or version disagree
  wrong_instance, ///< another database under the same name
  wrong_role,     ///< operation or data of the other role
  log_truncated,  ///< the log no longer reaches back
  no_snapshot,    ///< the snapshot asked for is not open any more
  busy,           ///< another of its kind is running
  overloaded,     ///< a bound of limits.hpp was hit
  too_large,
  invalid,   ///< bad argument
  read_only, ///< not the root
  timed_out,
  unavailable, ///< the one who should answer is gone or not ready
  no_replica,  ///< no replica could answer within the deadline
  unreachable, ///< peer cannot be connected
  refused,     ///< peer said no
  protocol,    ///< peer broke the protocol
  link_lost,
  out_of_date, ///< a key was written since it was read
};

const char* to_string(errc code) noexcept;

/// caf::error needs a category atom; this is the one place that knows ours. CAF finds this function too, so
/// `error == errc::x` and `return errc::x` work.
caf::error make_error(errc code, std::string text = {});

/// The code of an error made here; `unavailable` for errors of CAF itself.
errc code_of(const caf::error& error) noexcept;

/// "no space left in /var/lib/argentum/dns": the text alone; the code's name if there is none.
std::string text_of(const caf::error& error);

/// "disk_full: no space left in /var/lib/argentum/dns".
std::string describe(const caf::error& error);

} // namespace argentum
