// SPDX-License-Identifier: Apache-2.0
// Brings answers of actors and workers home: any thread puts them in, the session's event loop gets them in one go.
// Only the first answer that finds it empty posts to the loop, at the end of a reply_burst. Answers for a session
// that is gone are dropped; the inbox never keeps one alive, so sessions always die on their own loop.
#pragma once

#include "apps/net/resp_writer.hpp"
#include "messages/reply_burst.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace argentum::net {

struct client_state;

struct late_reply {
  std::uint64_t slot = 0;
  std::function<void(client_state&, resp_writer&)> write; ///< runs on the session's loop
};

class reply_inbox : public std::enable_shared_from_this<reply_inbox> {
 public:
  /// `wake` runs on `executor`, once for all that has come until then.
  reply_inbox(boost::asio::any_io_executor executor, std::function<void()> wake)
      : executor_(std::move(executor)), wake_(std::move(wake)) {}

  void put(late_reply reply) {
    {
      std::lock_guard lock{mutex_};
      replies_.push_back(std::move(reply));
      if (replies_.size() > 1) return;
    }
    reply_burst::at_end([self = shared_from_this()] {
      boost::asio::post(self->executor_, [self] { self->wake_(); });
    });
  }

  /// Everything that arrived, into `out`, which is overwritten.
  void take(std::vector<late_reply>& out) {
    out.clear();
    std::lock_guard lock{mutex_};
    replies_.swap(out);
  }

 private:
  boost::asio::any_io_executor executor_;
  std::function<void()> wake_;
  std::mutex mutex_;
  std::vector<late_reply> replies_;
};

} // namespace argentum::net
