// SPDX-License-Identifier: Apache-2.0
#include "storage/filters.hpp"

#include "storage/key_codec.hpp"
#include "storage/record.hpp"

#include <algorithm>

namespace argentum::storage {

namespace {

/// A filter with the bounds of its begin.
class bounded_filter : public rocksdb::CompactionFilter {
 public:
  explicit bounded_filter(std::shared_ptr<filter_bounds> bounds) : bounds_(std::move(bounds)) {}
  ~bounded_filter() override { bounds_->records += records_; }

  Decision FilterV2(int, const rocksdb::Slice& key, ValueType type, const rocksdb::Slice& bytes, std::string* out,
                    std::string*) const override {
    if (type != ValueType::kValue) return Decision::kKeep;
    return judge(key.ToStringView(), bytes.ToStringView(), *out);
  }

 protected:
  virtual Decision judge(std::string_view key, std::string_view bytes, std::string& out) const = 0;
  const filter_bounds& bounds() const noexcept { return *bounds_; }
  void count() const noexcept { ++records_; }

 private:
  std::shared_ptr<filter_bounds> bounds_;
  mutable std::uint64_t records_ = 0; ///< a filter is used by one thread
};

class strip_values final : public bounded_filter {
 public:
  using bounded_filter::bounded_filter;
  const char* Name() const override { return "argentum.values"; }

 private:
  Decision judge(std::string_view key, std::string_view bytes, std::string& out) const override {
    auto record = decode_record(bytes);
    if (!record || !record->value) return Decision::kKeep;
    auto last = std::max(record->last_access.value_or(0), bounds().accesses->last(key));
    if (record->version <= evictable_ && last < cut_) {
      out = encode_record_head({record->version, false, std::nullopt, std::nullopt});
      count();
      return Decision::kChangeValue;
    }
    if (last == record->last_access.value_or(0)) return Decision::kKeep;
    record->last_access = last;
    out = encode_record_head(*record);
    out.append(*record->value);
    return Decision::kChangeValue;
  }

  index_t evictable_ = bounds().evictable;
  access_time cut_ = bounds().cut;
};

class drop_tombstones final : public bounded_filter {
 public:
  using bounded_filter::bounded_filter;
  const char* Name() const override { return "argentum.tombstones"; }

 private:
  Decision judge(std::string_view, std::string_view bytes, std::string&) const override {
    auto record = decode_record(bytes);
    if (!record || !record->tombstone || record->version > horizon_) return Decision::kKeep;
    count();
    return Decision::kRemove;
  }

  index_t horizon_ = bounds().horizon;
};

class drop_history final : public bounded_filter {
 public:
  using bounded_filter::bounded_filter;
  const char* Name() const override { return "argentum.history"; }

 private:
  Decision judge(std::string_view key, std::string_view, std::string&) const override {
    auto until = valid_until(key);
    if (!until || *until >= horizon_) return Decision::kKeep;
    count();
    return Decision::kRemove;
  }

  index_t horizon_ = bounds().horizon;
};

template <class Filter>
class filters final : public rocksdb::CompactionFilterFactory {
 public:
  explicit filters(std::shared_ptr<filter_bounds> bounds) : bounds_(std::move(bounds)) {}
  const char* Name() const override { return "argentum.filters"; }
  std::unique_ptr<rocksdb::CompactionFilter>
  CreateCompactionFilter(const rocksdb::CompactionFilter::Context&) override {
    return std::make_unique<Filter>(bounds_);
  }

 private:
  std::shared_ptr<filter_bounds> bounds_;
};

} // namespace

filter_source value_filter(std::shared_ptr<filter_bounds> bounds) {
  return std::make_shared<filters<strip_values>>(std::move(bounds));
}

filter_source tombstone_filter(std::shared_ptr<filter_bounds> bounds) {
  return std::make_shared<filters<drop_tombstones>>(std::move(bounds));
}

filter_source history_filter(std::shared_ptr<filter_bounds> bounds) {
  return std::make_shared<filters<drop_history>>(std::move(bounds));
}

} // namespace argentum::storage
