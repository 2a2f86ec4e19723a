// SPDX-License-Identifier: Apache-2.0
// SRV records by c-ares, on one of our event loops: the records of a name, then the addresses of their targets. A
// truncated answer is asked for again by TCP. A target without address is left out; if none has one, that is a
// problem. Each of the two steps takes limits::dns_timeout at most. Bounds:
// limits::dns_records_max, dns_questions_max.
#pragma once

#include "messages/error.hpp"
#include "messages/name_service.hpp"

#include <boost/asio/io_context.hpp>

#include <string>
#include <vector>

namespace argentum::net {

/// `servers`: "ip" or "ip:port", asked in this order; none: those of the system. Errors: invalid, unavailable. The
/// loop outlives the resolver; once the loop is stopped or the last copy is gone nothing is answered any more.
caf::expected<srv_resolver> make_srv_resolver(boost::asio::io_context& loop,
                                              const std::vector<std::string>& servers);

} // namespace argentum::net
