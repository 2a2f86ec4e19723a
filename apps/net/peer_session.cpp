// SPDX-License-Identifier: Apache-2.0
#include "apps/net/peer_session.hpp"

#include "apps/net/address.hpp"
#include "messages/limits.hpp"
#include "messages/wire/codec.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <sys/socket.h>
#include <utility>

namespace argentum::net {

using boost::asio::ip::tcp;

std::string remote_name(const tcp::socket& socket) {
  boost::system::error_code failure;
  auto remote = socket.remote_endpoint(failure);
  if (failure) return "unknown";
  auto host = remote.address().to_string();
  return remote.address().is_v6() ? fmt::format("[{}]:{}", host, remote.port())
                                  : fmt::format("{}:{}", host, remote.port());
}

peer_session::peer_session(tcp::socket socket, link_id link, std::string remote, session_owner owner)
    : socket_(std::move(socket)),
      link_(link),
      remote_(std::move(remote)),
      owner_(std::move(owner)),
      resolver_(socket_.get_executor()),
      timer_(socket_.get_executor()) {}

void peer_session::on_loop(void (peer_session::*step)()) {
  boost::asio::post(socket_.get_executor(), [self = shared_from_this(), step] { (self.get()->*step)(); });
}

caf::error peer_session::failure(errc code, const error_code& why) const {
  auto text = why == boost::asio::error::eof ? std::string{"closed by the peer"} : why.message();
  return make_error(code, fmt::format("{}: {}", remote_, text));
}

// -- start
// ----------------------------------------------------------------------------------------------------------

void peer_session::dial() {
  on_loop(&peer_session::resolve);
}

void peer_session::accept() {
  on_loop(&peer_session::greet);
}

void peer_session::greet() {
  if (finished_) return;
  owner_.inbox->accepted({link_, remote_});
  open();
}

void peer_session::resolve() {
  if (finished_) return;
  auto target = parse_address(remote_);
  if (!target) return finish(target.error());
  timer_.expires_after(limits::dial_timeout);
  timer_.async_wait([self = shared_from_this()](error_code stopped) {
    if (!stopped && !self->open_) self->finish(self->failure(errc::unreachable, boost::asio::error::timed_out));
  });
  resolver_.async_resolve(target->host, std::to_string(target->port),
                          [self = shared_from_this()](error_code failed, const tcp::resolver::results_type& found) {
                            if (self->finished_) return;
                            if (failed) return self->finish(self->failure(errc::unreachable, failed));
                            self->connect(found);
                          });
}

void peer_session::connect(const tcp::resolver::results_type& found) {
  boost::asio::async_connect(socket_, found, [self = shared_from_this()](error_code failed, const tcp::endpoint&) {
    if (self->finished_) return;
    if (failed) return self->finish(self->failure(errc::unreachable, failed));
    self->timer_.cancel();
    self->owner_.inbox->dialled({self->link_});
    self->open();
  });
}

void peer_session::open() {
  open_ = true;
  error_code ignored; // a socket that broke meanwhile says so when it is read
  socket_.set_option(tcp::no_delay{true}, ignored);
  socket_.set_option(boost::asio::socket_base::keep_alive{true}, ignored);
  read();
  flush();
}

// -- in
// -------------------------------------------------------------------------------------------------------------

void peer_session::read() {
  auto room = reader_.prepare();
  socket_.async_read_some(boost::asio::buffer(room.data(), room.size()), [self = shared_from_this()](
                                                                             error_code failed, std::size_t bytes) {
    if (self->finished_) return;
    if (!failed) return self->take_in(bytes);
    self->finish(self->leaving_ ? std::move(self->leave_reason_) : self->failure(errc::link_lost, failed));
  });
}

void peer_session::take_in(std::size_t bytes) {
  reader_.commit(bytes);
  std::string_view payload;
  for (;;) {
    switch (reader_.next(payload)) {
    case wire::frame_reader::step::more: return read();
    case wire::frame_reader::step::corrupt: return finish_corrupt("length or checksum of a frame is wrong");
    case wire::frame_reader::step::frame:
      if (!deliver(payload)) return finish_corrupt("a message is malformed");
    }
  }
}

bool peer_session::deliver(std::string_view payload) {
  if (leaving_) return true;
  auto message = wire::decode(payload);
  if (message) owner_.inbox->received(link_, std::move(*message));
  return static_cast<bool>(message);
}

// -- out
// ------------------------------------------------------------------------------------------------------------

void peer_session::send(const peer_message& message) {
  auto frame = wire::encode(message, compress_.load(std::memory_order_relaxed), wire::frame_header_bytes);
  if (frame.size() > wire::frame_header_bytes + limits::frame_bytes_max)
    return end(
        make_error(errc::too_large, fmt::format("{}: a message of {} bytes fits no frame", remote_, frame.size())));
  wire::seal_frame(frame);
  {
    std::lock_guard lock{mutex_};
    if (closing_ || (!busy_ && sent_at_once(frame))) return;
    outbox_.push(std::move(frame));
    if (outbox_.unsent_bytes() <= limits::link_outbox_bytes_max) {
      if (!std::exchange(busy_, true)) on_loop(&peer_session::flush);
      return;
    }
    closing_ = true;
  }
  owner_.metrics->links_overloaded.add();
  spdlog::warn("argentum.peer_link {}: dropped, it takes its data too slowly", remote_);
  end(make_error(errc::overloaded, fmt::format("{}: too many unsent bytes", remote_)));
}

/// A small frame with nothing before it goes to the kernel from here: waking the loop for it would cost the
/// receiver more time than everything else on the way. What the kernel does not take is left in `frame`.
bool peer_session::sent_at_once(std::string& frame) {
  if (frame.size() > outbox::joined_bytes) return false;
  auto sent = ::send(socket_.native_handle(), frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent > 0) frame.erase(0, static_cast<std::size_t>(sent)); // an error is found again by the loop
  return frame.empty();
}

void peer_session::flush() {
  if (finished_) return;
  {
    std::lock_guard lock{mutex_};
    writing_ = outbox_.take();
    busy_ = !writing_.empty();
  }
  if (writing_.empty()) return leaving_ ? shut() : void();
  std::vector<boost::asio::const_buffer> buffers;
  buffers.reserve(writing_.size());
  for (const auto& bytes : writing_) buffers.push_back(boost::asio::buffer(bytes));
  boost::asio::async_write(socket_, buffers, [self = shared_from_this()](error_code failed, std::size_t) {
    {
      std::lock_guard lock{self->mutex_};
      self->outbox_.written();
    }
    if (!failed) return self->flush();
    self->finish(self->leaving_ ? std::move(self->leave_reason_) : self->failure(errc::link_lost, failed));
  });
}

// -- end
// ------------------------------------------------------------------------------------------------------------

void peer_session::hang_up(caf::error reason) {
  {
    std::lock_guard lock{mutex_};
    if (std::exchange(closing_, true)) return;
  }
  boost::asio::post(socket_.get_executor(), [self = shared_from_this(), reason = std::move(reason)]() mutable {
    self->leave(std::move(reason));
  });
}

void peer_session::leave(caf::error reason) {
  if (finished_) return;
  if (!open_) return finish(std::move(reason));
  leaving_ = true;
  leave_reason_ = std::move(reason);
  timer_.expires_after(limits::hang_up_flush);
  timer_.async_wait([self = shared_from_this()](error_code stopped) {
    if (!stopped && !self->finished_) self->finish(std::move(self->leave_reason_));
  });
  std::unique_lock lock{mutex_};
  bool drained = !busy_;
  lock.unlock();
  if (drained) shut();
}

/// Says that no more follows and waits for the peer to close: closing with unread bytes would reset the connection
/// and could take the last message away from the peer.
void peer_session::shut() {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void peer_session::drop(caf::error reason) {
  {
    std::lock_guard lock{mutex_};
    if (closing_) return; // it ends by itself, soon
  }
  end(std::move(reason));
}

void peer_session::end(caf::error reason) {
  {
    std::lock_guard lock{mutex_};
    closing_ = true;
    outbox_.clear();
  }
  boost::asio::post(socket_.get_executor(), [self = shared_from_this(), reason = std::move(reason)]() mutable {
    self->finish(std::move(reason));
  });
}

void peer_session::finish_corrupt(const char* what) {
  owner_.metrics->frames_corrupt.add();
  spdlog::warn("argentum.peer_link {}: dropped, {}", remote_, what);
  finish(make_error(errc::corrupt, fmt::format("{}: {}", remote_, what)));
}

void peer_session::finish(caf::error reason) {
  if (std::exchange(finished_, true)) return;
  {
    std::lock_guard lock{mutex_};
    closing_ = true;
    outbox_.clear();
  }
  timer_.cancel();
  resolver_.cancel();
  error_code ignored;
  socket_.close(ignored);
  owner_.inbox->broken({link_, std::move(reason)});
  owner_.inbox.reset(); // a late handler must not keep the node's actors alive
  owner_.finished();
  owner_.finished = nullptr;
}

} // namespace argentum::net
