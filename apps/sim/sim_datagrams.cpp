// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/sim_datagrams.hpp"

#include <fmt/format.h>

#include <utility>

namespace argentum::sim {

namespace {

/// Datagrams that a socket keeps for a process that does not run.
constexpr std::size_t socket_room = 500;
/// One datagram in so many comes twice.
constexpr std::uint64_t doubled_of = 1000;

} // namespace

class sim_datagrams::port final : public datagram_transport {
 public:
  port(sim_datagrams& air, std::string address) : air_(air), address_(std::move(address)) {}
  void die() { alive_ = false; }
  void send(const std::string& to, std::string bytes) override {
    if (alive_) air_.send(address_, to, std::move(bytes));
  }

 private:
  sim_datagrams& air_;
  std::string address_;
  bool alive_ = true;
};

sim_datagrams::~sim_datagrams() = default;

std::shared_ptr<datagram_transport> sim_datagrams::join(const std::string& address) {
  auto made = std::make_shared<port>(*this, address);
  sockets_[address].transport = made;
  return made;
}

void sim_datagrams::attach(const std::string& address, datagram_inbox inbox) {
  auto& at = sockets_[address];
  at.inbox = std::move(inbox);
  at.frozen = false;
}

void sim_datagrams::leave(const std::string& address) {
  auto& at = sockets_[address];
  if (auto old = at.transport.lock()) old->die();
  at = {};
}

void sim_datagrams::thaw(const std::string& address) {
  auto& at = sockets_[address];
  at.frozen = false;
  for (auto& each : std::exchange(at.waiting, {})) arrive(address, std::move(each));
}

void sim_datagrams::send(const std::string& from, const std::string& to, std::string bytes) {
  auto path = path_(from, to);
  if (!path || random_.percent(path->loss_percent)) return;
  for (auto copies = random_.below(doubled_of) == 0 ? 2 : 1; copies > 0; --copies)
    clock_.after(path->delay + random_.up_to(path->jitter), [this, to, what = datagram{from, bytes}] {
      if (path_(what.address, to)) arrive(to, what);
    });
}

void sim_datagrams::arrive(const std::string& to, datagram what) {
  auto& at = sockets_[to];
  if (at.frozen) {
    if (at.waiting.size() < socket_room) at.waiting.push_back(std::move(what));
    return;
  }
  if (!at.inbox) return;
  ++totals_.datagrams;
  totals_.datagram_bytes += what.bytes.size();
  trace_.note(std::string_view{what.bytes});
  if (trace_.has_lines())
    trace_.text(clock_.now(), fmt::format("{} -> {} datagram {} bytes", what.address, to, what.bytes.size()));
  at.inbox(std::move(what));
}

} // namespace argentum::sim
