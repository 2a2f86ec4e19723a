// SPDX-License-Identifier: Apache-2.0
#include "apps/net/listener.hpp"

#include "messages/limits.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace argentum::net {

using boost::asio::ip::tcp;
using boost::system::error_code;

listener::listener(event_loops& loops, std::size_t spread)
    : loops_(loops), spread_(spread), acceptor_(loops.at(0)), retry_(acceptor_.get_executor()) {}

error_code listener::bind(const tcp::endpoint& at) {
  error_code failed;
  if (acceptor_.open(at.protocol(), failed)) return failed;
  if (acceptor_.set_option(tcp::acceptor::reuse_address{true}, failed)) return failed;
  if (acceptor_.bind(at, failed)) return failed;
  if (acceptor_.listen(tcp::acceptor::max_listen_connections, failed)) return failed;
  port_ = acceptor_.local_endpoint(failed).port();
  return failed;
}

caf::expected<std::shared_ptr<listener>> listener::open(event_loops& loops, std::size_t spread, const address& at) {
  auto failure = [&](errc code, const error_code& why) {
    return make_error(code, fmt::format("cannot listen on {}:{}: {}", at.host, at.port, why.message()));
  };
  std::shared_ptr<listener> made{new listener{loops, spread}};
  error_code failed;
  auto found = tcp::resolver{loops.at(0)}.resolve(at.host, std::to_string(at.port), tcp::resolver::passive, failed);
  if (failed || found.empty()) return failure(errc::invalid, failed);
  if ((failed = made->bind(found.begin()->endpoint()))) return failure(errc::unavailable, failed);
  return made;
}

void listener::start(on_accept accepted) {
  boost::asio::post(acceptor_.get_executor(),
                    [self = shared_from_this(), accepted = std::move(accepted)]() mutable {
                      self->accepted_ = std::move(accepted);
                      self->accept();
                    });
}

void listener::close() {
  boost::asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->retry_.cancel();
    self->accepted_ = nullptr;
  });
}

void listener::accept() {
  if (!acceptor_.is_open()) return;
  auto loop = turn_++ % spread_;
  acceptor_.async_accept(loops_.at(loop), [self = shared_from_this(), loop](error_code failed, tcp::socket socket) {
    if (!self->acceptor_.is_open()) return;
    if (!failed) {
      self->accepted_(std::move(socket), loop);
      return self->accept();
    }
    spdlog::warn("argentum.listener port {}: cannot accept: {}", self->port_, failed.message());
    self->retry_.expires_after(limits::accept_retry);
    self->retry_.async_wait([self](error_code) { self->accept(); });
  });
}

} // namespace argentum::net
