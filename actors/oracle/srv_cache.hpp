// SPDX-License-Identifier: Apache-2.0
// What DNS says of a few names, and when each is asked again. An answer is asked for anew before its time to live
// is over, at a moment of our own, so that a thousand nodes do not ask at once. While a server gives no answer the
// last one goes on; that there is no such name is an answer. Bounds: limits::dns_ttl_min, dns_ttl_max; failures and
// missing names are asked again after dns_negative_ttl.
#pragma once

#include "messages/name_service.hpp"

#include <chrono>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace argentum::actors {

class srv_cache {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;
  using records = std::vector<srv_answer::record>;

  /// A name of one server.
  struct question {
    std::size_t place = 0;
    std::string name;
    friend auto operator<=>(const question&, const question&) = default;
  };

  explicit srv_cache(std::uint64_t seed = 0) : random_(seed) {}

  /// All that is asked from now on; what is known of others is forgotten.
  void want(const std::vector<question>& all);
  /// What is to be asked now; each is named once until it is answered.
  std::vector<question> due(time_point now);
  time_point next_due() const;
  /// True if its problem, or that it has none, is news.
  bool heard(const srv_heard& what, time_point now);
  /// The last that was heard; none: nothing yet, or there is no such name.
  const records& known(const question& what) const;

 private:
  struct state {
    records found;
    std::string problem;
    bool asked = false;
    time_point ask_at;
  };

  std::mt19937_64 random_;
  std::map<question, state> rows_;
};

} // namespace argentum::actors
