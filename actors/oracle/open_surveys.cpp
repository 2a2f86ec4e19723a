// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/open_surveys.hpp"

#include "messages/error.hpp"
#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace argentum::actors {

open_surveys::open_surveys(survey_asker asker, std::uint64_t seed, std::shared_ptr<node_metrics> metrics)
    : asker_(std::move(asker)), random_(seed), metrics_(std::move(metrics)) {}

void open_surveys::begin(find_upstreams what, const contacts_of& contacts, time_point now) {
  if (all_.size() >= limits::surveys_max) {
    metrics_->surveys_refused.add();
    return what.reply.deliver(make_error(errc::overloaded, "too many look for an upstream"));
  }
  auto known = contacts(what.instance);
  all_.emplace_back(asker_, std::move(what), known, now, random_());
}

std::vector<upstream_survey::query> open_surveys::due(time_point now) {
  std::vector<upstream_survey::query> out;
  for (auto& each : all_) {
    auto queries = each.due(now);
    std::move(queries.begin(), queries.end(), std::back_inserter(out));
  }
  return out;
}

bool open_surveys::heard(const status_answer& answer, time_point now) {
  return std::any_of(all_.begin(), all_.end(), [&](upstream_survey& each) { return each.heard(answer, now); });
}

std::vector<upstream_survey> open_surveys::take_over(time_point now) {
  auto first = std::stable_partition(all_.begin(), all_.end(),
                                     [now](const upstream_survey& each) { return !each.over(now); });
  std::vector<upstream_survey> out{std::make_move_iterator(first), std::make_move_iterator(all_.end())};
  all_.erase(first, all_.end());
  return out;
}

time_point open_surveys::next() const {
  auto next = time_point::max();
  for (const auto& each : all_) next = std::min(next, each.next());
  return next;
}

} // namespace argentum::actors
