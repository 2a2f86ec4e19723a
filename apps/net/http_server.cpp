// SPDX-License-Identifier: Apache-2.0
#include "apps/net/http_server.hpp"

#include "apps/net/http_session.hpp"
#include "apps/net/listen.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <future>
#include <unordered_map>

namespace argentum::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr auto accept_retry = 100ms;
constexpr auto stop_patience = 5s;

/// All of it runs on one loop.
class http_listener : public std::enable_shared_from_this<http_listener> {
 public:
  http_listener(tcp::acceptor acceptor, node_picture node)
      : acceptor_(std::move(acceptor)), retry_(acceptor_.get_executor()), node_(std::move(node)) {}

  void start() {
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] { self->accept(); });
  }

  void close() {
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
      error_code ignored;
      self->acceptor_.close(ignored);
      self->retry_.cancel();
      auto sessions = std::move(self->sessions_);
      for (const auto& each : sessions)
        if (auto session = each.second.lock()) session->close();
    });
  }

 private:
  void accept() {
    if (!acceptor_.is_open()) return;
    acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) return self->accept_later();
      self->admit(std::move(socket));
      self->accept();
    });
  }

  void accept_later() {
    retry_.expires_after(accept_retry);
    retry_.async_wait([self = shared_from_this()](const error_code& failed) {
      if (!failed) self->accept();
    });
  }

  /// Too many: the connection is closed without a word, as its request was not read.
  void admit(tcp::socket socket) {
    if (sessions_.size() >= limits::http_connections_max) return;
    auto id = ++last_;
    auto made = std::make_shared<http_session>(
        std::move(socket),
        [self = shared_from_this()](std::string_view target) { return answer(self->node_, target); },
        [self = shared_from_this(), id] { self->sessions_.erase(id); });
    sessions_.emplace(id, made);
    made->start();
  }

  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  node_picture node_;
  std::unordered_map<std::uint64_t, std::weak_ptr<http_session>> sessions_;
  std::uint64_t last_ = 0;
};

} // namespace

struct http_server::parts {
  std::shared_ptr<std::promise<void>> gone = std::make_shared<std::promise<void>>();
  std::shared_ptr<http_listener> listener;
  std::uint16_t port = 0;
};

caf::expected<std::unique_ptr<http_server>> http_server::start(http_server_config config, event_loops& loops,
                                                               std::vector<actors::instance_handle> instances,
                                                               std::shared_ptr<node_metrics> metrics) {
  auto acceptor = listen_on(loops.at(0), config.listen);
  if (!acceptor) return acceptor.error();
  auto p = std::make_unique<parts>();
  p->port = acceptor->local_endpoint().port();
  node_picture node{config.node_name, config.role, config.version, std::move(instances), std::move(metrics)};
  p->listener = std::shared_ptr<http_listener>{new http_listener{std::move(*acceptor), std::move(node)},
                                               [gone = p->gone](http_listener* last) {
                                                 delete last;
                                                 gone->set_value();
                                               }};
  p->listener->start();
  return std::unique_ptr<http_server>{new http_server{std::move(p)}};
}

http_server::http_server(std::unique_ptr<parts> all) : parts_(std::move(all)) {}

http_server::~http_server() {
  stop();
}

std::uint16_t http_server::port() const noexcept {
  return parts_->port;
}

void http_server::stop() {
  if (!parts_->listener) return;
  parts_->listener->close();
  parts_->listener.reset();
  if (parts_->gone->get_future().wait_for(stop_patience) != std::future_status::ready)
    spdlog::error("argentum.http: connections are left, were the event loops stopped before the server?");
}

} // namespace argentum::net
