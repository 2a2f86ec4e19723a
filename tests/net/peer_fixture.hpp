// SPDX-License-Identifier: Apache-2.0
// Two ends of real TCP links on loopback: transports with an inbox that records, and raw sockets that misbehave.
#pragma once

#include "apps/net/peer_transport.hpp"
#include "messages/wire/codec.hpp"
#include "messages/wire/frame.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace argentum::test {

using boost::asio::ip::tcp;

struct recording_inbox final : peer_inbox {
  void accepted(link_accepted event) override { note(accepted_events, std::move(event)); }
  void dialled(link_dialled event) override { note(dialled_events, event); }
  void broken(link_broken event) override { note(broken_events, std::move(event)); }
  void received(link_id link, peer_message message) override {
    note(messages, std::pair{link, std::move(message)});
  }

  /// Waits until done() is true of the records; false after 30 s.
  template <class Done>
  bool wait(Done done) {
    std::unique_lock lock{mutex};
    return changed.wait_for(lock, std::chrono::seconds{30}, done);
  }
  bool wait_broken(std::size_t count = 1) {
    return wait([&] { return broken_events.size() >= count; });
  }
  std::size_t broken_count() {
    std::lock_guard lock{mutex};
    return broken_events.size();
  }
  bool wait_messages(std::size_t count) {
    return wait([&] { return messages.size() >= count; });
  }

  std::mutex mutex; // of all below
  std::condition_variable changed;
  std::vector<link_accepted> accepted_events;
  std::vector<link_dialled> dialled_events;
  std::vector<link_broken> broken_events;
  std::vector<std::pair<link_id, peer_message>> messages;

 private:
  template <class T>
  void note(std::vector<T>& records, T record) {
    std::lock_guard lock{mutex};
    records.push_back(std::move(record));
    changed.notify_all();
  }
};

/// One node's end.
struct peer_end {
  peer_end() {
    transport.attach(inbox, metrics);
    REQUIRE(transport.open({"127.0.0.1", 0}));
    transport.listen();
  }
  std::string address() const { return fmt::format("127.0.0.1:{}", transport.port()); }

  net::event_loops loops{2};
  std::shared_ptr<recording_inbox> inbox = std::make_shared<recording_inbox>();
  std::shared_ptr<node_metrics> metrics = std::make_shared<node_metrics>();
  net::tcp_peer_transport transport{loops};
};

/// Two ends and a link from `dialler` to `acceptor`.
struct linked_pair {
  linked_pair() {
    near = dialler.transport.new_link();
    dialler.transport.dial(near, acceptor.address());
    REQUIRE(dialler.inbox->wait([&] { return !dialler.inbox->dialled_events.empty(); }));
    REQUIRE(acceptor.inbox->wait([&] { return !acceptor.inbox->accepted_events.empty(); }));
    CHECK(dialler.inbox->dialled_events.front().link == near);
    far = acceptor.inbox->accepted_events.front().link;
  }
  peer_end dialler, acceptor;
  link_id near, far;
};

/// A peer of one end that speaks bytes, as the test wants.
struct raw_peer {
  explicit raw_peer(peer_end& end) {
    socket.connect({boost::asio::ip::address_v4::loopback(), end.transport.port()});
    REQUIRE(end.inbox->wait([&] { return !end.inbox->accepted_events.empty(); }));
    link = end.inbox->accepted_events.front().link;
  }
  boost::asio::io_context context;
  tcp::socket socket{context};
  link_id link; ///< as the end knows it
};

inline std::string frame_of(const peer_message& message) {
  auto frame = wire::encode(message, false, wire::frame_header_bytes);
  wire::seal_frame(frame);
  return frame;
}

inline entry_batch batch_of(std::size_t count, std::string bytes) {
  auto run = std::make_shared<std::vector<log_record>>();
  for (std::size_t i = 0; i < count; ++i) run->push_back({i + 1, i, bytes});
  return {run};
}

} // namespace argentum::test
