// SPDX-License-Identifier: Apache-2.0
// The sink's part in a full copy: asked for when the upstream's log does not reach back, received beside the data
// in use, and gone on with after an interruption.
#include "actors/replication/replication_sink.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace argentum::actors {

void sink_state::ask_copy() {
  ++attempt;
  phase = sink_phase::asking;
  config.metrics->upstream_connected.set(0);
  config.metrics->bootstrapping.set(1);
  self->request(store, caf::infinite, get_import{})
      .then(if_current([this](const import_progress& where) {
              auto outrun = where.index < report.applied.index; // by the log that was followed meanwhile
              progress = std::exchange(copy_afresh, false) || outrun ? import_progress{} : where;
              owed.clear();
              spdlog::info("argentum.sink {}: asks {} for a full copy", config.instance, peer);
              send(snapshot_request{config.role, limits::credit_bytes, progress.index, progress.last_key});
            }),
            if_current([this](const caf::error& e) { copy_failed(e); }));
}

void sink_state::on_wait(link_id from, const snapshot_wait& what) {
  if (!hears(from) || phase != sink_phase::asking) return;
  spdlog::info("argentum.sink {}: {} full copies are before ours at {}", config.instance, what.ahead, peer);
}

void sink_state::on_begin(link_id from, const snapshot_begin& what) {
  if (!hears(from) || phase != sink_phase::asking) return;
  if (report.id.known() && report.id != what.header.id)
    return diverge(make_error(errc::wrong_instance, "upstream has " + to_string(what.header.id)));
  if (what.header.at.index < report.applied.index)
    return avoid(make_error(errc::refused, "the copy is older than this node's data"));
  if (what.resumed && what.header.at.index != progress.index)
    return hang_up(make_error(errc::protocol, "a copy goes on that was never begun"));
  phase = sink_phase::importing;
  last_key = what.resumed ? progress.last_key : std::string{};
  keys_seen = what.resumed;
  self->request(store, caf::infinite, begin_import{what.header, what.resumed})
      .then([](const import_progress&) { /* chunks are on their way already */ },
            if_current([this](const caf::error& e) { copy_failed(e); }));
}

void sink_state::on_chunk(link_id from, snapshot_chunk& chunk) {
  if (!hears(from) || phase != sink_phase::importing) return;
  for (const auto& record : chunk.records) {
    if (keys_seen && record.key <= last_key)
      return hang_up(make_error(errc::protocol, "the copy's keys are out of order"));
    last_key = record.key;
    keys_seen = true;
  }
  auto bytes = payload_bytes(chunk.records);
  auto last = chunk.last;
  self->request(store, caf::infinite, import_chunk{std::move(chunk.records)})
      .then(if_current([this, bytes](const import_progress&) { give_back(bytes); }),
            if_current([this](const caf::error& e) { copy_failed(e); }));
  if (last) finish_copy();
}

void sink_state::finish_copy() {
  phase = sink_phase::finishing;
  self->request(store, caf::infinite, finish_import{})
      .then(if_current([this](const store_report& now) {
              report = now;
              config.metrics->bootstrapping.set(0);
              subscribe();
            }),
            if_current([this](const caf::error& e) { copy_failed(e); }));
}

void sink_state::copy_failed(const caf::error& why) {
  if (why == errc::no_snapshot) copy_afresh = true;
  pause(why);
}

} // namespace argentum::actors
