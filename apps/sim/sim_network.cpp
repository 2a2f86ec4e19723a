// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/sim_network.hpp"

#include "apps/sim/sim_network_parts.hpp"
#include "messages/limits.hpp"
#include "messages/wire/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace argentum::sim {

namespace {

/// A lost packet is sent again after this, and after twice that the next time.
constexpr vtime retransmit_min = std::chrono::milliseconds{200};
/// After a cut has healed, TCP tries again within this.
constexpr vtime retransmit_max = std::chrono::seconds{1};

} // namespace

class sim_network::port final : public peer_transport {
 public:
  port(sim_network& network, host& owner) : network_(network), owner_(owner) {}
  void die() { alive_ = false; }

  link_id new_link() override { return {++network_.last_link_}; }
  void dial(link_id id, std::string to) override {
    if (alive_) network_.dial(id, owner_, to);
  }
  void send(link_id id, peer_message message) override {
    if (alive_) network_.send(id, message);
  }
  void allow_compression(link_id) override {} // bytes are cheap here, time is not
  void hang_up(link_id id, caf::error reason) override {
    if (alive_) network_.hang_up(id, std::move(reason));
  }

 private:
  sim_network& network_;
  host& owner_;
  bool alive_ = true;
};

sim_network::sim_network(sim_clock& clock, std::uint64_t seed, trace& trace)
    : clock_(clock),
      random_(seed),
      trace_(trace),
      datagrams_(clock, random_, trace, totals_, [this](const auto& from, const auto& to) {
        const auto& way = way_between(from, to);
        return way.cut || host_at(to).dark ? std::nullopt : std::optional{way.shape};
      }) {}
sim_network::~sim_network() = default;

sim_network::host& sim_network::host_at(const std::string& address) {
  auto& found = hosts_[address];
  if (!found) {
    found = std::make_unique<host>();
    found->address = address;
  }
  return *found;
}

sim_network::direction& sim_network::way_between(const std::string& from, const std::string& to) {
  auto& found = ways_[{from, to}];
  if (!found) {
    found = std::make_unique<direction>();
    if (shape_of) found->usual = shape_of(from, to);
    found->shape = found->usual;
  }
  return *found;
}

void sim_network::number(const std::string& address, std::size_t number) {
  host_at(address).number = number;
}

std::shared_ptr<peer_transport> sim_network::join(const std::string& address) {
  auto& at = host_at(address);
  auto made = std::make_shared<port>(*this, at);
  at.transport = made;
  return made;
}

void sim_network::attach(const std::string& address, std::shared_ptr<peer_inbox> inbox, datagram_inbox datagrams) {
  datagrams_.attach(address, std::move(datagrams));
  auto& at = host_at(address);
  at.frozen = false;
  at.inbox = std::move(inbox);
  power_on(address);
}

void sim_network::leave(const std::string& address, bool machine_lost) {
  auto& at = host_at(address);
  if (auto old = at.transport.lock()) old->die();
  datagrams_.leave(address);
  at.inbox.reset();
  at.frozen = false;
  at.dark = machine_lost;
  for (const auto& each : open_ends([&at](const seat& end) { return end.of->owners[end.side] == &at; })) {
    if (machine_lost) {
      each.of->open[each.side] = false;
      seats_.erase(each.of->ids[each.side]);
      forget_if_over(*each.of);
    } else {
      close(each, make_error(errc::link_lost, "the process has ended"), false);
    }
  }
}

void sim_network::dial(link_id id, host& owner, const std::string& to) {
  auto& made = *links_.emplace(id.value, std::make_unique<link>()).first->second;
  made.number = id.value;
  made.ids[0] = id;
  made.owners[0] = &owner;
  made.owners[1] = &host_at(to);
  made.ways[0] = &way_between(to, owner.address);
  made.ways[1] = &way_between(owner.address, to);
  seats_[id] = {&made, 0};
  ++totals_.links;
  push(made, 1, {item_kind::accept, {}, {}});
  clock_.after(limits::dial_timeout, [this, id] {
    auto found = seats_.find(id);
    if (found == seats_.end() || found->second.of->established) return;
    close(seat{found->second}, make_error(errc::unreachable, "no answer"), true);
  });
}

std::shared_ptr<sim_network::parcel> sim_network::pack(const peer_message& message) {
  const auto* batch = std::get_if<entry_batch>(&message.body);
  if (batch != nullptr && batch->run == last_batch_.run && message.instance == last_instance_) return last_parcel_;
  auto made = std::make_shared<parcel>(parcel{wire::encode(message, false), {}});
  if (batch != nullptr) {
    last_batch_ = *batch;
    last_instance_ = message.instance;
    last_parcel_ = made;
  }
  return made;
}

peer_message sim_network::unpack(parcel& from) {
  if (!from.decoded) {
    auto message = wire::decode(from.bytes);
    if (!message) throw std::runtime_error{"a node sent what cannot be decoded: " + describe(message.error())};
    from.decoded = std::move(*message);
  }
  return *from.decoded;
}

void sim_network::send(link_id id, const peer_message& message) {
  auto found = seats_.find(id);
  if (found == seats_.end()) return;
  auto end = found->second;
  push(*end.of, 1 - end.side, {item_kind::data, pack(message), {}});
  if (end.of->to[1 - end.side].unread_bytes <= limits::link_outbox_bytes_max) return;
  close(end, make_error(errc::overloaded, "the peer takes too little"), true);
}

void sim_network::hang_up(link_id id, caf::error reason) {
  auto found = seats_.find(id);
  if (found == seats_.end()) return;
  auto end = found->second;
  auto& owner = *end.of->owners[end.side];
  auto flushed = std::max(end.of->to[1 - end.side].free_at, clock_.now());
  close(end, reason, false);
  clock_.at(std::min(flushed, clock_.now() + limits::hang_up_flush),
            [this, &owner, id, reason, of = owner.transport] {
              if (of.lock() == owner.transport.lock()) tell_broken(owner, id, reason);
            });
}

void sim_network::push(link& on, int to_side, item what) {
  auto& way = on.to[to_side];
  const auto& path = on.ways[to_side]->shape;
  way.free_at = std::max(way.free_at, clock_.now());
  if (path.bytes_per_second != 0)
    way.free_at += vtime{static_cast<vtime::rep>(what.size() * 1'000'000'000 / path.bytes_per_second)};
  auto arrival = way.free_at + path.delay + random_.up_to(path.jitter);
  for (auto again = retransmit_min; path.loss_percent != 0 && random_.percent(path.loss_percent); again *= 2)
    arrival += again;
  way.last_arrival = std::max(way.last_arrival, arrival);
  what.arrival = way.last_arrival;
  way.unread_bytes += what.size();
  way.items.push_back(std::move(what));
  schedule(way);
}

void sim_network::schedule(stream& way) {
  if (way.scheduled || way.items.empty()) return;
  way.scheduled = true;
  // No more than a std::function holds without memory of its own: there are millions.
  clock_.at(way.items.front().arrival, [this, &way] {
    way.scheduled = false;
    arrive(way);
    forget_if_over(*way.of);
  });
}

void sim_network::arrive(stream& way) {
  auto& on = *way.of;
  while (!way.items.empty() && way.items.front().arrival <= clock_.now()) {
    const auto& to = *on.owners[way.side];
    if (on.ways[way.side]->cut || to.dark || to.frozen) {
      stalled_.insert(on.number);
      return;
    }
    auto what = std::move(way.items.front());
    way.items.pop_front();
    way.unread_bytes -= what.size();
    if (!accept_item(on, way.side, what)) way.items.clear();
  }
  schedule(way);
}

/// False: nothing after it will be taken.
bool sim_network::accept_item(link& on, int to_side, item& what) {
  auto& to = *on.owners[to_side];
  auto* inbox = to.inbox.get();
  trace_.note(on.number * 8 + static_cast<std::uint64_t>(what.kind) * 2 + static_cast<std::uint64_t>(to_side));
  if (what.kind == item_kind::accept) {
    if (inbox == nullptr) {
      push(on, 0, {item_kind::closed, {}, {}});
      return false;
    }
    on.ids[1] = {++last_link_};
    on.open[1] = true;
    seats_[on.ids[1]] = {&on, 1};
    push(on, 0, {item_kind::dialled, {}, {}});
    inbox->accepted({on.ids[1], on.owners[0]->address});
    return true;
  }
  if (!on.open[to_side] || inbox == nullptr) {
    if (what.kind != item_kind::closed && on.open[1 - to_side]) push(on, 1 - to_side, {item_kind::closed, {}, {}});
    return false;
  }
  if (what.kind == item_kind::closed) {
    auto code = on.established || to_side == 1 ? errc::link_lost : errc::unreachable;
    close({&on, to_side}, make_error(code, "the peer has closed the connection"), true);
    return false;
  }
  if (what.kind == item_kind::dialled) {
    on.established = true;
    inbox->dialled({on.ids[0]});
    return true;
  }
  ++totals_.messages;
  totals_.bytes += what.size();
  trace_.note(std::string_view{what.what->bytes});
  auto message = unpack(*what.what);
  const auto& from = on.owners[1 - to_side]->address;
  if (on_traffic) on_traffic(on.owners[1 - to_side]->number, to.number, message.body.index(), what.size());
  if (trace_.has_lines())
    trace_.text(clock_.now(), fmt::format("{} -> {} {} kind {} {} bytes", from, to.address, message.instance,
                                          message.body.index(), what.size()));
  if (on_message && !on_message(from, to.address, message)) return true;
  inbox->received(on.ids[to_side], std::move(message));
  return true;
}

void sim_network::close(const seat& end, const caf::error& reason, bool tell) {
  auto& on = *end.of;
  if (!on.open[end.side]) return;
  on.open[end.side] = false;
  auto id = on.ids[end.side];
  seats_.erase(id);
  ++totals_.breaks;
  push(on, 1 - end.side, {item_kind::closed, {}, {}});
  if (tell) tell_broken(*on.owners[end.side], id, reason);
}

void sim_network::forget_if_over(link& on) {
  if (on.open[0] || on.open[1] || on.to[0].scheduled || on.to[1].scheduled) return;
  stalled_.erase(on.number);
  links_.erase(on.number);
}

std::vector<sim_network::seat> sim_network::open_ends(const std::function<bool(const seat&)>& fits) const {
  std::vector<seat> found;
  for (const auto& [id, end] : seats_)
    if (fits(end)) found.push_back(end);
  auto id_of = [](const seat& end) { return end.of->ids[end.side]; };
  std::sort(found.begin(), found.end(), [&](const seat& a, const seat& b) { return id_of(a) < id_of(b); });
  return found;
}

void sim_network::tell_broken(host& owner, link_id id, const caf::error& reason) {
  if (owner.inbox) owner.inbox->broken({id, reason});
}

void sim_network::freeze(const std::string& address) {
  host_at(address).frozen = true;
  datagrams_.freeze(address);
}

void sim_network::thaw(const std::string& address) {
  host_at(address).frozen = false;
  datagrams_.thaw(address);
  wake();
}

void sim_network::power_on(const std::string& address) {
  host_at(address).dark = false;
  wake();
}

void sim_network::cut(const std::string& from, const std::string& to) {
  way_between(from, to).cut = true;
}

void sim_network::heal(const std::string& from, const std::string& to) {
  way_between(from, to).cut = false;
  wake();
}

void sim_network::heal_all() {
  for (auto& [between, each] : ways_) {
    each->cut = false;
    each->shape = each->usual;
  }
  wake();
}

void sim_network::reset(const std::string& a, const std::string& b) {
  auto between = [&](const seat& end) {
    return end.of->owners[end.side]->address == a && end.of->owners[1 - end.side]->address == b;
  };
  for (const auto& each : open_ends(between)) close(each, make_error(errc::link_lost, "reset"), true);
}

void sim_network::slow_down(const std::string& from, const std::string& to, path_shape shape) {
  way_between(from, to).shape = shape;
}

void sim_network::heal_slow(const std::string& from, const std::string& to) {
  auto& back = way_between(from, to);
  back.shape = back.usual;
}

/// What waited for a cut or a frozen process is tried again, as TCP does, a moment later.
void sim_network::wake() {
  for (auto number : std::exchange(stalled_, {})) {
    for (auto& way : links_.at(number)->to) {
      if (way.scheduled || way.items.empty()) continue;
      auto next = clock_.now() + random_.up_to(retransmit_max);
      for (auto& each : way.items) each.arrival = std::max(each.arrival, next);
      way.last_arrival = std::max(way.last_arrival, way.items.back().arrival);
      schedule(way);
    }
  }
}

} // namespace argentum::sim
