// SPDX-License-Identifier: Apache-2.0
#include "apps/net/listen.hpp"

#include <fmt/format.h>

namespace argentum::net {

using boost::asio::ip::tcp;
using boost::system::error_code;

caf::expected<tcp::acceptor> listen_on(boost::asio::io_context& context, const address& where) {
  auto failed = [&](errc code, const error_code& error) {
    return make_error(code, fmt::format("cannot listen on {}:{}: {}", where.host, where.port, error.message()));
  };
  error_code error;
  auto found =
      tcp::resolver{context}.resolve(where.host, std::to_string(where.port), tcp::resolver::passive, error);
  if (error || found.empty()) return failed(errc::invalid, error);
  auto at = found.begin()->endpoint();
  tcp::acceptor acceptor{context};
  if (acceptor.open(at.protocol(), error); error) return failed(errc::unavailable, error);
  if (acceptor.set_option(tcp::acceptor::reuse_address{true}, error); error)
    return failed(errc::unavailable, error);
  if (acceptor.bind(at, error); error) return failed(errc::unavailable, error);
  if (acceptor.listen(tcp::acceptor::max_listen_connections, error); error) return failed(errc::unavailable, error);
  return acceptor;
}

} // namespace argentum::net
