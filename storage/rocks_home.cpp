// SPDX-License-Identifier: Apache-2.0
#include "storage/rocks_home.hpp"

#include "storage/proxy_store.hpp"
#include "storage/replica_store.hpp"

namespace argentum::storage {

rocks_home::rocks_home(std::string path, instance_role role, std::shared_ptr<rocks_shared> shared,
                       window_limits window, std::chrono::microseconds history)
    : dir_(*shared->env(), std::move(path)),
      role_(role),
      shared_(std::move(shared)),
      window_(window),
      history_(history) {}

caf::expected<std::unique_ptr<store>> rocks_home::open_current() {
  if (auto error = settle()) return error;
  auto db = open_or_create_current();
  if (!db) return db.error();
  current_db_ = *db;
  return make_store(std::move(*db));
}

caf::error rocks_home::settle() {
  if (auto error = dir_.prepare()) return error;
  auto current = dir_.current();
  if (!current) return current.error();
  current_ = current->value_or(current_generation{1, true});
  if (!*current)
    if (auto error = dir_.set_current(current_)) return error;
  auto there = dir_.generations();
  if (!there) return there.error();
  for (auto generation : *there) {
    if (generation == current_.number ? !current_.creating : generation == current_.number + 1) continue;
    if (auto error = dir_.remove(generation)) return error;
  }
  return {};
}

rocks_home::open_db rocks_home::open_or_create_current() {
  auto path = dir_.path_of(current_.number);
  if (!current_.creating) return rocks_db::open(path, shared_);
  auto db = rocks_db::create(path, role_, shared_);
  if (!db) return db;
  current_.creating = false;
  if (auto error = dir_.set_current(current_)) return error;
  return db;
}

caf::expected<std::unique_ptr<store>> rocks_home::open_next() {
  auto db = resume_next();
  if (db && !*db) {
    if (auto done = discard_next(); !done) return done.error();
    db = rocks_db::create(dir_.path_of(current_.number + 1), role_, shared_);
  }
  if (!db) return db.error();
  next_db_ = *db;
  return make_store(std::move(*db));
}

rocks_home::open_db rocks_home::resume_next() {
  std::shared_ptr<rocks_db> none;
  auto generation = current_.number + 1;
  if (!dir_.exists(generation)) return none;
  auto db = rocks_db::open(dir_.path_of(generation), shared_);
  // A crash while it was made, or another role's: it is only a copy, so start anew.
  if (!db) return db.error() == errc::corrupt ? open_db{none} : db;
  if ((*db)->role() != role_) return none;
  auto import = (*db)->read_import();
  if (!import) return import.error() == errc::corrupt ? open_db{none} : import.error();
  return *import ? db : open_db{none};
}

caf::expected<void> rocks_home::discard_next() {
  if (!next_db_.expired()) return make_error(errc::busy, "the next store is still open");
  if (auto error = dir_.remove(current_.number + 1)) return error;
  return {};
}

caf::expected<void> rocks_home::promote_next() {
  auto next = current_.number + 1;
  if (!dir_.exists(next)) return make_error(errc::invalid, "there is no next store");
  if (auto error = dir_.set_current({next, false})) return error;
  current_.number = next;
  old_db_ = std::exchange(current_db_, std::exchange(next_db_, {}));
  return {};
}

void rocks_home::retire_old() {
  if (auto db = old_db_.lock())
    db->remove_when_closed();
  else if (current_.number > 1)
    (void)dir_.remove(current_.number - 1); // else it goes at the next start
}

caf::expected<std::unique_ptr<store>> rocks_home::make_store(std::shared_ptr<rocks_db> db) {
  auto start = read_start(std::move(db));
  if (!start) return start.error();
  if (start->db->role() == instance_role::replica)
    return std::unique_ptr<store>{std::make_unique<replica_store>(*start, history_)};
  return std::unique_ptr<store>{std::make_unique<proxy_store>(*start, window_)};
}

} // namespace argentum::storage
