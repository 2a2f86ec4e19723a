// SPDX-License-Identifier: Apache-2.0
#include "storage/proxy_store.hpp"

#include "storage/log_rules.hpp"
#include "storage/rocks_status.hpp"
#include "storage/store_rules.hpp"

namespace argentum::storage {

proxy_store::proxy_store(const rocks_start& start, window_limits window)
    : rocks_store(start, std::make_shared<proxy_view>(start.db, start.state), window.span),
      window_(window),
      stored_clock_(start.clock) {
  db()->bounds().now = stored_clock_;
  announce_floor();
}

index_t proxy_store::floor() const noexcept {
  return window_floor(window_, samples(), state().applied.index, state().stamp);
}

caf::expected<void> proxy_store::apply(const std::vector<log_record>& records, bool sync, stamp_t) {
  auto run = check_next(records);
  if (!run) return run.error();
  rocksdb::WriteBatch batch;
  for (const auto& [version, what] : run->mutations) {
    auto error = what.kind == mutation_kind::remove
                     ? to_error(batch.Delete(db()->data(), what.key), "build a batch")
                     : put(batch, what.key, {version, false, std::nullopt, what.value});
    if (error) return error;
  }
  auto next = state();
  next.applied = next.log_base = run->applied;
  next.horizon = run->applied.index;
  next.stamp = run->stamp;
  next.key_count = run->key_count;
  if (auto error = commit(batch, next, sync, run->stamps)) return error;
  announce_floor();
  return {};
}

caf::error proxy_store::put(rocksdb::WriteBatch& batch, std::string_view key, const record_view& record) const {
  auto head = encode_record_head(record);
  rocksdb::Slice keys[] = {key};
  rocksdb::Slice values[] = {head, record.value.value_or(std::string_view{})};
  return to_error(batch.Put(db()->data(), {keys, 1}, {values, 2}), "build a batch");
}

caf::expected<record_run> proxy_store::read_log(index_t after, std::size_t) const {
  if (auto error = check_log_start(state(), after)) return error;
  return record_run{};
}

caf::expected<void> proxy_store::truncate_log(const log_retention&, index_t) {
  return {};
}

caf::expected<std::optional<record_view>> proxy_store::find(std::string_view key,
                                                            rocksdb::PinnableSlice& bytes) const {
  auto status = db()->db().Get({}, db()->data(), key, &bytes);
  if (status.IsNotFound()) return std::optional<record_view>{};
  if (auto error = to_error(status, "read a key")) return error;
  auto record = decode_record(bytes.ToStringView());
  if (!record) return corrupt_bytes("a record");
  return record;
}

caf::expected<bool> proxy_store::fill(std::string_view key, index_t version, std::string_view value) {
  rocksdb::PinnableSlice bytes;
  auto record = find(key, bytes);
  if (!record) return record.error();
  if (!*record || (*record)->version != version) return false;
  if ((*record)->value) return true;
  (*record)->value = value;
  (*record)->last_access = db()->bounds().now;
  rocksdb::WriteBatch batch;
  if (auto error = put(batch, key, **record)) return error;
  if (auto error = write(batch, false)) return error;
  return true;
}

caf::expected<bool> proxy_store::evict(std::string_view key) {
  rocksdb::PinnableSlice bytes;
  auto record = find(key, bytes);
  if (!record) return record.error();
  if (!*record || !(*record)->value || (*record)->version > floor()) return false;
  (*record)->value.reset();
  rocksdb::WriteBatch batch;
  if (auto error = put(batch, key, **record)) return error;
  if (auto error = write(batch, false)) return error;
  return true;
}

caf::expected<void> proxy_store::set_horizon(index_t horizon) {
  if (auto error = check_horizon(state(), horizon)) return error;
  return {};
}

caf::expected<std::unique_ptr<store_export>> proxy_store::open_export(instance_role) const {
  return make_error(errc::wrong_role, "a proxy cannot give a full copy");
}

} // namespace argentum::storage
