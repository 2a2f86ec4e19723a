// SPDX-License-Identifier: Apache-2.0
// How an actor answers somebody who is not an actor (a client session on an event loop): a callback that runs
// exactly once, in the answering actor's thread, so it must only hand over and return. If whoever holds it dies
// without answering, the callback gets `unavailable`: no client waits for ever. The other way round, `abandoned`
// tells whoever holds it that the asker is gone and no answer is worth any more work.
#pragma once

#include "messages/error.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace argentum {

template <class T>
class reply_to {
 public:
  using callback = std::function<void(caf::expected<T>)>;
  /// Lives as long as the asker.
  using asker = std::weak_ptr<const void>;

  reply_to() = default;
  explicit reply_to(callback f) : state_(std::make_shared<state>(std::move(f))) {}
  reply_to(callback f, asker who) : reply_to(std::move(f)) { state_->who = std::move(who); }

  /// The asker was named and is gone. From any thread.
  bool abandoned() const noexcept { return state_ && state_->who && state_->who->expired(); }

  /// The first call answers, later ones do nothing. Copies share one answer.
  void deliver(caf::expected<T> answer) const {
    if (!state_ || !state_->run) return;
    std::exchange(state_->run, nullptr)(std::move(answer));
  }

 private:
  struct state {
    explicit state(callback f) : run(std::move(f)) {}
    state(const state&) = delete;
    state& operator=(const state&) = delete;
    ~state() {
      if (run) run(make_error(errc::unavailable, "the answering part has stopped"));
    }
    callback run;
    std::optional<asker> who; ///< not changed once it is shared
  };

  std::shared_ptr<state> state_;
};

} // namespace argentum
