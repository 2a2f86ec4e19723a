// SPDX-License-Identifier: Apache-2.0
#include "apps/net/resp_server.hpp"

#include "apps/net/listen.hpp"
#include "apps/net/session_group.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

#include <future>

namespace argentum::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

/// After a failed accept (no file descriptors left) the next try waits, instead of spinning.
constexpr auto accept_retry = 100ms;
/// stop() waits for the loops to let the sessions go; they do at once, unless the loops were stopped before.
constexpr auto stop_patience = 5s;

/// Accepts on the first loop and spreads over all.
class listener : public std::enable_shared_from_this<listener> {
 public:
  listener(tcp::acceptor acceptor, std::shared_ptr<server_state> server, std::shared_ptr<session_count> count,
           std::vector<std::shared_ptr<session_group>> groups)
      : acceptor_(std::move(acceptor)),
        retry_(acceptor_.get_executor()),
        server_(std::move(server)),
        count_(std::move(count)),
        groups_(std::move(groups)) {}

  void start() {
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] { self->accept(); });
  }
  void close() {
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
      error_code ignored;
      self->acceptor_.close(ignored);
      self->retry_.cancel();
    });
  }

 private:
  void accept() {
    if (!acceptor_.is_open()) return;
    auto& group = groups_[turn_++ % groups_.size()];
    acceptor_.async_accept(group->context(),
                           [self = shared_from_this(), &group](error_code error, tcp::socket socket) {
                             if (error == asio::error::operation_aborted) return;
                             if (error) return self->accept_later(error);
                             self->admit(*group, std::move(socket));
                             self->accept();
                           });
  }

  void accept_later(const error_code& error) {
    spdlog::warn("argentum.clients: cannot accept: {}", error.message());
    retry_.expires_after(accept_retry);
    retry_.async_wait([self = shared_from_this()](const error_code& failed) {
      if (!failed) self->accept();
    });
  }

  void admit(session_group& group, tcp::socket socket) {
    auto& metrics = *server_->node.metrics;
    if (count_->try_add(server_->config.clients_max)) {
      metrics.clients_accepted.add();
      return group.add(std::move(socket));
    }
    metrics.clients_refused.add();
    error_code ignored;
    socket.write_some(asio::buffer(std::string_view{"-ERR max number of clients reached\r\n"}), ignored);
  }

  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  std::shared_ptr<server_state> server_;
  std::shared_ptr<session_count> count_;
  std::vector<std::shared_ptr<session_group>> groups_;
  std::size_t turn_ = 0;
};

} // namespace

struct resp_server::parts {
  digest_worker digests{limits::digests_waiting_max};
  std::shared_ptr<session_count> count = std::make_shared<session_count>();
  std::shared_ptr<std::promise<void>> gone =
      std::make_shared<std::promise<void>>(); ///< nobody uses `server` any more
  std::shared_ptr<server_state> server;
  std::vector<std::shared_ptr<session_group>> groups;
  std::shared_ptr<listener> accepting;
  std::uint16_t port = 0;
};

caf::expected<std::unique_ptr<resp_server>> resp_server::start(resp_server_config config, event_loops& loops,
                                                               std::vector<actors::instance_handle> instances,
                                                               std::shared_ptr<node_metrics> metrics) {
  if (instances.empty()) return make_error(errc::invalid, "no instance to serve");
  auto acceptor = listen_on(loops.at(0), config.listen);
  if (!acceptor) return acceptor.error();
  auto p = std::make_unique<parts>();
  p->port = acceptor->local_endpoint().port();
  const auto& commands = config.admin ? admin_commands() : client_commands();
  node_picture node{config.node_name, config.role, config.version, std::move(instances), std::move(metrics)};
  auto* state = new server_state{std::move(config), std::move(node), commands, p->port, &p->digests};
  p->server = std::shared_ptr<server_state>{state, [gone = p->gone](server_state* last) {
                                              delete last;
                                              gone->set_value();
                                            }};
  for (std::size_t i = 0; i < loops.size(); ++i)
    p->groups.push_back(std::make_shared<session_group>(loops.at(i), p->server, p->count));
  p->accepting = std::make_shared<listener>(std::move(*acceptor), p->server, p->count, p->groups);
  for (auto& each : p->groups) each->start();
  p->accepting->start();
  return std::unique_ptr<resp_server>{new resp_server{std::move(p)}};
}

resp_server::resp_server(std::unique_ptr<parts> all) : parts_(std::move(all)) {}

resp_server::~resp_server() {
  stop();
}

std::uint16_t resp_server::port() const noexcept {
  return parts_->port;
}

void resp_server::drain(std::chrono::steady_clock::time_point deadline) {
  if (!parts_->server) return;
  parts_->accepting->close();
  for (auto& each : parts_->groups) each->drain();
  parts_->count->wait_for_none(deadline);
  stop();
}

void resp_server::stop() {
  if (!parts_->server) return;
  parts_->accepting->close();
  for (auto& each : parts_->groups) each->close();
  parts_->accepting.reset();
  parts_->groups.clear();
  parts_->server.reset();
  if (parts_->gone->get_future().wait_for(stop_patience) != std::future_status::ready)
    spdlog::error("argentum.clients: sessions are left, were the event loops stopped before the server?");
}

} // namespace argentum::net
