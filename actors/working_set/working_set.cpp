// SPDX-License-Identifier: Apache-2.0
#include "actors/working_set/working_set.hpp"

#include "messages/sampling_limits.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <utility>

namespace argentum::actors {

void working_set_state::start(working_set_config from) {
  config = std::move(from);
  estimates.resize(config.reports.size());
  self->delayed_send(self, limits::working_set_tick, tick{});
}

void working_set_state::on_batch(access_batch& batch) {
  *config.on_their_way -= batch.samples.size();
  config.metrics->samples_taken.add(batch.samples.size());
  auto now = self->clock().now();
  auto stamp = config.wall_now();
  for (auto& each : batch.samples) {
    auto& estimate = estimates[each.instance];
    if (!estimate) estimate = std::make_unique<working_set_estimate>(config.one_key_in, config.span, now);
    estimate->note(each, now);
    if (config.exporter && !queue.add({stamp, std::move(each)})) config.metrics->samples_lost.add();
  }
}

void working_set_state::on_tick() {
  self->delayed_send(self, limits::working_set_tick, tick{});
  auto now = self->clock().now();
  if (now >= next_report) publish(now);
  if (config.exporter) send_rows(now);
}

void working_set_state::publish(time_point now) {
  next_report = now + limits::working_set_report_interval;
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    if (!estimates[i]) continue;
    config.reports[i]->store(std::make_shared<const working_set_report>(estimates[i]->report(now)));
  }
}

void working_set_state::send_rows(time_point now) {
  auto rows = queue.next(now);
  if (!rows) return;
  config.exporter(rows, reply_to<std::size_t>{[to = working_set_port{self}](caf::expected<std::size_t> answer) {
                    caf::anon_send(to, samples_exported{answer ? "" : text_of(answer.error())});
                  }});
}

void working_set_state::on_exported(const samples_exported& answer) {
  auto now = self->clock().now();
  config.metrics->samples_exported.add(queue.done(answer.error.empty(), now));
  if (!answer.error.empty()) config.metrics->exports_failed.add();
  if (answer.error != std::exchange(export_error, answer.error))
    answer.error.empty() ? spdlog::info("argentum.working_set: the export goes on")
                         : spdlog::warn("argentum.working_set: cannot export samples: {}", answer.error);
  send_rows(now);
}

working_set_port::behavior_type working_set(working_set_port::stateful_pointer<working_set_state> self,
                                            working_set_config config) {
  auto& st = self->state;
  st.start(std::move(config));
  return {
      [&st](access_batch& m) { st.on_batch(m); },
      [&st](const samples_exported& m) { st.on_exported(m); },
      [&st](tick) { st.on_tick(); },
  };
}

} // namespace argentum::actors
