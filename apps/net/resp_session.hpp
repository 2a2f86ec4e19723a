// SPDX-License-Identifier: Apache-2.0
// One connected client on one event loop, without a lock: reads, runs the complete commands, sends all replies of a
// turn in one write. It stops reading while its replies do not drain or too many of them wait, so its memory is
// bounded by what it pauses at plus one command and one reply. A turn is bounded too: a deep pipeline goes on in
// the next turn, after the loop's other sessions, and so does a command of very many keys.
//
// A command that may not run yet (a read behind an unanswered write) is held: its arguments are views into the
// parser's buffer, so nothing is read meanwhile.
#pragma once

#include "apps/net/command.hpp"
#include "apps/net/resp_parser.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace argentum::net {

class resp_session : public std::enable_shared_from_this<resp_session> {
 public:
  using clock = std::chrono::steady_clock;
  /// Runs on the loop when the session has closed; the last that it does.
  using closed_callback = std::function<void(resp_session&)>;

  /// `accesses` is that of the loop; it lives as long as `on_closed`.
  resp_session(boost::asio::ip::tcp::socket socket, std::shared_ptr<server_state> server, access_sampler& accesses,
               closed_callback on_closed);
  ~resp_session();

  // All on the session's loop.
  void start();
  /// Reads no more, answers what was received, flushes, closes; at once if it waits for an index or a digest.
  void drain();
  void close();
  /// Takes the buffers of a silent client; drops one that sends nothing for too long, takes no replies, does not
  /// hang up after its last one, or has left while it waits for an index.
  void check_stalled(clock::time_point now);
  /// Bytes of its buffers, about.
  std::size_t buffered() const noexcept { return parser_.capacity() + unsent(); }
  /// For its buffers, as those of all clients are too large.
  void drop_large();

  std::uint64_t id() const noexcept { return client_.card->id; }

 private:
  enum class state : std::uint8_t { open, last_words, lingering, closed };

  void wait_readable();
  void on_readable();
  void run();
  bool run_one();
  void post_turn();
  void hold_next();
  void say_malformed();
  bool paused() const noexcept;
  void add_counts();
  void send();
  void send_rest();
  void note_sent(std::size_t bytes);
  void all_sent();
  void on_replies();
  void go_on();
  bool client_left() noexcept;
  bool idle_too_long(clock::time_point now) const noexcept;
  void give_buffers_back();
  void linger();
  void discard_input();
  std::size_t unsent() const noexcept { return queue_.bytes() + sending_.size() - sent_; }

  boost::asio::ip::tcp::socket socket_;
  std::shared_ptr<server_state> server_;
  closed_callback on_closed_;
  write_gatherer& writes_;
  access_sampler& accesses_;
  client_state client_;
  resp_parser parser_;
  reply_queue queue_;
  std::shared_ptr<reply_inbox> inbox_;
  turn_counts counts_;
  turn_views views_;

  std::vector<std::string_view> args_; ///< of the held command
  const command_row* row_ = nullptr;   ///< of the held command; null = unknown command
  bool held_ = false;                  ///< args_ and row_ are set and did not run yet, or not to the end
  command_rest rest_;                  ///< of the held command that has run in part
  std::string scratch_;
  std::string sending_;
  std::size_t sent_ = 0; ///< of sending_
  std::vector<late_reply> arrived_;
  clock::time_point progress_; ///< last time that bytes left, or that there were none to leave
  int kernel_queued_ = 0;      ///< bytes that the kernel still had to deliver at the last sweep
  state state_ = state::open;
  bool writing_ = false;
  bool waiting_readable_ = false;
  bool turn_posted_ = false;
  bool input_ended_ = false;
  bool draining_ = false;
  bool pause_counted_ = false;
};

} // namespace argentum::net
