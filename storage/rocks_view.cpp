// SPDX-License-Identifier: Apache-2.0
#include "storage/rocks_view.hpp"

#include "storage/digest.hpp"
#include "storage/entry_log.hpp"
#include "storage/key_codec.hpp"
#include "storage/rocks_status.hpp"

#include <algorithm>

namespace argentum::storage {

namespace {

/// Reads one record; `bytes` holds what the result points to. Nothing if there is none.
caf::expected<std::optional<record_view>> get_record(const rocks_db& db, const rocksdb::ReadOptions& options,
                                                     std::string_view key, rocksdb::PinnableSlice& bytes) {
  auto status = db.db().Get(options, db.data(), key, &bytes);
  if (status.IsNotFound()) return std::optional<record_view>{};
  if (auto error = to_error(status, "read a key")) return error;
  auto record = decode_record(bytes.ToStringView());
  if (!record) return corrupt_bytes("a record");
  return record;
}

caf::expected<lookup_answer> exact_answer(const record_view& record) {
  if (record.tombstone) return lookup_answer{};
  if (!record.value) return corrupt_bytes("a replica's record without a value");
  return lookup_answer{lookup_status::found, record.version, std::string{*record.value}};
}

/// Calls f(key, record) for each live key from the iterator's place on, until it returns false.
template <class F>
caf::error for_each_live(rocksdb::Iterator& it, F&& f) {
  for (; it.Valid(); it.Next()) {
    auto record = decode_record(it.value().ToStringView());
    if (!record) return corrupt_bytes("a record");
    if (!record->tombstone && !f(it.key().ToStringView(), *record)) break;
  }
  return to_error(it.status(), "read a range of keys");
}

/// Fills in one record a key; `bytes_max` is lowered by the bytes of the values, or the read ends with too_large.
caf::error read_keys(const rocks_db& db, rocksdb::ReadOptions options, std::span<const std::string_view> keys,
                     std::size_t& bytes_max, std::vector<read_record>& out) {
  constexpr std::size_t head_bytes_max = 32; // above any record's head: an early stop is never one too early
  options.value_size_soft_limit = bytes_max + keys.size() * head_bytes_max;
  std::vector<rocksdb::Slice> slices{keys.begin(), keys.end()};
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> states(keys.size());
  db.db().MultiGet(options, db.data(), keys.size(), slices.data(), found.data(), states.data());
  out.clear();
  out.resize(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (states[i].IsNotFound()) continue;
    if (states[i].IsAborted()) return make_error(errc::too_large, "values of one read");
    if (auto error = to_error(states[i], "read a key")) return error;
    auto record = decode_record(found[i].ToStringView());
    if (!record) return corrupt_bytes("a record");
    out[i].answer = answer_of(record);
    if (out[i].answer.status != read_status::found) continue;
    if (record->value->size() > bytes_max) return make_error(errc::too_large, "values of one read");
    bytes_max -= record->value->size();
    out[i].value = *record->value;
    db.touch(keys[i]);
  }
  return {};
}

class snapshot_read final : public multi_read {
 public:
  snapshot_read(std::shared_ptr<rocks_db> db, std::span<const std::string_view> keys, std::size_t bytes_max)
      : db_(std::move(db)), snapshot_(db_->db()), keys_(keys), bytes_max_(bytes_max) {}

  caf::expected<void> next(std::size_t keys_max, std::vector<read_record>& out) override {
    auto part = keys_.first(std::min(keys_max, keys_.size()));
    keys_ = keys_.subspan(part.size());
    if (auto error = read_keys(*db_, snapshot_.options(), part, bytes_max_, out)) return error;
    return {};
  }

 private:
  std::shared_ptr<rocks_db> db_; // outlives the snapshot
  rocks_snapshot snapshot_;
  std::span<const std::string_view> keys_; ///< not read yet
  std::size_t bytes_max_;                  ///< that are left
};

} // namespace

read_answer answer_of(const std::optional<record_view>& record) {
  if (!record || record->tombstone) return {read_status::absent, 0};
  return {record->value ? read_status::found : read_status::evicted, record->version};
}

rocks_view::rocks_view(std::shared_ptr<rocks_db> db, const store_state& state) : db_(std::move(db)) {
  publish(state);
}

void rocks_view::publish(const store_state& state) noexcept {
  key_count_.store(state.key_count, std::memory_order_relaxed);
  horizon_.store(state.horizon, std::memory_order_release);
  applied_.store(state.applied.index, std::memory_order_release);
  changing_.store(false, std::memory_order_release);
}

index_t rocks_view::applied() const noexcept {
  if (changing_.load(std::memory_order_acquire))
    if (auto state = db_->read_state()) return state->applied.index;
  return applied_.load(std::memory_order_acquire); // else a disk that cannot be read: what was known before
}

caf::expected<read_answer> rocks_view::get(std::string_view key, std::string& value) const {
  auto& hot = db_->records();
  if (auto version = hot.find(key, value)) {
    db_->touch(key);
    return read_answer{read_status::found, *version};
  }
  auto ticket = hot.take_ticket(key);
  rocksdb::PinnableSlice bytes;
  auto record = get_record(*db_, {}, key, bytes);
  if (!record) return record.error();
  auto answer = answer_of(*record);
  if (answer.status != read_status::found) return answer;
  value.assign(*(*record)->value);
  db_->touch(key);
  hot.offer(key, ticket, answer.version, value);
  return answer;
}

caf::expected<index_t> rocks_view::multi_get(std::span<const std::string_view> keys, std::size_t bytes_max,
                                             std::vector<read_record>& out) const {
  rocks_snapshot snapshot{db_->db()};
  if (auto error = read_keys(*db_, snapshot.options(), keys, bytes_max, out)) return error;
  auto state = db_->read_state(snapshot.options());
  if (!state) return state.error();
  return state->applied.index;
}

caf::expected<std::unique_ptr<multi_read>> rocks_view::begin_multi_get(std::span<const std::string_view> keys,
                                                                       std::size_t bytes_max) const {
  return std::unique_ptr<multi_read>{std::make_unique<snapshot_read>(db_, keys, bytes_max)};
}

caf::expected<lookup_answer> rocks_view::read_at(std::string_view key, index_t at) const {
  if (at > applied_.load(std::memory_order_acquire)) // spares the usual case what applied() may cost
    if (auto reached = applied(); at > reached) return lookup_answer{lookup_status::behind, reached, {}};
  rocksdb::PinnableSlice bytes;
  auto current = get_record(*db_, {}, key, bytes);
  if (!current) return current.error();
  return past(key, at, *current ? &**current : nullptr);
}

caf::expected<position_check> rocks_view::check(const position& from) const {
  entry_log log{*db_};
  auto judge = [&]() -> caf::expected<position_check> {
    auto state = db_->read_state();
    if (!state) return state.error();
    return judge_position(from, *state, [&log](index_t index) { return log.position_of(index); });
  };
  auto verdict = judge();
  return verdict ? verdict : judge(); // the log may have been cut between the two reads
}

caf::expected<index_t> rocks_view::page(const page_request& request, std::vector<read_record>& out) const {
  rocks_snapshot snapshot{db_->db()};
  auto state = db_->read_state(snapshot.options());
  if (!state) return state.error();
  out.clear();
  if (request.limit == 0 || request.bytes_max == 0) return state->applied.index;
  auto options = snapshot.options();
  rocksdb::Slice until{request.until};
  if (!until.empty()) options.iterate_upper_bound = &until;
  std::unique_ptr<rocksdb::Iterator> it{db_->db().NewIterator(options, db_->data())};
  if (request.from_start)
    it->SeekToFirst();
  else
    it->Seek(request.after);
  if (!request.from_start && it->Valid() && it->key() == rocksdb::Slice{request.after}) it->Next();
  std::size_t bytes = 0;
  auto error = for_each_live(*it, [&](std::string_view key, const record_view& record) {
    auto& item = out.emplace_back(read_record{std::string{key}, answer_of(record), {}});
    if (request.with_values && record.value) item.value = *record.value;
    bytes += item.key.size() + item.value.size();
    return out.size() < request.limit && bytes < request.bytes_max;
  });
  if (error) return error;
  return state->applied.index;
}

caf::expected<store_digest> rocks_view::digest(const stop_check& stop) const {
  rocks_snapshot snapshot{db_->db()};
  auto state = db_->read_state(snapshot.options());
  if (!state) return state.error();
  auto options = snapshot.options();
  options.fill_cache = false; // one pass over everything must not push the hot set out
  std::unique_ptr<rocksdb::Iterator> it{db_->db().NewIterator(options, db_->data())};
  digester sum;
  bool stopped = false;
  it->SeekToFirst();
  auto error = for_each_live(*it, [&](std::string_view key, const record_view& record) {
    sum.add(key, record.version, record.value);
    stopped = stop && stop();
    return !stopped;
  });
  if (error) return error;
  if (stopped) return digest_stopped();
  return sum.finish(state->applied.index);
}

caf::expected<lookup_answer> replica_view::past(std::string_view key, index_t at,
                                                const record_view* current) const {
  if (current != nullptr && current->version <= at && !current->tombstone) return exact_answer(*current);
  // Whatever replaced the record since `at` is already in the history, since both are one batch.
  rocksdb::ReadOptions options;
  options.prefix_same_as_start = true;
  std::unique_ptr<rocksdb::Iterator> it{db().db().NewIterator(options, db().history())};
  auto wanted = history_key(key, at);
  it->Seek(wanted);
  if (auto error = to_error(it->status(), "read the history of a key")) return error;
  caf::expected<lookup_answer> answer{lookup_answer{}};
  auto prefix = std::string_view{wanted}.substr(0, wanted.size() - sizeof(index_t));
  if (it->Valid() && it->key().ToStringView().starts_with(prefix)) {
    auto record = decode_record(it->value().ToStringView());
    if (!record) return corrupt_bytes("a record");
    if (record->version <= at) answer = exact_answer(*record);
    if (!answer) return answer;
  }
  // After the read, so that a horizon that moved meanwhile cannot turn dropped history into a wrong answer.
  if (auto oldest = horizon(); at < oldest) return lookup_answer{lookup_status::pruned, oldest, {}};
  return answer;
}

caf::expected<lookup_answer> proxy_view::past(std::string_view key, index_t at, const record_view* current) const {
  if (current != nullptr && current->version <= at && current->value) return exact_answer(*current);
  lookup_answer unknown{lookup_status::pruned, horizon(), {}};
  if (current != nullptr) return unknown;
  // Absent for sure only at the proxy's own index, which a batch may have moved since: ask once more under it.
  rocks_snapshot snapshot{db().db()};
  auto state = db().read_state(snapshot.options());
  if (!state) return state.error();
  if (state->applied.index != at) return unknown;
  rocksdb::PinnableSlice bytes;
  auto again = get_record(db(), snapshot.options(), key, bytes);
  if (!again) return again.error();
  return *again ? unknown : lookup_answer{};
}

} // namespace argentum::storage
