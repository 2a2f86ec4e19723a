// SPDX-License-Identifier: Apache-2.0
// Why the process ends, from whoever knows it first: SIGTERM or SIGINT, the admin's SHUTDOWN, a broken node. From
// then on a second signal, or limits::stop_timeout, ends the process on the spot: a stop may not hang.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <future>
#include <string>
#include <thread>

namespace argentum::app {

class stop_request {
 public:
  struct reason {
    std::string text;
    int exit_code = 0;
  };

  /// Takes over SIGTERM, SIGINT and SIGHUP, and ignores SIGPIPE. One per process.
  stop_request();
  ~stop_request();

  /// What SIGHUP does from now on until somebody asks to stop; in this thread of its own. Nothing before.
  void on_hangup(std::function<void()> f);
  /// From any thread; the first reason counts.
  void ask(reason why);
  /// Waits until somebody asks. Once.
  reason wait() { return asked_.get_future().get(); }

 private:
  void await_signal();
  void on_ask(reason why);

  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_{context_, SIGTERM, SIGINT, SIGHUP};
  std::function<void()> hangup_; ///< of the thread
  boost::asio::steady_timer deadline_{context_};
  bool is_asked_ = false; ///< of the thread
  std::promise<reason> asked_;
  std::thread thread_;
};

} // namespace argentum::app
