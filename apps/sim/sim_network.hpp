// SPDX-License-Identifier: Apache-2.0
// The virtual network. Nodes know reliable ordered streams (TCP), so what a bad network does to them is what it
// does to TCP: a lost packet comes later and holds up all behind it, repeated and reordered packets are not seen at
// all, bandwidth makes a queue, a cut makes silence until a time-out or a reset, a dead process resets its streams,
// a machine without power does not. Every message is encoded and decoded by the codec that real links use.
// Datagrams take the same ways (sim_datagrams.hpp).
#pragma once

#include "apps/sim/path_shape.hpp"
#include "apps/sim/sim_clock.hpp"
#include "apps/sim/sim_datagrams.hpp"
#include "apps/sim/trace.hpp"
#include "messages/transport.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace argentum::sim {

class sim_network {
 public:
  sim_network(sim_clock& clock, std::uint64_t seed, trace& trace);
  ~sim_network();

  /// How a direction is shaped; asked once for each, when it is first used.
  std::function<path_shape(const std::string& from, const std::string& to)> shape_of;
  /// Sees each message when it arrives and may change it; false loses it. For observers and planted bugs.
  std::function<bool(const std::string& from, const std::string& to, peer_message&)> on_message;

  /// Counts each message that arrives: numbers of the two nodes, its place in peer_body, its bytes.
  std::function<void(std::size_t from, std::size_t to, std::size_t kind, std::size_t bytes)> on_traffic;
  /// The number of a node for on_traffic; before it sends anything.
  void number(const std::string& address, std::size_t number);

  /// The transport of a process that starts at that address.
  std::shared_ptr<peer_transport> join(const std::string& address);
  std::shared_ptr<datagram_transport> join_datagrams(const std::string& address) {
    return datagrams_.join(address);
  }
  void attach(const std::string& address, std::shared_ptr<peer_inbox> inbox, datagram_inbox datagrams = {});
  /// The process is gone. Its peers' links are reset, unless the whole machine is gone.
  void leave(const std::string& address, bool machine_lost);
  /// The machine answers again: what arrives for a process that is gone is reset.
  void power_on(const std::string& address);

  /// The process reads and writes nothing, its streams stay.
  void freeze(const std::string& address);
  void thaw(const std::string& address);
  /// Nothing passes in that direction.
  void cut(const std::string& from, const std::string& to);
  void heal(const std::string& from, const std::string& to);
  void heal_all();
  /// Resets all links between two nodes.
  void reset(const std::string& a, const std::string& b);
  /// From now on, until heal_slow.
  void slow_down(const std::string& from, const std::string& to, path_shape shape);
  void heal_slow(const std::string& from, const std::string& to);

  const network_totals& totals() const noexcept { return totals_; }

 private:
  class port;
  struct host;
  struct direction;
  struct parcel;
  struct item;
  struct stream;
  struct link;
  struct seat {
    link* of = nullptr;
    int side = 0; ///< 0 dialled, 1 accepted
  };

  void dial(link_id id, host& owner, const std::string& to);
  void send(link_id id, const peer_message& message);
  void hang_up(link_id id, caf::error reason);
  std::shared_ptr<parcel> pack(const peer_message& message);
  /// Each receiver has its own; entries are shared.
  static peer_message unpack(parcel& from);
  void push(link& on, int to_side, item what);
  void schedule(stream& way);
  void arrive(stream& way);
  bool accept_item(link& on, int to_side, item& what);
  /// Takes one end of a link away and tells the other one; `tell` the owner as well.
  void close(const seat& end, const caf::error& reason, bool tell);
  /// Forgets a link that nobody uses any more.
  void forget_if_over(link& on);
  /// The open ends that fit, in the order they were made.
  std::vector<seat> open_ends(const std::function<bool(const seat&)>& fits) const;
  void tell_broken(host& owner, link_id id, const caf::error& reason);
  host& host_at(const std::string& address);
  direction& way_between(const std::string& from, const std::string& to);
  void wake();

  sim_clock& clock_;
  random_source random_;
  trace& trace_;
  std::uint64_t last_link_ = 0;
  std::map<std::string, std::unique_ptr<host>> hosts_;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<direction>> ways_;
  std::unordered_map<std::uint64_t, std::unique_ptr<link>> links_; ///< by number
  std::unordered_map<link_id, seat> seats_;                        ///< open ends only
  std::set<std::uint64_t> stalled_;
  /// The batch that was sent last: it goes to one downstream after the other.
  entry_batch last_batch_;
  std::string last_instance_;
  std::shared_ptr<parcel> last_parcel_;
  network_totals totals_;
  sim_datagrams datagrams_;
};

} // namespace argentum::sim
