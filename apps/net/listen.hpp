// SPDX-License-Identifier: Apache-2.0
// Opens a listening socket, with an error text that an operator can act on.
#pragma once

#include "apps/net/address.hpp"
#include "messages/error.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace argentum::net {

/// Bound and listening. errc::invalid if the host cannot be resolved, errc::unavailable if it cannot be bound.
caf::expected<boost::asio::ip::tcp::acceptor> listen_on(boost::asio::io_context& context, const address& where);

} // namespace argentum::net
