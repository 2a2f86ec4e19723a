// SPDX-License-Identifier: Apache-2.0
#include "actors/working_set/working_set_estimate.hpp"

#include "messages/sampling_limits.hpp"

#include <algorithm>
#include <cmath>

namespace argentum::actors {

namespace {

using std::chrono::seconds;

/// Windows are as exact as their slots are short, and each slot costs a sketch.
seconds slot_of(seconds span) {
  return std::max<seconds>(limits::working_set_slot_min, span / limits::working_set_slots_max);
}

/// Of the number of distinct keys: that of the sketch, and that of the choice of keys.
double error_of(double sampled, double one_in) {
  auto choice = sampled > 0 ? (1 - 1 / one_in) / sampled : 0;
  return std::sqrt(hyper_log_log::standard_error * hyper_log_log::standard_error + choice);
}

} // namespace

working_set_estimate::working_set_estimate(std::uint64_t one_key_in, seconds span, time_point now)
    : one_key_in_(one_key_in),
      span_(span),
      started_(now),
      distinct_(slot_of(span)),
      curve_(hash_limit(one_key_in), limits::working_set_keys_max, span) {}

std::vector<seconds> working_set_estimate::windows(seconds span) {
  std::vector<seconds> out;
  for (seconds each = std::chrono::hours{1}; each < span; each *= 2) out.push_back(each);
  out.push_back(span);
  return out;
}

void working_set_estimate::note(const access_sample& sample, time_point now) {
  ++samples_;
  reads_ += sample.reads;
  distinct_.add(sample.hash, now);
  curve_.note(sample.hash, sample.bytes, sample.reads, now);
}

working_set_report working_set_estimate::report(time_point now) {
  distinct_.forget_before(now - span_);
  curve_.fade(now);
  working_set_report out;
  out.one_key_in = one_key_in_;
  out.samples = samples_;
  out.reads = reads_;
  out.watched = std::chrono::duration_cast<seconds>(now - started_);
  hyper_log_log seen;
  auto until = now;
  for (auto span : windows(span_)) {
    distinct_.merge_into(seen, now - span, until);
    until = now - span;
    auto sampled = seen.estimate();
    auto keys = sampled * static_cast<double>(one_key_in_);
    out.windows.push_back(
        {span, keys, keys * curve_.mean_bytes(now - span), error_of(sampled, static_cast<double>(one_key_in_))});
  }
  out.curve = curve_.points();
  out.curve_keys = curve_.keys();
  out.memory_bytes = distinct_.bytes() + curve_.bytes();
  return out;
}

} // namespace argentum::actors
