// SPDX-License-Identifier: Apache-2.0
// The storage actor's part in full copies: the export that a downstream reads, the import that is built beside the
// data in use and then takes its place.
#include "actors/write/storage_actor.hpp"

#include <spdlog/spdlog.h>

namespace argentum::actors {

caf::expected<export_opened> storage_state::open(const open_export& what) {
  if (exported) {
    const auto& header = exported->copy->header();
    if (what.resume_index != header.at.index || what.reader != exported->reader)
      return make_error(errc::busy, "another copy is open");
    exported->used = self->clock().now();
    return export_opened{exported->id, header, true};
  }
  auto copy = store->open_export(what.reader);
  if (!copy) {
    note(copy.error());
    return copy.error();
  }
  auto header = (*copy)->header();
  exported = open_copy{++export_count, what.reader, std::move(*copy), self->clock().now()};
  return export_opened{exported->id, header, false};
}

caf::expected<snapshot_chunk> storage_state::read(const read_export& what) {
  if (!exported || exported->id != what.id) return make_error(errc::no_snapshot, "the copy is closed");
  exported->used = self->clock().now();
  return exported->copy->read(what.after_key, what.from_start, what.bytes_max);
}

void storage_state::close(const close_export& what) {
  if (exported && exported->id == what.id) exported.reset();
}

caf::expected<import_progress> storage_state::import_state() {
  if (!next) {
    auto opened = home->open_next();
    if (!opened) return opened.error();
    next = std::move(*opened);
  }
  return next->import_state();
}

caf::expected<import_progress> storage_state::begin(const begin_import& what) {
  retire_unread();
  if (!retiring.empty()) return make_error(errc::busy, "sessions still read the data of the last full copy");
  auto before = import_state();
  if (what.resumed) {
    if (!before) return before.error();
    if (before->index != what.header.at.index) return make_error(errc::no_snapshot, "nothing to go on with");
    return before;
  }
  auto pristine = before && before->index == 0 && next->report().applied.index == 0;
  if (!pristine) { // an older import, or one that was finished but could not be switched to
    next.reset();
    if (auto gone = home->discard_next(); !gone) return gone.error();
    before = import_state();
    if (!before) return before.error();
  }
  if (auto begun = next->begin_import(what.header); !begun) return import_failed(begun.error());
  return next->import_state();
}

caf::expected<import_progress> storage_state::import(const import_chunk& what) {
  if (!next) return make_error(errc::no_snapshot, "no import was begun");
  if (auto done = next->import(what.records); !done) return import_failed(done.error());
  note({});
  return next->import_state();
}

caf::error storage_state::import_failed(const caf::error& reason) {
  note(reason);
  next.reset();
  return reason;
}

caf::expected<store_report> storage_state::finish() {
  if (!next) return make_error(errc::no_snapshot, "no import was begun");
  if (auto done = next->finish_import(); !done) {
    auto reason = import_failed(done.error());
    if (reason == errc::corrupt) static_cast<void>(home->discard_next()); // no good: start over next time
    return reason;
  }
  if (auto done = home->promote_next(); !done) return done.error();
  auto old_view = store->view();
  auto same_each_time = old_view == store->view();
  retiring.push_back({std::move(store), std::move(old_view), same_each_time ? 2 : 1});
  store = std::move(next);
  exported.reset();
  ++switches;
  syncing = false;
  slot->store(store->view());
  config.metrics->snapshots_received.add();
  spdlog::info("argentum.storage {}: now at {} by a full copy", config.instance,
               to_string(store->report().applied));
  announce(nullptr);
  return store->report();
}

void storage_state::change_role(const take_role& what) {
  changing = what;
  if (next && next->report().role != what.role) next.reset(); // a copy for the role before
  home->set_role(what.role);
  note_role();
}

void storage_state::note_role() {
  if (!changing || store->report().role != changing->role || !retiring.empty()) return;
  changing->reached.deliver(changing->role);
  changing.reset();
}

void storage_state::retire_unread() {
  std::erase_if(retiring, [this](old_store& old) {
    if (old.view.use_count() > old.own_uses) return false;
    old.view.reset();
    old.store.reset();
    home->retire_old();
    return true;
  });
}

} // namespace argentum::actors
