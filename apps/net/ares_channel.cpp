// SPDX-License-Identifier: Apache-2.0
#include "apps/net/ares_channel.hpp"

#include "messages/oracle_limits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace argentum::net {

namespace {

using descriptor = boost::asio::posix::stream_descriptor;

/// Each attempt waits twice as long as the one before it.
constexpr int attempts = 2;
constexpr auto first_attempt = std::chrono::milliseconds{limits::dns_timeout} / 3;

} // namespace

caf::expected<std::shared_ptr<ares_channel>> ares_channel::make(boost::asio::io_context& loop,
                                                                const std::vector<std::string>& servers) {
  std::shared_ptr<ares_channel> made{new ares_channel{loop}};
  static char dns_only[] = "b";
  ares_options options{};
  options.timeout = static_cast<int>(first_attempt.count());
  options.tries = attempts;
  options.lookups = dns_only;
  options.sock_state_cb = on_socket;
  options.sock_state_cb_data = made.get();
  auto mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB;
  if (auto failed = ares_init_options(&made->channel_, &options, mask); failed != ARES_SUCCESS)
    return make_error(errc::unavailable, fmt::format("c-ares: {}", ares_strerror(failed)));
  if (servers.empty()) return made;
  auto list = fmt::format("{}", fmt::join(servers, ","));
  if (auto failed = ares_set_servers_ports_csv(made->channel_, list.c_str()); failed != ARES_SUCCESS)
    return make_error(errc::invalid, fmt::format("DNS servers \"{}\": {}", list, ares_strerror(failed)));
  return made;
}

ares_channel::~ares_channel() {
  if (channel_ != nullptr) ares_destroy(channel_);
  for (auto& [fd, each] : sockets_) each->descriptor.release();
}

void ares_channel::on_socket(void* channel, ares_socket_t fd, int readable, int writable) {
  static_cast<ares_channel*>(channel)->watch(fd, readable != 0, writable != 0);
}

/// c-ares closes its sockets itself.
void ares_channel::watch(ares_socket_t fd, bool read, bool write) {
  auto& slot = sockets_[fd];
  if (!read && !write) {
    if (slot) slot->descriptor.release();
    sockets_.erase(fd);
    return;
  }
  if (!slot) slot = std::make_shared<watched>(loop_, fd);
  slot->read = read;
  slot->write = write;
  auto which = slot;
  wait(which, false);
  wait(which, true);
}

void ares_channel::wait(const std::shared_ptr<watched>& which, bool to_write) {
  if (!(to_write ? which->write : which->read)) return;
  if (std::exchange(to_write ? which->writing : which->reading, true)) return;
  auto fd = which->descriptor.native_handle();
  auto ready = [weak = weak_from_this(), which, fd, to_write](boost::system::error_code failed) {
    (to_write ? which->writing : which->reading) = false;
    auto self = weak.lock();
    if (failed || !self || !which->descriptor.is_open()) return;
    if (to_write ? which->write : which->read)
      self->process(to_write ? ARES_SOCKET_BAD : fd, to_write ? fd : ARES_SOCKET_BAD);
    if (which->descriptor.is_open()) self->wait(which, to_write);
  };
  which->descriptor.async_wait(to_write ? descriptor::wait_write : descriptor::wait_read, std::move(ready));
}

void ares_channel::process(ares_socket_t readable, ares_socket_t writable) {
  ares_process_fd(channel_, readable, writable);
  arm();
}

void ares_channel::arm() {
  timeval room{};
  const auto* next = ares_timeout(channel_, nullptr, &room);
  if (next == nullptr) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(std::chrono::seconds{next->tv_sec} + std::chrono::microseconds{next->tv_usec + 1});
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code failed) {
    if (failed) return;
    if (auto self = weak.lock()) self->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  });
}

} // namespace argentum::net
