// SPDX-License-Identifier: Apache-2.0
// What actors of a node ask its oracle.
#pragma once

#include "messages/oracle.hpp"
#include "messages/reply.hpp"

namespace argentum {

/// Who can be followed for that instance? Answered within limits::survey_time, the cheapest first, with those only
/// that have answered; the current upstream is among them if it has, whatever it costs.
struct find_upstreams {
  std::string instance;
  std::string current;               ///< name of the upstream; empty: none
  std::vector<std::string> refusing; ///< addresses that need not be asked
  std::vector<contact> also;         ///< that somebody who refused has named
  reply_to<std::vector<upstream_candidate>> reply;
};

/// The answer, as a sink hears it.
struct upstreams_found {
  std::uint64_t question = 0; ///< which of its questions
  std::vector<upstream_candidate> candidates;
};

} // namespace argentum
