// SPDX-License-Identifier: Apache-2.0
#include "apps/net/peer_transport.hpp"

#include "apps/net/peer_session.hpp"
#include "messages/limits.hpp"

#include <spdlog/spdlog.h>

#include <condition_variable>
#include <functional>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace argentum::net {

using boost::asio::ip::tcp;

/// The links that exist, shared with the sessions, which remove themselves.
struct tcp_peer_transport::links : std::enable_shared_from_this<links> {
  struct link {
    std::shared_ptr<peer_session> session;
    bool accepted = false;
  };

  std::shared_ptr<peer_session> add(link_id id, tcp::socket socket, std::string remote, bool accepted);
  void add_accepted(tcp::socket socket);
  void remove(link_id id);
  std::shared_ptr<peer_session> find(link_id id) const;

  std::atomic<std::uint64_t> last_id{0};

  mutable std::shared_mutex mutex; // of all below
  std::condition_variable_any emptied;
  std::unordered_map<link_id, link> open;
  std::size_t accepted_count = 0;
  std::shared_ptr<peer_inbox> inbox;
  std::shared_ptr<node_metrics> metrics;
  bool closed = false;

  std::mutex attach_mutex;
  bool attached = false;
  std::vector<std::function<void()>> after_attach;
};

/// Nothing if the transport is closed, or an accepted link would be one too many.
std::shared_ptr<peer_session> tcp_peer_transport::links::add(link_id id, tcp::socket socket, std::string remote,
                                                             bool accepted) {
  std::lock_guard lock{mutex};
  if (closed) return nullptr;
  if (accepted && accepted_count >= limits::links_max) {
    metrics->links_refused.add();
    spdlog::warn("argentum.peer_link {}: refused, {} links are open", remote, accepted_count);
    return nullptr;
  }
  session_owner owner{inbox, metrics, [self = shared_from_this(), id] { self->remove(id); }};
  auto session = std::make_shared<peer_session>(std::move(socket), id, std::move(remote), std::move(owner));
  open.emplace(id, link{session, accepted});
  accepted_count += accepted ? 1 : 0;
  return session;
}

void tcp_peer_transport::links::add_accepted(tcp::socket socket) {
  auto remote = remote_name(socket);
  if (auto session = add(link_id{++last_id}, std::move(socket), std::move(remote), true)) session->accept();
}

void tcp_peer_transport::links::remove(link_id id) {
  link gone; // the session may die with it: not under the lock
  std::lock_guard lock{mutex};
  auto found = open.find(id);
  if (found == open.end()) return;
  gone = std::move(found->second);
  open.erase(found);
  accepted_count -= gone.accepted ? 1 : 0;
  if (open.empty()) emptied.notify_all();
}

std::shared_ptr<peer_session> tcp_peer_transport::links::find(link_id id) const {
  std::shared_lock lock{mutex};
  auto found = open.find(id);
  return found == open.end() ? nullptr : found->second.session;
}

tcp_peer_transport::tcp_peer_transport(event_loops& loops) : loops_(loops), links_(std::make_shared<links>()) {}

tcp_peer_transport::~tcp_peer_transport() {
  close();
}

void tcp_peer_transport::attach(std::shared_ptr<peer_inbox> inbox, std::shared_ptr<node_metrics> metrics) {
  {
    std::lock_guard lock{links_->mutex};
    links_->inbox = std::move(inbox);
    links_->metrics = std::move(metrics);
  }
  std::lock_guard lock{links_->attach_mutex};
  links_->attached = true;
  for (const auto& call : links_->after_attach) call();
  links_->after_attach.clear();
}

caf::expected<void> tcp_peer_transport::open(const address& at) {
  auto opened = listener::open(loops_, loops_.size(), at);
  if (!opened) return opened.error();
  listener_ = std::move(*opened);
  return caf::unit;
}

void tcp_peer_transport::listen() {
  listener_->start([to = links_](tcp::socket socket, std::size_t) { to->add_accepted(std::move(socket)); });
}

std::uint16_t tcp_peer_transport::port() const noexcept {
  return listener_ ? listener_->port() : 0;
}

void tcp_peer_transport::close() {
  if (listener_) listener_->close();
  std::unique_lock lock{links_->mutex};
  links_->closed = true;
  for (const auto& each : links_->open)
    each.second.session->drop(make_error(errc::unavailable, "this node is shutting down"));
  links_->emptied.wait(lock, [this] { return links_->open.empty(); });
  links_->inbox.reset();
}

link_id tcp_peer_transport::new_link() {
  return {++links_->last_id};
}

void tcp_peer_transport::dial(link_id link, std::string address) {
  when_attached([this, link, address = std::move(address)] {
    if (auto session = links_->add(link, tcp::socket{loops_.next()}, address, false)) session->dial();
  });
}

void tcp_peer_transport::send(link_id link, peer_message message) {
  if (auto session = links_->find(link)) session->send(message);
}

void tcp_peer_transport::allow_compression(link_id link) {
  if (auto session = links_->find(link)) session->allow_compression();
}

void tcp_peer_transport::hang_up(link_id link, caf::error reason) {
  when_attached([this, link, reason = std::move(reason)] {
    if (auto session = links_->find(link)) session->hang_up(reason);
  });
}

void tcp_peer_transport::when_attached(std::function<void()> call) {
  std::lock_guard lock{links_->attach_mutex};
  if (links_->attached)
    call();
  else
    links_->after_attach.push_back(std::move(call));
}

} // namespace argentum::net
