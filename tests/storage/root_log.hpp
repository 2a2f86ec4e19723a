// SPDX-License-Identifier: Apache-2.0
// A root in a few lines: it makes the log that stores are fed with, and remembers every version of every key, so
// that it can judge any answer.
#pragma once

#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"
#include "messages/lookup.hpp"
#include "storage/digest.hpp"

#include <map>
#include <optional>

namespace argentum::test {

using change = std::pair<std::string, std::optional<std::string>>; ///< no value: remove

class root_log {
 public:
  struct version {
    index_t index = 0;
    std::optional<std::string> value;
  };

  /// Commits one entry; removes of absent keys are left out. Returns its index.
  index_t write(const std::vector<change>& changes,
                std::chrono::microseconds after = std::chrono::milliseconds{10}) {
    stamp_ += after;
    entry next{epoch, records_.size() + 1, stamp_, {}};
    for (const auto& [key, value] : changes) {
      auto& all = versions_[key];
      bool live = !all.empty() && all.back().value;
      if (!live && !value) continue;
      auto kind = !value ? mutation_kind::remove : live ? mutation_kind::update : mutation_kind::create;
      next.mutations.push_back({kind, key, value.value_or("")});
      all.push_back({next.index, value});
    }
    auto bytes = encode_entry(next);
    auto chain = extend_chain(records_.empty() ? 0 : records_.back().chain, bytes);
    records_.push_back({next.index, chain, std::move(bytes)});
    return next.index;
  }

  index_t head() const { return records_.size(); }
  std::vector<log_record> after(index_t index, std::size_t count = ~std::size_t{0}) const {
    std::vector<log_record> out;
    for (auto i = index; i < records_.size() && out.size() < count; ++i) out.push_back(records_[i]);
    return out;
  }
  position at(index_t index) const {
    if (index == 0) return {};
    auto head = *entry_reader{records_[index - 1].bytes}.head();
    return {head.epoch, index, records_[index - 1].chain};
  }

  /// The newest version of a key at an index; null if it was never written before.
  const version* find(std::string_view key, index_t at) const {
    auto it = versions_.find(key);
    if (it == versions_.end()) return nullptr;
    const version* out = nullptr;
    for (const auto& v : it->second)
      if (v.index <= at) out = &v;
    return out;
  }
  lookup_answer read_at(std::string_view key, index_t at) const {
    const auto* v = find(key, at);
    if (v == nullptr || !v->value) return {};
    return {lookup_status::found, v->index, *v->value};
  }
  storage::store_digest digest(index_t at) const {
    storage::digester sum;
    for (const auto& [key, all] : versions_)
      if (const auto* v = find(key, at); v != nullptr && v->value) sum.add(key, v->index, *v->value);
    return sum.finish(at);
  }
  std::vector<std::string> keys(index_t at) const {
    std::vector<std::string> out;
    for (const auto& [key, all] : versions_)
      if (const auto* v = find(key, at); v != nullptr && v->value) out.push_back(key);
    return out;
  }

  epoch_t epoch = 1;

 private:
  stamp_t stamp_{std::chrono::seconds{1'700'000'000}};
  std::vector<log_record> records_;
  std::map<std::string, std::vector<version>, std::less<>> versions_;
};

} // namespace argentum::test
