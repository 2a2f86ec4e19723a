// SPDX-License-Identifier: Apache-2.0
// What a member believes of all others, after SWIM (Das, Gupta, Motivala, 2002). News of a member are ordered by
// (process, incarnation, state): a restarted one outdoes its past, one that speaks for itself outdoes what others
// say of it, and of equal age the worse state wins. Only the member itself raises its incarnation:
//
//   alive i    outdoes anything of an older incarnation
//   suspect i  outdoes alive i, and all older
//   dead i, left i   outdo alive i and suspect i, and all older
//
// The dead are remembered for limits::dead_memory, so that news still under way cannot raise them.
#pragma once

#include "messages/oracle.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace argentum::actors {

class member_table {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  struct row {
    std::shared_ptr<const member> who; ///< never changed: reports share it
    time_point since;                  ///< in this state
    std::size_t place = 0;             ///< among the living or the gone
    bool lives() const noexcept { return who->state <= member_state::suspect; }
  };

  /// What came of a piece of news.
  enum class change {
    none,     ///< nothing new, or older than what we know
    joined,   ///< alive, and was not, or not in this process
    renewed,  ///< alive still (perhaps no longer suspected), with newer data
    accused,  ///< suspected from now on
    gone,     ///< dead, or has left
    refuted,  ///< it was about ourselves, wrong, and outdone: own() is newer now
    conflict, ///< another node uses our name, and is newer
    refused,  ///< no room
  };

  explicit member_table(member own);

  const member& own() const noexcept { return own_; }
  /// We are there now, with a new incarnation.
  void announce(const coordinate& where);
  /// Nobody hears a refutation from us any more.
  void leave() noexcept { own_.state = member_state::left; }

  change hear(const member& news, time_point now);
  /// A coordinate that a member has told itself; no news for others.
  void place(const std::string& node, const coordinate& where);
  /// Forgets the gone whose time is up; gives back who they were.
  std::vector<std::string> forget(time_point now);

  const row* find(const std::string& node) const;
  /// Nodes other than ours.
  std::size_t living() const noexcept { return living_.size(); }
  std::size_t suspects() const noexcept { return suspects_; }
  std::size_t gone() const noexcept { return gone_.size(); }
  /// A hash of who lives, in which process, we among them: equal with all who know the same members.
  std::uint64_t view() const noexcept;
  std::vector<std::string> living_names() const;
  template <class Each>
  void each(Each f) const {
    for (const auto& [node, r] : rows_) f(r);
  }
  /// Up to `count` different living ones that `wanted` holds for; gives up after a few draws in vain.
  template <class Wanted>
  std::vector<std::shared_ptr<const member>> draw(std::size_t count, std::mt19937_64& random, Wanted wanted) const;
  /// One that is gone; none: nobody is.
  std::shared_ptr<const member> draw_gone(std::mt19937_64& random) const;

 private:
  change hear_of_self(const member& news);
  void set(row& r, member who, time_point now);
  void enlist(row& r);
  void strike(const row& r);
  bool make_room();

  member own_;
  std::unordered_map<std::string, row> rows_;
  std::vector<row*> living_; ///< rows stay where they are
  std::vector<row*> gone_;
  std::size_t suspects_ = 0;
  std::uint64_t others_view_ = 0;
};

/// Of equal members: is `a` newer news than `b`?
bool outdoes(const member& a, const member& b) noexcept;

template <class Wanted>
std::vector<std::shared_ptr<const member>> member_table::draw(std::size_t count, std::mt19937_64& random,
                                                              Wanted wanted) const {
  std::vector<std::shared_ptr<const member>> out;
  if (living_.empty()) return out;
  std::uniform_int_distribution<std::size_t> dice{0, living_.size() - 1};
  for (std::size_t draws = 0; draws < 4 * count + 4 && out.size() < count; ++draws) {
    const auto& who = living_[dice(random)]->who;
    bool again = std::find(out.begin(), out.end(), who) != out.end();
    if (!again && wanted(*who)) out.push_back(who);
  }
  return out;
}

} // namespace argentum::actors
