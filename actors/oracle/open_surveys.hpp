// SPDX-License-Identifier: Apache-2.0
// The surveys that an oracle has under way, limits::surveys_max at a time. Whoever owns the datagrams sends what is
// `due`, hands over the answers, and finishes those that are over.
#pragma once

#include "actors/oracle/upstream_survey.hpp"
#include "messages/metrics.hpp"

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace argentum::actors {

class open_surveys {
 public:
  using contacts_of = std::function<std::vector<survey_contact>(const std::string& instance)>;

  open_surveys() = default;
  open_surveys(survey_asker asker, std::uint64_t seed, std::shared_ptr<node_metrics> metrics);

  /// Asks some of those contacts; with too many under way the question is refused.
  void begin(find_upstreams what, const contacts_of& contacts, time_point now);
  /// What is to be sent now.
  std::vector<upstream_survey::query> due(time_point now);
  /// False if it answers none of our queries.
  bool heard(const status_answer& answer, time_point now);
  /// Those that are over; they are no longer here, and still have to be finished.
  std::vector<upstream_survey> take_over(time_point now);
  /// When something is due, or one is over; time_point::max() if none is under way.
  time_point next() const;

 private:
  survey_asker asker_;
  std::mt19937_64 random_;
  std::shared_ptr<node_metrics> metrics_;
  std::vector<upstream_survey> all_;
};

} // namespace argentum::actors
