// SPDX-License-Identifier: Apache-2.0
#include "storage/table_stats.hpp"

#include "messages/varint.hpp"
#include "storage/key_codec.hpp"
#include "storage/record.hpp"

#include <algorithm>
#include <functional>

namespace argentum::storage {

namespace {

constexpr const char* loose_name = "argentum.loose";
constexpr const char* held_name = "argentum.held";
constexpr const char* oldest_name = "argentum.oldest"; ///< varint

using count_record = std::function<void(table_stats&, std::string_view key, std::string_view bytes)>;

class collector final : public rocksdb::TablePropertiesCollector {
 public:
  explicit collector(const count_record& count) : count_(count) {}
  const char* Name() const override { return "argentum.stats"; }
  rocksdb::Status AddUserKey(const rocksdb::Slice& key, const rocksdb::Slice& value, rocksdb::EntryType type,
                             rocksdb::SequenceNumber, std::uint64_t) override {
    if (type == rocksdb::kEntryPut) count_(stats_, key.ToStringView(), value.ToStringView());
    return {};
  }
  rocksdb::Status Finish(rocksdb::UserCollectedProperties* out) override {
    if (!stats_.loose.empty()) (*out)[loose_name] = stats_.loose.encode();
    if (!stats_.held.empty()) (*out)[held_name] = stats_.held.encode();
    put_varint((*out)[oldest_name], stats_.oldest);
    return {};
  }
  rocksdb::UserCollectedProperties GetReadableProperties() const override { return {}; }

 private:
  count_record count_;
  table_stats stats_;
};

class collectors final : public rocksdb::TablePropertiesCollectorFactory {
 public:
  explicit collectors(count_record count) : count_(std::move(count)) {}
  const char* Name() const override { return "argentum.stats"; }
  rocksdb::TablePropertiesCollector* CreateTablePropertiesCollector(Context) override {
    return new collector{count_};
  }

 private:
  count_record count_;
};

coarse_histogram histogram_of(const rocksdb::UserCollectedProperties& all, const char* name) {
  auto found = all.find(name);
  auto decoded = found == all.end() ? std::nullopt : coarse_histogram::decode(found->second);
  return decoded ? std::move(*decoded) : coarse_histogram{};
}

void add_loose(table_stats& out, std::uint64_t point, std::size_t bytes) {
  out.loose.add(point, bytes);
  out.oldest = std::min(out.oldest, point);
}

void count_value(const filter_bounds& bounds, table_stats& out, std::string_view bytes) {
  auto record = decode_record(bytes);
  if (!record || !record->value) return;
  if (record->version <= bounds.floor.load(std::memory_order_relaxed))
    add_loose(out, record->last_access.value_or(0), record->value->size());
  else
    out.held.add(record->version, record->value->size());
}

} // namespace

table_stats read_stats(const rocksdb::TableProperties& table) {
  const auto& all = table.user_collected_properties;
  table_stats out;
  out.loose = histogram_of(all, loose_name);
  out.held = histogram_of(all, held_name);
  if (auto found = all.find(oldest_name); found != all.end()) {
    std::string_view in = found->second;
    if (std::uint64_t oldest = 0; take_varint(in, oldest)) out.oldest = oldest;
  }
  return out;
}

stats_source value_stats(std::shared_ptr<const filter_bounds> bounds) {
  return std::make_shared<collectors>(
      [bounds = std::move(bounds)](table_stats& out, std::string_view, std::string_view bytes) {
        count_value(*bounds, out, bytes);
      });
}

stats_source tombstone_stats() {
  return std::make_shared<collectors>([](table_stats& out, std::string_view key, std::string_view bytes) {
    if (auto record = decode_record(bytes); record && record->tombstone)
      add_loose(out, record->version - 1, key.size() + bytes.size());
  });
}

stats_source history_stats() {
  return std::make_shared<collectors>([](table_stats& out, std::string_view key, std::string_view bytes) {
    if (auto until = valid_until(key)) add_loose(out, *until, key.size() + bytes.size());
  });
}

} // namespace argentum::storage
