// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/load.hpp"

#include "tools/bench/reply_scanner.hpp"
#include "tools/bench/tcp_socket.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace argentum::bench {

namespace {

using steady = std::chrono::steady_clock;

struct connection {
  explicit connection(int port) : socket(port) { socket.do_not_block(); }

  tcp_socket socket;
  reply_scanner scanner;
  std::string out;
  std::size_t sent = 0;
  std::size_t waiting = 0; ///< replies
  steady::time_point begin;
};

class generator {
 public:
  explicit generator(const load& what) : what_(what), poll_(::epoll_create1(EPOLL_CLOEXEC)), in_(256 * 1024) {
    connections_.reserve(static_cast<std::size_t>(what.connections));
    for (int i = 0; i < what.connections; ++i) connections_.emplace_back(what.port);
    for (auto& each : connections_) watch(each, EPOLL_CTL_ADD, EPOLLIN);
  }
  ~generator() { ::close(poll_); }

  load_result run() {
    auto begin = now_ = steady::now();
    end_ = begin + std::chrono::duration_cast<steady::duration>(what_.time);
    for (auto& each : connections_) next_batch(each);
    std::array<epoll_event, 256> events{};
    while (busy_ > 0) {
      int ready = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < ready; ++i)
        serve(*static_cast<connection*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
    result_.took = steady::now() - begin;
    for (auto& each : connections_) {
      result_.nulls += each.scanner.nulls();
      if (each.scanner.errors() > 0) throw std::runtime_error{"the server answered: " + each.scanner.first_error()};
    }
    return std::move(result_);
  }

 private:
  void watch(connection& each, int how, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &each;
    ::epoll_ctl(poll_, how, each.socket.fd(), &event);
  }

  void serve(connection& each) {
    if (each.sent < each.out.size()) send(each);
    auto got = ::recv(each.socket.fd(), in_.data(), in_.size(), 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) throw std::runtime_error{"the server hung up"};
    auto replies = each.scanner.scan({in_.data(), static_cast<std::size_t>(got)});
    now_ = steady::now();
    for (std::size_t i = 0; i < replies; ++i) result_.latencies.add(now_ - each.begin);
    result_.replies += replies;
    each.waiting -= replies;
    if (each.waiting > 0) return;
    --busy_;
    next_batch(each);
  }

  void next_batch(connection& each) {
    if (now_ >= end_) return;
    each.out.clear();
    each.sent = 0;
    for (int i = 0; i < what_.pipeline && commands_ < what_.commands_max; ++i, ++each.waiting)
      what_.command(each.out, commands_++);
    if (each.waiting == 0) return;
    ++busy_;
    each.begin = now_;
    send(each);
  }

  void send(connection& each) {
    auto part = ::send(each.socket.fd(), each.out.data() + each.sent, each.out.size() - each.sent, 0);
    if (part < 0 && errno != EAGAIN) throw std::runtime_error{std::string{"send: "} + std::strerror(errno)};
    bool was_late = each.sent > 0;
    each.sent += part < 0 ? 0 : static_cast<std::size_t>(part);
    bool late = each.sent < each.out.size();
    if (late || was_late) watch(each, EPOLL_CTL_MOD, late ? EPOLLIN | EPOLLOUT : EPOLLIN);
  }

  const load& what_;
  int poll_;
  std::vector<char> in_;
  std::vector<connection> connections_;
  steady::time_point now_, end_;
  std::uint64_t commands_ = 0;
  std::size_t busy_ = 0; ///< connections that wait for replies
  load_result result_;
};

} // namespace

load_result run_load(const load& what) {
  return generator{what}.run();
}

void append_command(std::string& out, std::initializer_list<std::string_view> words) {
  auto header = [&](char kind, std::size_t number) {
    std::array<char, 24> text{};
    auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    out += kind;
    out.append(text.data(), end);
    out += "\r\n";
  };
  header('*', words.size());
  for (auto word : words) {
    header('$', word.size());
    out += word;
    out += "\r\n";
  }
}

} // namespace argentum::bench
