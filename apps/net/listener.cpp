// SPDX-License-Identifier: Apache-2.0
#include "apps/net/listener.hpp"

#include "messages/limits.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace argentum::net {

using boost::asio::ip::tcp;
using boost::system::error_code;

listener::listener(event_loops& loops, on_accept accepted)
    : loops_(loops), accepted_(std::move(accepted)), acceptor_(loops.next()), retry_(acceptor_.get_executor()) {}

void listener::bind(const address& at) {
  auto found =
      tcp::resolver{acceptor_.get_executor()}.resolve(at.host, std::to_string(at.port), tcp::resolver::passive);
  auto endpoint = found.begin()->endpoint();
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(tcp::acceptor::reuse_address{true});
  acceptor_.bind(endpoint);
  acceptor_.listen();
  port_ = acceptor_.local_endpoint().port();
}

caf::expected<std::shared_ptr<listener>> listener::open(event_loops& loops, const address& at, on_accept accepted) {
  std::shared_ptr<listener> made{new listener{loops, std::move(accepted)}};
  try {
    made->bind(at);
  } catch (const boost::system::system_error& failure) {
    return make_error(errc::unavailable,
                      fmt::format("cannot listen on {}:{}: {}", at.host, at.port, failure.code().message()));
  }
  boost::asio::post(made->acceptor_.get_executor(), [made] { made->accept(); });
  return made;
}

void listener::close() {
  boost::asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->retry_.cancel();
  });
}

void listener::accept() {
  if (!acceptor_.is_open()) return;
  acceptor_.async_accept(loops_.next(), [self = shared_from_this()](error_code failure, tcp::socket socket) {
    if (!self->acceptor_.is_open()) return;
    if (!failure) {
      self->accepted_(std::move(socket));
      return self->accept();
    }
    spdlog::warn("argentum.listener port {}: cannot accept: {}", self->port_, failure.message());
    self->retry_.expires_after(limits::accept_retry);
    self->retry_.async_wait([self](error_code) { self->accept(); });
  });
}

} // namespace argentum::net
