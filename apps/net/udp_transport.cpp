// SPDX-License-Identifier: Apache-2.0
#include "apps/net/udp_transport.hpp"

#include "messages/oracle_limits.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace argentum::net {

namespace {

using boost::asio::ip::udp;

/// How long a resolved name is used, and a name that could not be resolved is not asked for again.
constexpr std::chrono::minutes name_memory{1};
/// What the socket holds while the process does not run: a member that stood still for a second has some hundred.
constexpr int socket_bytes = 1024 * 1024;

std::string text_of(const udp::endpoint& at) {
  auto host = at.address().to_string();
  return at.address().is_v6() ? fmt::format("[{}]:{}", host, at.port()) : fmt::format("{}:{}", host, at.port());
}

} // namespace

udp_transport::udp_transport(event_loops& loops) : loop_(loops.next()), socket_(loop_), resolver_(loop_) {}

caf::expected<void> udp_transport::open(const address& at) {
  boost::system::error_code error;
  auto found = udp::resolver{loop_}.resolve(at.host, std::to_string(at.port), udp::resolver::passive, error);
  if (error) return make_error(errc::invalid, fmt::format("cannot resolve {}: {}", at.host, error.message()));
  auto where = found.begin()->endpoint();
  socket_.open(where.protocol(), error);
  if (!error) socket_.bind(where, error);
  if (error)
    return make_error(errc::unavailable,
                      fmt::format("cannot use UDP {}:{}: {}", at.host, at.port, error.message()));
  socket_.set_option(boost::asio::socket_base::receive_buffer_size{socket_bytes}, error); // less will do as well
  socket_.non_blocking(true, error);
  return caf::unit;
}

std::uint16_t udp_transport::port() const {
  boost::system::error_code closed;
  return socket_.local_endpoint(closed).port();
}

void udp_transport::start(datagram_inbox inbox) {
  {
    std::lock_guard lock{inbox_mutex_};
    inbox_ = std::move(inbox);
  }
  boost::asio::post(loop_, [self = shared_from_this()] { self->receive(); });
}

void udp_transport::close() {
  {
    std::lock_guard lock{inbox_mutex_};
    inbox_ = nullptr;
  }
  boost::asio::post(loop_, [self = shared_from_this()] {
    boost::system::error_code ignored;
    self->socket_.close(ignored);
    self->resolver_.cancel();
  });
}

void udp_transport::receive() {
  socket_.async_receive_from(boost::asio::buffer(buffer_), sender_,
                             [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
                               if (error == boost::asio::error::operation_aborted || !self->socket_.is_open())
                                 return;
                               if (!error && size <= limits::datagram_bytes_max) {
                                 std::lock_guard lock{self->inbox_mutex_};
                                 if (self->inbox_)
                                   self->inbox_({text_of(self->sender_), std::string{self->buffer_.data(), size}});
                               }
                               self->receive();
                             });
}

void udp_transport::send(const std::string& address, std::string bytes) {
  boost::asio::post(loop_, [self = shared_from_this(), address, bytes = std::move(bytes)] {
    if (self->socket_.is_open()) self->send_now(address, bytes);
  });
}

void udp_transport::send_now(const std::string& address, const std::string& bytes) {
  auto now = clock::now();
  auto found = addresses_.find(address);
  if (found == addresses_.end() || found->second.until < now) {
    resolve(address);
    found = addresses_.find(address);
  }
  if (found == addresses_.end() || found->second.at.port() == 0) return;
  boost::system::error_code lost; // a full buffer, no route: as any datagram may be
  socket_.send_to(boost::asio::buffer(bytes), found->second.at, 0, lost);
}

/// A numeric address is known at once; for others, what is known is used meanwhile.
void udp_transport::resolve(const std::string& text) {
  if (addresses_.size() > 2 * limits::members_max) addresses_.clear();
  auto until = clock::now() + name_memory;
  auto parsed = parse_address(text);
  if (!parsed) return void(addresses_.insert_or_assign(text, known{{}, until}));
  boost::system::error_code no_number;
  auto ip = boost::asio::ip::make_address(parsed->host, no_number);
  if (!no_number) return void(addresses_.insert_or_assign(text, known{{ip, parsed->port}, until}));
  addresses_[text].until = until;
  resolver_.async_resolve(
      parsed->host, std::to_string(parsed->port),
      [self = shared_from_this(), text, until](const boost::system::error_code& error, const auto& found) {
        if (error == boost::asio::error::operation_aborted) return;
        if (error) return spdlog::warn("argentum.udp: cannot resolve {}: {}", text, error.message());
        for (const auto& each : found)
          if (each.endpoint().protocol() == self->socket_.local_endpoint().protocol())
            return void(self->addresses_.insert_or_assign(text, known{each.endpoint(), until}));
      });
}

} // namespace argentum::net
