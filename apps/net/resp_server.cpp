// SPDX-License-Identifier: Apache-2.0
#include "apps/net/resp_server.hpp"

#include "apps/net/command.hpp"
#include "apps/net/listener.hpp"
#include "apps/net/session_group.hpp"

#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

#include <future>

namespace argentum::net {

using boost::asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

/// stop() waits for the loops to let the sessions go; they do at once, unless the loops were stopped before.
constexpr auto stop_patience = 5s;

/// A new client, or one too many.
void admit(tcp::socket socket, session_group& group, session_count& count, const resp_server_config& config,
           node_metrics& metrics) {
  if (count.try_add(config.clients_max)) {
    metrics.clients_accepted.add();
    return group.add(std::move(socket));
  }
  metrics.clients_refused.add();
  error_code ignored;
  socket.write_some(boost::asio::buffer(std::string_view{"-ERR max number of clients reached\r\n"}), ignored);
}

} // namespace

struct resp_server::parts {
  digest_worker digests{limits::digests_waiting_max};
  std::shared_ptr<session_count> count = std::make_shared<session_count>();
  std::shared_ptr<std::promise<void>> gone =
      std::make_shared<std::promise<void>>(); ///< nobody uses `server` any more
  std::shared_ptr<server_state> server;
  std::vector<std::shared_ptr<session_group>> groups;
  std::shared_ptr<listener> accepting;
};

caf::expected<std::unique_ptr<resp_server>> resp_server::start(resp_server_config config, event_loops& loops,
                                                               std::vector<actors::instance_handle> instances,
                                                               std::shared_ptr<node_metrics> metrics) {
  if (instances.empty()) return make_error(errc::invalid, "no instance to serve");
  auto accepting = listener::open(loops, loops.size(), config.listen);
  if (!accepting) return accepting.error();
  auto p = std::make_unique<parts>();
  p->accepting = std::move(*accepting);
  const auto& commands = config.admin ? admin_commands() : client_commands();
  node_picture node{config.node_name, config.role, config.version, std::move(instances), std::move(metrics)};
  auto* state = new server_state{std::move(config), std::move(node), commands, p->accepting->port(), &p->digests};
  p->server = std::shared_ptr<server_state>{state, [gone = p->gone](server_state* last) {
                                              delete last;
                                              gone->set_value();
                                            }};
  for (std::size_t i = 0; i < loops.size(); ++i)
    p->groups.push_back(std::make_shared<session_group>(loops.at(i), p->server, p->count, loops.size()));
  for (auto& each : p->groups) each->start();
  p->accepting->start(
      [server = p->server, count = p->count, groups = p->groups](tcp::socket socket, std::size_t loop) {
        admit(std::move(socket), *groups[loop], *count, server->config, *server->node.metrics);
      });
  return std::unique_ptr<resp_server>{new resp_server{std::move(p)}};
}

resp_server::resp_server(std::unique_ptr<parts> all) : parts_(std::move(all)) {}

resp_server::~resp_server() {
  stop();
}

std::uint16_t resp_server::port() const noexcept {
  return parts_->accepting->port();
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
  parts_->groups.clear();
  parts_->server.reset();
  if (parts_->gone->get_future().wait_for(stop_patience) != std::future_status::ready)
    spdlog::error("argentum.clients: sessions are left, were the event loops stopped before the server?");
}

} // namespace argentum::net
