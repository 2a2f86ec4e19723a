// SPDX-License-Identifier: Apache-2.0
#include "apps/net/listener.hpp"

#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <future>

using namespace argentum;

TEST_CASE("loops can end while a listener accepts, whichever loop the next socket is on") {
  for (std::size_t connections : {0, 1}) {
    net::event_loops loops{2};
    auto opened = net::listener::open(loops, 2, {"127.0.0.1", 0});
    REQUIRE(opened);
    std::promise<void> accepted;
    (*opened)->start([&](boost::asio::ip::tcp::socket, std::size_t) { accepted.set_value(); });
    boost::asio::io_context outside;
    boost::asio::ip::tcp::socket client{outside};
    if (connections > 0) {
      client.connect({boost::asio::ip::make_address("127.0.0.1"), (*opened)->port()});
      accepted.get_future().wait();
    }
    std::promise<void> accepting;
    boost::asio::post(loops.at(0), [&] { accepting.set_value(); }); // comes behind the listener's next accept
    accepting.get_future().wait();
  } // freed memory would be touched here: the address sanitizer tells
}
