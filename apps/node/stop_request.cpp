// SPDX-License-Identifier: Apache-2.0
#include "apps/node/stop_request.hpp"

#include "messages/limits.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdlib>

namespace argentum::app {

namespace {

[[noreturn]] void end_now(const std::string& why) {
  spdlog::error("argentum.node ends at once: {}", why);
  std::_Exit(1);
}

} // namespace

stop_request::stop_request() {
  std::signal(SIGPIPE, SIG_IGN);
  await_signal();
  thread_ = std::thread{[this] {
    auto work = boost::asio::make_work_guard(context_);
    context_.run();
  }};
}

stop_request::~stop_request() {
  context_.stop();
  thread_.join();
}

void stop_request::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int number) {
    if (error) return;
    if (number == SIGHUP) {
      if (hangup_ && !is_asked_) hangup_();
    } else {
      if (is_asked_) end_now("a second signal");
      on_ask({number == SIGINT ? "SIGINT" : "SIGTERM", 0});
    }
    await_signal();
  });
}

void stop_request::on_hangup(std::function<void()> f) {
  boost::asio::post(context_, [this, f = std::move(f)]() mutable { hangup_ = std::move(f); });
}

void stop_request::ask(reason why) {
  boost::asio::post(context_, [this, why = std::move(why)]() mutable { on_ask(std::move(why)); });
}

void stop_request::on_ask(reason why) {
  if (std::exchange(is_asked_, true)) return;
  deadline_.expires_after(limits::stop_timeout);
  deadline_.async_wait([](const boost::system::error_code& error) {
    if (!error) end_now("it did not stop in time");
  });
  asked_.set_value(std::move(why));
}

} // namespace argentum::app
