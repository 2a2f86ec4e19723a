// SPDX-License-Identifier: Apache-2.0
// What is sent without a stream: each datagram takes its own time, so they overtake each other; the network's loss
// loses them for good, a cut too. A process that is frozen finds what its socket had room for when it goes on.
#pragma once

#include "apps/sim/path_shape.hpp"
#include "apps/sim/sim_clock.hpp"
#include "apps/sim/trace.hpp"
#include "messages/datagrams.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace argentum::sim {

class sim_datagrams {
 public:
  /// `path` tells the shape of a direction, nothing if it is cut; `dark` whether a machine has no power.
  using path_teller = std::function<std::optional<path_shape>(const std::string& from, const std::string& to)>;
  sim_datagrams(sim_clock& clock, random_source& random, trace& trace, network_totals& totals, path_teller path)
      : clock_(clock), random_(random), trace_(trace), totals_(totals), path_(std::move(path)) {}
  ~sim_datagrams();

  /// The transport of a process that starts at that address.
  std::shared_ptr<datagram_transport> join(const std::string& address);
  void attach(const std::string& address, datagram_inbox inbox);
  void leave(const std::string& address);
  void freeze(const std::string& address) { sockets_[address].frozen = true; }
  void thaw(const std::string& address);

 private:
  class port;
  struct socket {
    datagram_inbox inbox; ///< empty: no process
    std::weak_ptr<port> transport;
    bool frozen = false;
    std::vector<datagram> waiting; ///< for the thaw
  };

  void send(const std::string& from, const std::string& to, std::string bytes);
  void arrive(const std::string& to, datagram what);

  sim_clock& clock_;
  random_source& random_;
  trace& trace_;
  network_totals& totals_;
  path_teller path_;
  std::map<std::string, socket> sockets_;
};

} // namespace argentum::sim
