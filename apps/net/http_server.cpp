// SPDX-License-Identifier: Apache-2.0
#include "apps/net/http_server.hpp"

#include "apps/net/http_session.hpp"
#include "apps/net/listener.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <future>
#include <unordered_map>

namespace argentum::net {

using boost::asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr auto stop_patience = 5s;

/// The open connections. All of it runs on the first loop.
class connections : public std::enable_shared_from_this<connections> {
 public:
  explicit connections(node_picture node) : node_(std::move(node)) {}

  /// Too many: the connection is closed without a word, as its request was not read.
  void admit(tcp::socket socket) {
    if (sessions_.size() >= limits::http_connections_max) return node_.metrics->http_refused.add();
    auto id = ++last_;
    auto made = std::make_shared<http_session>(
        std::move(socket),
        [self = shared_from_this()](std::string_view target) { return answer(self->node_, target); },
        [self = shared_from_this(), id] { self->sessions_.erase(id); });
    sessions_.emplace(id, made);
    made->start();
  }

  void close() {
    auto sessions = std::move(sessions_);
    for (const auto& each : sessions)
      if (auto session = each.second.lock()) session->close();
  }

 private:
  node_picture node_;
  std::unordered_map<std::uint64_t, std::weak_ptr<http_session>> sessions_;
  std::uint64_t last_ = 0;
};

} // namespace

struct http_server::parts {
  std::shared_ptr<std::promise<void>> gone = std::make_shared<std::promise<void>>();
  std::shared_ptr<listener> accepting;
  std::shared_ptr<connections> open;
  boost::asio::io_context* loop = nullptr;
};

caf::expected<std::unique_ptr<http_server>> http_server::start(http_server_config config, event_loops& loops,
                                                               std::vector<actors::instance_handle> instances,
                                                               std::shared_ptr<node_metrics> metrics) {
  auto accepting = listener::open(loops, 1, config.listen);
  if (!accepting) return accepting.error();
  auto p = std::make_unique<parts>();
  p->accepting = std::move(*accepting);
  p->loop = &loops.at(0);
  node_picture node{config.node_name,   config.role,        config.version, std::move(instances),
                    std::move(metrics), config.oracle};
  p->open = std::shared_ptr<connections>{new connections{std::move(node)}, [gone = p->gone](connections* last) {
                                           delete last;
                                           gone->set_value();
                                         }};
  p->accepting->start([open = p->open](tcp::socket socket, std::size_t) { open->admit(std::move(socket)); });
  return std::unique_ptr<http_server>{new http_server{std::move(p)}};
}

http_server::http_server(std::unique_ptr<parts> all) : parts_(std::move(all)) {}

http_server::~http_server() {
  stop();
}

std::uint16_t http_server::port() const noexcept {
  return parts_->accepting->port();
}

void http_server::stop() {
  if (!parts_->open) return;
  parts_->accepting->close();
  boost::asio::post(*parts_->loop, [open = std::move(parts_->open)] { open->close(); });
  if (parts_->gone->get_future().wait_for(stop_patience) != std::future_status::ready)
    spdlog::error("argentum.http: connections are left, were the event loops stopped before the server?");
}

} // namespace argentum::net
