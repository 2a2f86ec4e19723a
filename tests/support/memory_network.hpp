// SPDX-License-Identifier: Apache-2.0
// A network in memory that links the nodes of one test process. Every message is encoded and decoded, as on a real
// link; one thread delivers, so the messages of a link stay in order.
#pragma once

#include "messages/transport.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace argentum::test {

class memory_network {
 public:
  memory_network();
  ~memory_network();

  /// The transport of the node at that address. Its dials wait for attach.
  std::shared_ptr<peer_transport> join(const std::string& address);
  void attach(const std::string& address, std::shared_ptr<peer_inbox> inbox);
  /// The node vanishes: its links break on the other side, and nobody reaches it until it joins again.
  void leave(const std::string& address);

 private:
  class port;
  struct link_end {
    std::string owner; ///< address of the node whose end this is
    link_id other;
  };

  void post(std::function<void()> job);
  void run();
  // In the network's thread:
  void connect(link_id from, const std::string& owner, const std::string& to);
  void deliver(link_id from, const std::string& bytes);
  void break_link(link_id link, const caf::error& reason, bool tell_owner);
  std::shared_ptr<peer_inbox> inbox_of(const std::string& address);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_; ///< under mutex_
  bool stopped_ = false;                   ///< under mutex_
  std::atomic<std::uint64_t> last_link_{0};
  std::map<std::string, std::shared_ptr<peer_inbox>> inboxes_; ///< of the network's thread
  std::map<std::string, std::deque<std::function<void()>>> early_dials_;
  std::map<link_id, link_end> ends_;
  std::thread thread_;
};

} // namespace argentum::test
