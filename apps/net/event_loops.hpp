// SPDX-License-Identifier: Apache-2.0
// The node's event loops: one io_context and one thread each, so that a session never needs a lock. Shared by the
// client, peer and HTTP listeners.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace argentum::net {

class event_loops {
 public:
  /// Starts `count` threads. 0: one per core but one, at least one: that core is for the actors and for compaction,
  /// and loops that share cores with other threads mostly put each other to sleep.
  explicit event_loops(unsigned count = 0);
  ~event_loops();

  std::size_t size() const noexcept { return loops_.size(); }
  boost::asio::io_context& at(std::size_t i) noexcept { return loops_[i]->context; }
  /// Round robin, for new sessions.
  boost::asio::io_context& next() noexcept;
  /// Stops all threads; handlers that did not run are destroyed with this object.
  void stop();

 private:
  struct loop_context : boost::asio::io_context {
    using boost::asio::execution_context::shutdown; ///< destroys the handlers, keeps what they refer to
    using boost::asio::io_context::io_context;
  };
  struct loop {
    loop_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
    std::thread thread;
  };
  std::vector<std::unique_ptr<loop>> loops_;
  std::atomic<std::size_t> turn_{0};
};

} // namespace argentum::net
