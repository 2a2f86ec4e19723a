// SPDX-License-Identifier: Apache-2.0
// The overlay's protocol, without mailbox, clock or socket: SWIM (probes, indirect probes, suspicion, piggy-backed
// news) with Lifeguard's care for slow nodes. Whoever drives it hands in what arrives and ticks when `due`, and
// sends what `take_datagrams` and `take_exchanges` give out.
//
//   probe      one member each interval, in a shuffled round; no answer in time: ask others to probe it; none until
//              the end: suspect it
//   suspicion  refuted by the suspect itself with a higher incarnation; else dead when its time is up
//   news       ride on every datagram, and go out in rounds while there are any
//   joining    probe seeds until one answers, then exchange full states with it
//   healing    now and then probe one of the dead, and a seed that we do not know: halves of a split find together
//
// Whoever we hold for suspect or dead is told so by whatever we send to it, and whenever we hear from it: it alone
// can say otherwise. A death that a full state tells of somebody who lives here is told to him, not believed. A
// tick that comes late shows that we have slept: then nothing is concluded from what we have not heard meanwhile.
#pragma once

#include "actors/log_pace.hpp"
#include "actors/oracle/broadcast_queue.hpp"
#include "actors/oracle/byte_budget.hpp"
#include "actors/oracle/local_health.hpp"
#include "actors/oracle/member_table.hpp"
#include "actors/oracle/probe_ring.hpp"
#include "actors/oracle/relayed_probes.hpp"
#include "actors/oracle/rtt_table.hpp"
#include "actors/oracle/suspicion.hpp"
#include "actors/oracle/view_watch.hpp"
#include "actors/oracle/vivaldi.hpp"
#include "messages/metrics.hpp"
#include "messages/oracle_limits.hpp"

#include <map>
#include <optional>

namespace argentum::actors {

struct swim_config {
  member own;                     ///< `process`: the wall clock at its start
  std::vector<std::string> seeds; ///< addresses of some members; its own may be among them
  std::uint64_t seed = 0;
  std::shared_ptr<node_metrics> metrics;
};

class swim {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  struct outgoing {
    std::string address;
    gossip_message message;
  };

  swim(swim_config config, time_point now);

  /// Anything but status questions and answers.
  void received(time_point now, const std::string& address, const gossip_message& message);
  void tick(time_point now);
  /// When `tick` is to be called.
  time_point due() const noexcept { return due_; }
  /// Says that we leave; from then on all is ignored.
  void leave(time_point now);

  std::vector<outgoing> take_datagrams() { return std::exchange(out_, {}); }
  /// Addresses of members to exchange full states with.
  std::vector<std::string> take_exchanges() { return std::exchange(exchanges_, {}); }
  /// Members that are no longer remembered.
  std::vector<std::string> take_forgotten() { return std::exchange(forgotten_, {}); }
  /// All that we know, ourselves first.
  std::vector<std::shared_ptr<const member>> full_state() const;
  void merge(time_point now, const std::vector<member_report>& state);

  const member_table& members() const noexcept { return table_; }
  const rtt_table& rtts() const noexcept { return rtts_; }
  /// The smoothed round trip to it.
  std::optional<std::chrono::microseconds> measured(const member& who) const;
  const coordinate& where() const noexcept { return space_.own(); }
  unsigned health() const noexcept { return health_.score(); }
  std::size_t size() const noexcept { return table_.living() + 1; }

 private:
  struct probe_round {
    std::uint64_t token = 0;
    std::shared_ptr<const member> target;
    time_point started;
    time_point ask_others_at;
    time_point ends;
    std::vector<std::string> asked;  ///< who probes it for us
    std::vector<std::string> missed; ///< of these, who said that there is no answer yet
    bool answered = false;
  };

  // swim.cpp: time and datagrams
  void wake(time_point now);
  void reckon_due(time_point now);
  void send(time_point now, const std::string& address, gossip_body body, std::vector<member_news> first = {});
  void gossip_round_at(time_point now);
  void contact_somebody(time_point now);
  void contact(time_point now, const std::string& address, std::string node, std::vector<member_news> first);
  void on_contact(const std::string& node, std::uint64_t token);
  void announce_if_moved(time_point now);
  void full_state_with_somebody(time_point now);
  duration full_state_pause();
  duration jittered(duration d);
  void count_members();

  // swim_probe.cpp: who is there
  void start_probe(time_point now);
  void send_probe(time_point now);
  void ask_others(time_point now);
  void conclude_probe(time_point now);
  void answer(time_point now, const std::string& address, const gossip_message& m, std::vector<member_news> first);
  void on(time_point now, const std::string& address, const gossip_message& m, const probe_answer& body);
  void on(time_point now, const std::string& address, const gossip_message& m, const probe_request& body);
  void on(time_point now, const std::string& address, const gossip_message& m, const probe_missed& body);
  template <class Other>
  void on(time_point, const std::string&, const gossip_message&, const Other&) {}

  // swim_news.cpp: what is believed
  /// Whether somebody has come or gone by that.
  bool hear(time_point now, const member_news& news);
  void joined(time_point now, const member_news& news);
  void accused(time_point now, const member_news& news);
  void confirmed(const member_news& news);
  void gone(const member& who);
  void refuted();
  void conflicts(time_point now, const member& other);
  void expire_suspicions(time_point now);
  void watch(const suspicion& s) { suspicions_at_ = std::min(suspicions_at_, s.deadline()); }
  void tell_accused(time_point now, std::vector<member> accused);
  bool merge_one(time_point now, const member& who);
  bool accuses_unheard(const member& who) const;
  bool may_object(time_point now, const std::string& node);
  std::vector<member_news> warnings_for(const std::string& node, std::uint64_t process) const;
  bool accuses_us(const gossip_message& m) const;
  std::vector<member_news> own_news() const;

  swim_config config_;
  std::mt19937_64 random_;
  member_table table_;
  broadcast_queue queue_;
  byte_budget budget_;
  local_health health_;
  rtt_table rtts_;
  log_pace conflict_log_{limits::conflict_log_interval};
  std::map<std::string, time_point> objected_; ///< to whom, in the last gossip interval
  vivaldi space_;
  probe_ring ring_;
  relayed_probes relays_;
  view_watch views_;
  std::map<std::string, suspicion> suspicions_; ///< by node
  std::optional<probe_round> probe_;
  std::map<std::uint64_t, std::string> contacts_; ///< token -> address: seeds and dead that we try to reach
  double typical_rtt_ms_ = 0;                     ///< smoothed over all
  bool merged_ = false;                           ///< a full state, at some time
  bool quiet_ = false;                            ///< who comes or goes now is no news to others

  time_point due_;
  time_point probe_at_, gossip_at_, contact_at_, full_state_at_, announce_at_;
  time_point suspicions_at_ = time_point::max(); ///< not after the first of their deadlines
  std::vector<outgoing> out_;
  std::vector<std::string> exchanges_, forgotten_;
};

/// What travels of one that is not alive.
member identity_of(const member& who);

} // namespace argentum::actors
