// SPDX-License-Identifier: Apache-2.0
#include "apps/net/listener.hpp"

#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <future>

using namespace argentum;

TEST_CASE("loops can end while a listener accepts, whichever loops it and the next socket are on") {
  for (std::size_t loop : {0, 1}) {
    net::event_loops loops{2};
    while (loop != 0 && &loops.next() != &loops.at(loop - 1)) {
    }
    auto opened = net::listener::open(loops, {"127.0.0.1", 0}, [](boost::asio::ip::tcp::socket) {});
    REQUIRE(opened);
    std::promise<void> accepting;
    boost::asio::post(loops.at(loop), [&] { accepting.set_value(); }); // comes behind the listener's first accept
    accepting.get_future().wait();
  } // freed memory would be touched here: the address sanitizer tells
}
