// SPDX-License-Identifier: Apache-2.0
#include "apps/net/resp_session.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <utility>

namespace argentum::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// One read takes what the buffer has room for, at least this.
constexpr std::size_t read_bytes_min = 16 * limits::kib;

/// A vector of arguments that a huge command has left behind is given back.
constexpr std::size_t args_kept = 64;

std::string to_text(const asio::ip::tcp::endpoint& at) {
  return at.address().is_v6() ? fmt::format("[{}]:{}", at.address().to_string(), at.port())
                              : fmt::format("{}:{}", at.address().to_string(), at.port());
}

resp_limits parser_limits(const resp_server_config& config) {
  resp_limits limits;
  limits.bulk_bytes_max = config.value_bytes_max + limits::mib;
  return limits;
}

} // namespace

resp_session::resp_session(asio::ip::tcp::socket socket, std::shared_ptr<server_state> server,
                           access_sampler& accesses, closed_callback on_closed)
    : socket_(std::move(socket)),
      server_(std::move(server)),
      on_closed_(std::move(on_closed)),
      writes_(write_gatherer::of(socket_.get_executor().context())),
      accesses_(accesses),
      parser_(parser_limits(server_->config)),
      progress_(clock::now()) {
  error_code ignored;
  client_.card = std::make_shared<client_card>();
  client_.card->address = to_text(socket_.remote_endpoint(ignored));
  client_.card->local_address = to_text(socket_.local_endpoint(ignored));
  client_.card->connected = progress_;
  client_.card->last_active = progress_;
}

resp_session::~resp_session() {
  server_->clients.remove(id());
}

void resp_session::start() {
  client_.card->close = [self = weak_from_this(), executor = socket_.get_executor()] {
    asio::post(executor, [self] {
      if (auto session = self.lock()) session->close();
    });
  };
  server_->clients.add(client_.card);
  inbox_ = std::make_shared<reply_inbox>(socket_.get_executor(), [weak = weak_from_this()] {
    if (auto self = weak.lock()) self->on_replies();
  });
  error_code error;
  socket_.set_option(asio::ip::tcp::no_delay{true}, error);
  socket_.set_option(asio::socket_base::keep_alive{true}, error);
  socket_.non_blocking(true, error);
  wait_readable();
}

void resp_session::drain() {
  if (state_ == state::lingering) return close();
  input_ended_ = draining_ = true;
  run();
}

void resp_session::close() {
  if (state_ == state::closed) return;
  state_ = state::closed;
  auto self = shared_from_this();
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  on_closed_(*this);
}

void resp_session::check_stalled(clock::time_point now) {
  if (idle_too_long(now)) {
    server_->node.metrics->clients_idle.add();
    return close();
  }
  if (now - client_.card->last_active.load() > limits::client_buffer_idle) give_buffers_back();
  if (state_ == state::lingering && now - progress_ > limits::client_linger) return close();
  if (queue_.waits_for_index() && client_left()) return close();
  // A slow client frees the kernel's buffer byte by byte long before there is room for another write.
  int queued = 0;
  if (writing_ && ::ioctl(socket_.native_handle(), SIOCOUTQ, &queued) == 0 && queued != kernel_queued_) {
    kernel_queued_ = queued;
    progress_ = now;
  }
  if (!writing_ || now - progress_ <= server_->config.client_stalled_max) return;
  server_->node.metrics->clients_stalled.add();
  spdlog::warn("argentum.clients: dropped {}: it took no replies for {} ms, {} bytes were waiting",
               client_.card->address, server_->config.client_stalled_max.count(), unsent());
  close();
}

void resp_session::drop_large() {
  server_->node.metrics->clients_too_large.add();
  spdlog::warn("argentum.clients: dropped {}: all clients together hold too much, this one {} bytes",
               client_.card->address, buffered());
  close();
}

void resp_session::wait_readable() {
  if (waiting_readable_ || input_ended_) return;
  waiting_readable_ = true;
  // An idle client costs no buffer: it is made when there is something to read.
  parser_.release_idle();
  if (args_.capacity() > args_kept) std::vector<std::string_view>{}.swap(args_);
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
    self->waiting_readable_ = false;
    if (self->state_ == state::lingering) return self->discard_input();
    if (self->state_ != state::open || error == asio::error::operation_aborted) return;
    self->on_readable();
  });
}

void resp_session::on_readable() {
  if (held_ || input_ended_ || state_ != state::open) return; // drained, or ended, since the wait began
  auto room = parser_.prepare(read_bytes_min);
  error_code error;
  auto bytes = socket_.read_some(asio::buffer(room.data(), room.size()), error);
  if (error == asio::error::would_block) return wait_readable();
  if (error && error != asio::error::eof) return close();
  if (error == asio::error::eof) input_ended_ = true;
  parser_.commit(bytes);
  server_->node.metrics->bytes_received.add(bytes);
  client_.card->last_active = clock::now();
  run();
}

/// One turn: everything that may run now, within the turn's bounds, then one write.
void resp_session::run() {
  if (turn_posted_) return;
  auto bytes_before = unsent();
  while (state_ == state::open && run_one()) {
    if (!rest_ && counts_.work() < limits::turn_work_max && unsent() <= bytes_before + limits::mib) continue;
    post_turn();
    break;
  }
  views_.clear();
  if (scratch_.capacity() > limits::client_buffer_kept) std::string{}.swap(scratch_);
  add_counts();
  send();
  go_on();
}

void resp_session::post_turn() {
  if (std::exchange(turn_posted_, true)) return;
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->turn_posted_ = false;
    self->run();
  });
}

/// Runs the next command, or the next part of one; false if there is none, or it may not run yet.
bool resp_session::run_one() {
  if (!held_) hold_next();
  if (!held_) return false;
  if (paused()) {
    if (!std::exchange(pause_counted_, true)) server_->node.metrics->clients_paused.add();
    return false;
  }
  pause_counted_ = false;
  bool only_queues = row_ == nullptr || (client_.multi && row_->plan != nullptr);
  if (!queue_.may_run(only_queues ? run_rule::any : row_->rule)) return false;
  if (row_) client_.card->last_command.store(row_->name.data(), std::memory_order_relaxed);
  command_call call{args_, client_, *server_, counts_, scratch_, queue_, views_, inbox_, writes_, accesses_, rest_};
  if (!rest_)
    run_command(row_, call);
  else if (rest_(call))
    rest_ = nullptr;
  held_ = rest_ != nullptr;
  if (client_.close) state_ = state::last_words;
  return true;
}

void resp_session::hold_next() {
  switch (parser_.next(args_)) {
  case parse_status::need_more: return;
  case parse_status::malformed: return say_malformed();
  case parse_status::command: row_ = server_->commands.find(args_[0]); held_ = true;
  }
}

void resp_session::say_malformed() {
  server_->node.metrics->protocol_errors.add();
  spdlog::debug("argentum.clients: {} sent malformed input", client_.card->address);
  resp_writer{queue_.tail(), client_.protocol, &counts_.errors}.error("ERR " + parser_.error());
  state_ = state::last_words;
}

bool resp_session::paused() const noexcept {
  return unsent() > server_->config.outbox_pause_bytes || queue_.waiting() >= server_->config.pending_max
         || queue_.written_bytes() >= limits::client_write_bytes_max;
}

void resp_session::add_counts() {
  auto counts = std::exchange(counts_, {});
  auto& m = *server_->node.metrics;
  if (counts.commands > 0) m.commands.add(counts.commands);
  if (counts.errors > 0) m.command_errors.add(counts.errors);
  if (counts.hits > 0) m.keyspace_hits.add(counts.hits);
  if (counts.misses > 0) m.keyspace_misses.add(counts.misses);
}

/// After a turn: what is this session waiting for?
void resp_session::go_on() {
  if (state_ == state::closed || turn_posted_) return;
  // Who waits for an index may wait for ever, and asks another node instead; a digest may take minutes.
  if (draining_ && !queue_.may_run(run_rule::any) && queue_.waiting() == 1 && !writing_) return close();
  bool flushed = !writing_ && queue_.waiting() == 0 && queue_.bytes() == 0;
  if (state_ == state::last_words) {
    if (flushed) linger();
    return;
  }
  if (held_) return; // a reply that arrives, or bytes that leave, start the next turn
  if (!input_ended_) return wait_readable();
  error_code error;
  if (flushed) socket_.available(error) > 0 ? linger() : close();
}

/// It has sent nothing for too long, and nothing is owed to it.
bool resp_session::idle_too_long(clock::time_point now) const noexcept {
  auto most = server_->config.client_idle_max;
  return most.count() > 0 && state_ == state::open && !writing_ && queue_.waiting() == 0
         && now - client_.card->last_active.load() > most;
}

/// Of a client that has fallen silent; one that comes back makes new ones.
void resp_session::give_buffers_back() {
  if (held_ || writing_ || queue_.waiting() > 0 || queue_.bytes() > 0) return;
  std::string{}.swap(scratch_);
  std::string{}.swap(sending_);
  std::string{}.swap(queue_.ready());
  std::vector<late_reply>{}.swap(arrived_);
}

/// Asked of the system, as nothing is read while a command is held. Redis too takes a half-closed client for gone.
bool resp_session::client_left() noexcept {
  pollfd socket{socket_.native_handle(), POLLRDHUP, 0};
  return ::poll(&socket, 1, 0) == 1;
}

/// All is said. Closing with unread input would reset the connection, and the last words could be lost with it: so
/// only the sending side is closed, and what still comes is read away until the client hangs up.
void resp_session::linger() {
  state_ = state::lingering;
  progress_ = clock::now();
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  if (!waiting_readable_) discard_input();
}

void resp_session::discard_input() {
  std::array<char, 16 * limits::kib> waste;
  error_code error;
  auto bytes = socket_.read_some(asio::buffer(waste), error);
  if (bytes == 0 && error != asio::error::would_block) return close();
  waiting_readable_ = true;
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](error_code failed) {
    self->waiting_readable_ = false;
    if (!failed && self->state_ == state::lingering) self->discard_input();
  });
}

/// What the kernel takes at once leaves in this turn; the rest when the kernel has room.
void resp_session::send() {
  if (writing_ || state_ == state::closed || queue_.ready().empty()) return;
  sending_.swap(queue_.ready());
  error_code error;
  auto bytes = socket_.write_some(asio::buffer(sending_), error);
  if (error && error != asio::error::would_block) return close();
  note_sent(bytes);
  if (sent_ < sending_.size()) return send_rest();
  all_sent();
  if (held_) post_turn(); // it may have been for the bytes that have left now
}

void resp_session::send_rest() {
  writing_ = true;
  progress_ = clock::now();
  socket_.async_write_some(asio::buffer(sending_) + sent_,
                           [self = shared_from_this()](error_code error, std::size_t bytes) {
                             if (self->state_ == state::closed) return;
                             if (error) return self->close();
                             self->note_sent(bytes);
                             if (self->sent_ < self->sending_.size()) return self->send_rest();
                             self->all_sent();
                             self->run();
                           });
}

void resp_session::note_sent(std::size_t bytes) {
  server_->node.metrics->bytes_sent.add(bytes);
  sent_ += bytes;
}

void resp_session::all_sent() {
  writing_ = false;
  sent_ = 0;
  sending_.clear();
  if (sending_.capacity() > limits::client_buffer_kept) std::string{}.swap(sending_);
}

void resp_session::on_replies() {
  if (state_ == state::closed || state_ == state::lingering) return;
  inbox_->take(arrived_);
  for (auto& each : arrived_) {
    std::string text;
    resp_writer out{text, client_.protocol, &counts_.errors};
    each.write(client_, out);
    queue_.fill(each.slot, std::move(text));
  }
  arrived_.clear();
  run();
}

} // namespace argentum::net
