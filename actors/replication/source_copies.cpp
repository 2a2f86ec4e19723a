// SPDX-License-Identifier: Apache-2.0
// The source's part in full copies. One is served at a time, the others wait in line and are told their place. An
// export stays open for limits::export_grace after its receiver is gone, so that it can go on where it stopped;
// until its receiver has subscribed again it also keeps the log that the receiver will need.
#include "actors/replication/replication_source.hpp"

#include <spdlog/spdlog.h>

namespace argentum::actors {

void source_state::want_copy(link_id link, const snapshot_request& what) {
  auto found = downstreams.find(link);
  if (found == downstreams.end()) return; // asked without having subscribed
  if (copy && copy->link == link) end_copy(false);
  found->second.position.stop();
  found->second.wish = what;
  show_downstreams();
  line.join(link);
  start_copy();
}

void source_state::start_copy() {
  if (auto link = line.first(); link && !copy) {
    const auto& receiver = downstreams.at(*link);
    const auto& wish = *receiver.wish;
    copy = transfer{};
    copy->number = ++copies;
    copy->link = *link;
    copy->role = wish.role;
    copy->takes.set(wish.credit_bytes);
    copy->progress = self->clock().now();
    line.leave(*link);
    if (kept && kept->index < receiver.from) {
      self->send(store, close_export{kept->id});
      kept.reset();
    }
    // An export left open by another receiver of the same kind serves this one as well.
    auto resume = kept && kept->role == wish.role ? kept->index : wish.resume_index;
    self->request(store, caf::infinite, open_export{wish.role, resume})
        .then([this, number = copy->number](const export_opened& opened) { copy_opened(number, opened); },
              [this, number = copy->number](const caf::error& e) { copy_refused(number, e); });
  }
  for (const auto& place : line.moved()) send(place.link, snapshot_wait{place.ahead});
}

void source_state::copy_opened(std::uint64_t number, const export_opened& opened) {
  if (!copy) self->send(store, close_export{opened.id}); // its receiver has gone meanwhile, and nobody else came
  if (!copy || copy->number != number) return;
  kept = kept_export{opened.id, copy->role, opened.header.at.index};
  const auto& wish = *downstreams.at(copy->link).wish;
  auto resumed = wish.resume_index == opened.header.at.index && !wish.resume_after_key.empty();
  copy->id = opened.id;
  copy->from_start = !resumed;
  if (resumed) copy->after_key = wish.resume_after_key;
  spdlog::info("argentum.source {}: a full copy at {} {}", config.instance, to_string(opened.header.at),
               resumed ? "goes on" : "begins");
  send(copy->link, snapshot_begin{opened.header, resumed});
  pump_copy();
}

void source_state::copy_refused(std::uint64_t number, const caf::error& reason) {
  if (!copy || copy->number != number) return;
  if (reason != errc::busy) return fail_copy(reason);
  // An export of the other kind is kept open for a receiver that was lost: try again on each tick.
  line.join(copy->link);
  copy.reset();
  kept.reset();
  for (const auto& place : line.moved()) send(place.link, snapshot_wait{place.ahead});
}

void source_state::pump_copy() {
  if (copy->id == 0 || copy->reading || copy->sent || !copy->takes.any()) return;
  copy->reading = true;
  self->request(store, caf::infinite, read_export{copy->id, copy->after_key, copy->from_start, limits::batch_bytes})
      .then(
          [this, number = copy->number](snapshot_chunk& chunk) {
            if (copy && copy->number == number) copy_read(std::move(chunk));
          },
          [this, number = copy->number](const caf::error& e) {
            if (copy && copy->number == number) fail_copy(e);
          });
}

void source_state::copy_read(snapshot_chunk chunk) {
  copy->reading = false;
  copy->progress = self->clock().now();
  copy->takes.spend(payload_bytes(chunk.records));
  if (!chunk.records.empty()) {
    copy->after_key = chunk.records.back().key;
    copy->from_start = false;
  }
  copy->sent = chunk.last;
  if (copy->sent) config.metrics->snapshots_sent.add();
  pump_copy(); // the next one is read while this one is encoded
  send(copy->link, std::move(chunk));
}

void source_state::fail_copy(const caf::error& reason) {
  spdlog::warn("argentum.source {}: a full copy stopped: {}", config.instance, describe(reason));
  send(copy->link, reply(subscribe_verdict::need_snapshot)); // ask again
  end_copy(false);
}

void source_state::end_copy(bool close) {
  if (close) {
    self->send(store, close_export{copy->id});
    kept.reset();
  }
  copy.reset();
  start_copy();
}

void source_state::leave_copies(link_id link, bool subscribed) {
  line.leave(link);
  if (copy && copy->link == link) {
    end_copy(subscribed && copy->sent);
  } else {
    start_copy(); // tells the others their places
  }
}

void source_state::expire_copy(time_point now) {
  if (copy && now - copy->progress >= limits::export_grace) {
    if (copy->sent) {
      end_copy(true);
    } else {
      fail_copy(make_error(errc::timed_out, "the receiver takes nothing"));
    }
  }
  start_copy();
}

} // namespace argentum::actors
