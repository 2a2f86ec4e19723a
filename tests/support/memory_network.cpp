// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory_network.hpp"

#include "messages/wire/codec.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace argentum::test {

class memory_network::port final : public peer_transport {
 public:
  port(memory_network& network, std::string address) : network_(network), address_(std::move(address)) {}

  link_id new_link() override { return {++network_.last_link_}; }
  void dial(link_id link, std::string to) override {
    network_.post([this, link, to = std::move(to), owner = address_, &network = network_] {
      auto connect = [link, to, owner, &network] { network.connect(link, owner, to); };
      if (network.inbox_of(owner))
        connect();
      else
        network.early_dials_[owner].push_back(connect);
    });
  }
  void send(link_id link, peer_message message) override {
    auto bytes = wire::encode(message, false);
    network_.post([link, bytes = std::move(bytes), &network = network_] { network.deliver(link, bytes); });
  }
  void allow_compression(link_id) override {}
  void hang_up(link_id link, caf::error reason) override {
    network_.post(
        [link, reason = std::move(reason), &network = network_] { network.break_link(link, reason, true); });
  }

 private:
  memory_network& network_;
  std::string address_;
};

memory_network::memory_network() : thread_([this] { run(); }) {}

memory_network::~memory_network() {
  {
    std::lock_guard lock{mutex_};
    stopped_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

std::shared_ptr<peer_transport> memory_network::join(const std::string& address) {
  return std::make_shared<port>(*this, address);
}

void memory_network::attach(const std::string& address, std::shared_ptr<peer_inbox> inbox) {
  post([this, address, inbox = std::move(inbox)] {
    inboxes_[address] = inbox;
    for (auto& dial : std::exchange(early_dials_[address], {})) dial();
  });
}

void memory_network::leave(const std::string& address) {
  post([this, address] {
    inboxes_.erase(address);
    std::deque<link_id> lost;
    for (auto& [link, end] : ends_) {
      if (end.owner == address) lost.push_back(link);
    }
    for (auto link : lost) break_link(link, make_error(errc::link_lost, "the node has left"), false);
  });
}

void memory_network::post(std::function<void()> job) {
  {
    std::lock_guard lock{mutex_};
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void memory_network::run() {
  std::unique_lock lock{mutex_};
  for (;;) {
    changed_.wait(lock, [this] { return stopped_ || !jobs_.empty(); });
    if (stopped_) return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
}

std::shared_ptr<peer_inbox> memory_network::inbox_of(const std::string& address) {
  auto found = inboxes_.find(address);
  return found == inboxes_.end() ? nullptr : found->second;
}

void memory_network::connect(link_id from, const std::string& owner, const std::string& to) {
  auto dialler = inbox_of(owner);
  if (!dialler) return;
  auto target = inbox_of(to);
  if (!target) return dialler->broken({from, make_error(errc::unreachable, to + " is not there")});
  link_id other{++last_link_};
  ends_[from] = {owner, other};
  ends_[other] = {to, from};
  target->accepted({other, owner});
  dialler->dialled({from});
}

void memory_network::deliver(link_id from, const std::string& bytes) {
  auto end = ends_.find(from);
  if (end == ends_.end()) return;
  auto message = wire::decode(bytes);
  if (!message) {
    std::fprintf(stderr, "a node sent what cannot be decoded: %s\n", describe(message.error()).c_str());
    std::abort();
  }
  auto other = end->second.other;
  if (auto inbox = inbox_of(ends_.at(other).owner)) inbox->received(other, std::move(*message));
}

void memory_network::break_link(link_id link, const caf::error& reason, bool tell_owner) {
  auto found = ends_.find(link);
  if (found == ends_.end()) return;
  auto mine = found->second;
  auto other = ends_.at(mine.other);
  ends_.erase(mine.other);
  ends_.erase(link);
  if (auto inbox = inbox_of(mine.owner); inbox && tell_owner) inbox->broken({link, reason});
  if (auto inbox = inbox_of(other.owner))
    inbox->broken({mine.other, make_error(errc::link_lost, "the peer hung up")});
}

} // namespace argentum::test
