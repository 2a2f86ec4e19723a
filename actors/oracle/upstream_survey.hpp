// SPDX-License-Identifier: Apache-2.0
// Answers find_upstreams: asks a few nodes how the instance is with them, measures how long each takes, and ranks
// those who have answered. What is known of them beforehand only decides who is asked. Sends nothing itself:
// whoever owns the datagrams takes what is due, hands over the answers, and looks at it again at `next()`.
#pragma once

#include "actors/oracle/upstream_ranking.hpp"
#include "actors/wake_up.hpp"
#include "messages/gossip.hpp"
#include "messages/oracle_commands.hpp"

#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace argentum::actors {

/// Somebody who may be asked, and is believed to be alive.
struct survey_contact {
  contact who;
  node_role role = node_role::intermediate;
  std::string datacenter;
  std::optional<std::chrono::microseconds> rtt; ///< measured or estimated
  std::optional<instance_status> last;          ///< of the instance, if it is known
};

/// Who asks.
struct survey_asker {
  std::string node;
  node_role role = node_role::leaf;
  std::string datacenter;
  std::chrono::milliseconds stale_after{0}; ///< older news of the root count as none
};

class upstream_survey {
 public:
  struct query {
    std::string address;
    status_query what;
  };

  upstream_survey(const survey_asker& asker, find_upstreams what, const std::vector<survey_contact>& contacts,
                  time_point now, std::uint64_t seed);

  /// What is to be sent now: one query to each at first, later one more to those who are silent.
  std::vector<query> due(time_point now);
  /// False if it answers none of our queries.
  bool heard(const status_answer& answer, time_point now);
  /// All have answered, or limits::survey_time has passed.
  bool over(time_point now) const noexcept;
  /// When something is due, or it is over, if nothing is heard until then.
  time_point next() const noexcept;
  /// Answers the question; once, when it is over.
  void finish() const;
  std::vector<upstream_candidate> ranked() const;

 private:
  struct asked {
    survey_contact who;
    bool answered = false;
  };
  struct sent_query {
    std::size_t to = 0; ///< of `asked_`
    time_point at;
  };
  bool is_current(const survey_contact& who) const;
  void choose(const std::vector<survey_contact>& contacts);
  void add(const survey_contact& who);

  find_upstreams what_;
  ranking_question ranking_;
  known_upstreams known_;
  std::mt19937_64 random_;
  time_point start_;
  int rounds_ = 0; ///< of queries, sent
  std::vector<asked> asked_;
  std::map<std::uint64_t, sent_query> sent_; ///< by token
  std::vector<ranked_upstream> found_;
};

} // namespace argentum::actors
