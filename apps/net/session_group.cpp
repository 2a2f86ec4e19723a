// SPDX-License-Identifier: Apache-2.0
#include "apps/net/session_group.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>

namespace argentum::net {

namespace asio = boost::asio;
using namespace std::chrono_literals;

bool session_count::try_add(std::size_t limit) {
  std::lock_guard lock{mutex_};
  if (count_ >= limit) return false;
  ++count_;
  return true;
}

void session_count::remove() {
  std::lock_guard lock{mutex_};
  if (--count_ == 0) none_.notify_all();
}

bool session_count::wait_for_none(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock{mutex_};
  return none_.wait_until(lock, deadline, [this] { return count_ == 0; });
}

session_group::session_group(asio::io_context& context, std::shared_ptr<server_state> server,
                             std::shared_ptr<session_count> count, std::size_t groups)
    : context_(context),
      server_(std::move(server)),
      count_(std::move(count)),
      buffered_max_(server_->config.clients_bytes_max / groups),
      accesses_(server_->config.accesses, server_->instances().size(), server_->node.metrics),
      timer_(context) {}

void session_group::start() {
  asio::post(context_, [self = shared_from_this()] { self->sweep(); });
}

void session_group::add(asio::ip::tcp::socket socket) {
  asio::dispatch(context_, [self = shared_from_this(), socket = std::move(socket)]() mutable {
    auto made = std::make_shared<resp_session>(std::move(socket), self->server_, self->accesses_,
                                               [self](resp_session& session) { self->closed(session); });
    self->sessions_.emplace(made.get(), made);
    self->server_->node.metrics->clients.add(1);
    self->ending_ ? made->close() : made->start();
  });
}

void session_group::drain() {
  asio::post(context_, [self = shared_from_this()] {
    self->ending_ = true;
    auto sessions = self->sessions_;
    for (auto& each : sessions) each.second->drain();
  });
}

void session_group::close() {
  asio::post(context_, [self = shared_from_this()] {
    self->ending_ = true;
    self->timer_.cancel();
    auto sessions = self->sessions_;
    for (auto& each : sessions) each.second->close();
  });
}

void session_group::sweep() {
  if (ending_ && sessions_.empty()) return; // close() comes too late to cancel a timer that has just expired
  auto now = std::chrono::steady_clock::now();
  std::vector<std::shared_ptr<resp_session>> sessions; // as some close and leave sessions_
  sessions.reserve(sessions_.size());
  for (auto& each : sessions_) sessions.push_back(each.second);
  for (auto& each : sessions) each->check_stalled(now);
  drop_largest(std::move(sessions));
  accesses_.flush();
  server_->command_rate.sample(server_->node.metrics->commands.value(), now);
  auto step = std::clamp<std::chrono::milliseconds>(server_->config.client_stalled_max / 4, 20ms, 1s);
  timer_.expires_after(step);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->sweep();
  });
}

void session_group::drop_largest(std::vector<std::shared_ptr<resp_session>> sessions) const {
  std::size_t all = 0;
  for (auto& each : sessions) all += each->buffered();
  if (all <= buffered_max_) return;
  std::sort(sessions.begin(), sessions.end(), [](auto& a, auto& b) { return a->buffered() > b->buffered(); });
  for (auto each = sessions.begin(); all > buffered_max_; ++each) {
    all -= (*each)->buffered();
    (*each)->drop_large();
  }
}

void session_group::closed(resp_session& session) {
  if (sessions_.erase(&session) == 0) return;
  server_->node.metrics->clients.add(-1);
  count_->remove();
}

} // namespace argentum::net
