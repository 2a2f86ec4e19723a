// SPDX-License-Identifier: Apache-2.0
// Peers that vanish, stall, talk nonsense, or are not there.
#include "messages/limits.hpp"
#include "tests/net/peer_fixture.hpp"
#include "tests/support/wait_until.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include <list>
#include <sys/resource.h>

using namespace argentum;
using namespace argentum::test;

namespace {

/// What the end does to a peer that sends these bytes.
void check_corrupt(const std::string& bytes, std::size_t good_messages) {
  peer_end end;
  raw_peer peer{end};
  boost::asio::write(peer.socket, boost::asio::buffer(bytes));
  REQUIRE(end.inbox->wait_broken());
  CHECK(code_of(end.inbox->broken_events[0].reason) == errc::corrupt);
  CHECK(end.inbox->broken_events[0].link == peer.link);
  CHECK(end.inbox->messages.size() == good_messages);
  CHECK(end.metrics->frames_corrupt.value() == 1);
  char byte = 0;
  boost::system::error_code failed;
  boost::asio::read(peer.socket, boost::asio::buffer(&byte, 1), failed);
  CHECK(failed); // closed
}

} // namespace

TEST_CASE("corrupt bytes break the link; what came before them counts") {
  auto good = frame_of({"dns", ping{1}});
  auto bad = frame_of({"dns", ping{2}});
  bad.back() = static_cast<char>(bad.back() ^ 1);
  check_corrupt(good + good + bad + good, 2);
  check_corrupt("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 0);
  check_corrupt(std::string(100, '\0'), 0);
  auto nonsense = std::string(wire::frame_header_bytes, '\0') + "a sound frame around no message";
  wire::seal_frame(nonsense);
  check_corrupt(good + nonsense + good, 1);
}

TEST_CASE("a stream in single bytes is understood") {
  peer_end end;
  raw_peer peer{end};
  peer.socket.set_option(tcp::no_delay{true});
  auto bytes = frame_of({"dns", ping{1}}) + frame_of({"", goodbye{"bye"}});
  for (char byte : bytes) boost::asio::write(peer.socket, boost::asio::buffer(&byte, 1));
  REQUIRE(end.inbox->wait_messages(2));
  CHECK(std::get<goodbye>(end.inbox->messages[1].second.body).reason == "bye");
}

TEST_CASE("a peer that vanishes breaks the link once; later sends go nowhere") {
  for (bool reset : {false, true}) {
    peer_end end;
    raw_peer peer{end};
    if (reset) peer.socket.set_option(boost::asio::socket_base::linger{true, 0});
    peer.socket.close();
    REQUIRE(end.inbox->wait_broken());
    CHECK(code_of(end.inbox->broken_events[0].reason) == errc::link_lost);
    for (int i = 0; i < 100; ++i) end.transport.send(peer.link, {"dns", ping{1}});
    end.transport.hang_up(peer.link, make_error(errc::refused));
    end.transport.close();
    CHECK(end.inbox->broken_events.size() == 1);
  }
}

TEST_CASE("a peer that never reads is dropped when its outbox is full") {
  peer_end end;
  raw_peer peer{end};
  const auto batch = batch_of(1, std::string(limits::mib, 'v'));
  // What the kernel's buffers take comes on top of the bound.
  constexpr std::size_t sends_max = limits::link_outbox_bytes_max / limits::mib + 64;
  std::size_t sends = 0;
  for (; end.metrics->links_overloaded.value() == 0 && sends < sends_max; ++sends)
    end.transport.send(peer.link, {"dns", batch});
  CHECK(sends >= limits::link_outbox_bytes_max / limits::mib);
  CHECK(sends < sends_max);
  REQUIRE(end.inbox->wait_broken());
  CHECK(code_of(end.inbox->broken_events[0].reason) == errc::overloaded);
  end.transport.send(peer.link, {"dns", batch});
  end.transport.close();
  CHECK(end.inbox->broken_events.size() == 1);
  CHECK(end.metrics->links_overloaded.value() == 1);
}

TEST_CASE("hang_up waits for a stalled peer only so long") {
  peer_end end;
  raw_peer peer{end};
  end.transport.send(peer.link, {"dns", batch_of(1, std::string(32 * limits::mib, 'v'))});
  end.transport.hang_up(peer.link, make_error(errc::timed_out));
  REQUIRE(end.inbox->wait_broken());
  CHECK(code_of(end.inbox->broken_events[0].reason) == errc::timed_out);
}

TEST_CASE("the last message reaches a peer that reads slowly and still talks") {
  peer_end end;
  raw_peer peer{end};
  const auto hello_from_peer = frame_of({"dns", ping{1}});
  const auto last = frame_of({"", goodbye{"moving"}});
  end.transport.send(peer.link, {"dns", batch_of(1, std::string(5 * limits::mib, 'v'))});
  end.transport.send(peer.link, {"", goodbye{"moving"}});
  end.transport.hang_up(peer.link, make_error(errc::refused));
  // A closed socket would answer what the peer says with a reset, and drop what the peer has not read yet.
  std::string got, part(64 * limits::kib, '\0');
  boost::system::error_code failed, ignored;
  while (!failed) {
    got.append(part, 0, peer.socket.read_some(boost::asio::buffer(part), failed));
    boost::asio::write(peer.socket, boost::asio::buffer(hello_from_peer), ignored);
  }
  CHECK(failed == boost::asio::error::eof);
  CHECK(got.size() > 5 * limits::mib);
  CHECK(got.ends_with(last));
}

TEST_CASE("compression starts when it is allowed") {
  peer_end end;
  raw_peer peer{end};
  const peer_message batch{"dns", batch_of(1, std::string(100'000, 'v'))};
  auto read_length = [&] {
    unsigned char head[wire::frame_header_bytes];
    boost::asio::read(peer.socket, boost::asio::buffer(head));
    std::string payload(head[0] | head[1] << 8 | head[2] << 16, '\0');
    boost::asio::read(peer.socket, boost::asio::buffer(payload));
    return payload.size();
  };
  end.transport.send(peer.link, batch);
  CHECK(read_length() > 100'000);
  end.transport.allow_compression(peer.link);
  end.transport.send(peer.link, batch);
  CHECK(read_length() < 1'000);
}

TEST_CASE("a message too large for a frame breaks the link instead of the peer") {
  linked_pair pair;
  pair.dialler.transport.send(pair.near, {"dns", batch_of(1, std::string(limits::frame_bytes_max, 'v'))});
  REQUIRE(pair.dialler.inbox->wait_broken());
  CHECK(code_of(pair.dialler.inbox->broken_events[0].reason) == errc::too_large);
  REQUIRE(pair.acceptor.inbox->wait_broken());
  CHECK(code_of(pair.acceptor.inbox->broken_events[0].reason) == errc::link_lost);
}

TEST_CASE("a dial that cannot succeed is reported") {
  peer_end end;
  std::string dead;
  {
    peer_end gone;
    dead = gone.address();
  }
  auto check = [&, count = std::size_t{0}](const std::string& address, errc code) mutable {
    auto link = end.transport.new_link();
    end.transport.dial(link, address);
    REQUIRE(end.inbox->wait_broken(++count));
    CHECK(end.inbox->broken_events.back().link == link);
    CHECK(code_of(end.inbox->broken_events.back().reason) == code);
  };
  check(dead, errc::unreachable);
  check("no port", errc::invalid);
  CHECK(end.inbox->dialled_events.empty());
}

TEST_CASE("a dial can be hung up") {
  peer_end end;
  auto link = end.transport.new_link();
  end.transport.dial(link, "192.0.2.1:7000"); // reserved for documentation: nobody answers
  end.transport.hang_up(link, make_error(errc::timed_out));
  REQUIRE(end.inbox->wait_broken());
  end.transport.close();
  CHECK(end.inbox->broken_events.size() == 1);
}

TEST_CASE("a port in use is a clear error") {
  peer_end end;
  net::tcp_peer_transport second{end.loops};
  second.attach(end.inbox, end.metrics);
  auto opened = second.open({"127.0.0.1", end.transport.port()});
  REQUIRE_FALSE(opened);
  CHECK(describe(opened.error()).find("Address already in use") != std::string::npos);
}

TEST_CASE("accepted links above the bound are refused and counted") {
  rlimit files{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &files) == 0);
  files.rlim_cur = files.rlim_max;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &files) == 0);
  peer_end end;
  boost::asio::io_context context;
  std::list<tcp::socket> peers;
  for (std::size_t i = 0; i <= limits::links_max; ++i)
    peers.emplace_back(context).connect({boost::asio::ip::address_v4::loopback(), end.transport.port()});
  REQUIRE(end.inbox->wait([&] { return end.inbox->accepted_events.size() == limits::links_max; }));
  char byte = 0;
  boost::system::error_code failed;
  boost::asio::read(peers.back(), boost::asio::buffer(&byte, 1), failed);
  CHECK(failed == boost::asio::error::eof);
  CHECK(end.metrics->links_refused.value() == 1);
  peers.pop_front();
  REQUIRE(end.inbox->wait_broken());
  // The place is free a moment after the end was reported: who comes too early is refused and comes again.
  std::uint64_t refused = 0;
  CHECK(wait_until([&] {
    if (end.metrics->links_refused.value() > refused) {
      refused = end.metrics->links_refused.value();
      peers.emplace_back(context).connect({boost::asio::ip::address_v4::loopback(), end.transport.port()});
    }
    std::lock_guard lock{end.inbox->mutex};
    return end.inbox->accepted_events.size() == limits::links_max + 1;
  }));
}
