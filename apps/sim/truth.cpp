// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/truth.hpp"

#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"
#include "storage/digest.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::sim {

std::optional<std::string> truth::add(const log_record& record) {
  if (record.index != head() + 1)
    return fmt::format("the root logged entry {} after entry {}", record.index, head());
  auto what = decode_entry(record.bytes);
  if (!what || what->index != record.index) return fmt::format("entry {} cannot be read", record.index);
  auto before = at(head());
  if (record.chain != extend_chain(before.chain, record.bytes))
    return fmt::format("entry {} does not continue the chain", record.index);
  if (what->stamp < newest_) return fmt::format("entry {} is stamped before the one before it", record.index);
  newest_ = what->stamp;
  sizes_.push_back(what->mutations.size());
  for (auto& mutation : what->mutations) {
    auto& versions = keys_[mutation.key];
    bool existed = !versions.empty() && versions.back().exists();
    if (existed != (mutation.kind != mutation_kind::create))
      return fmt::format("entry {} says that a key {} before it", record.index, existed ? "was absent" : "existed");
    bool exists = mutation.kind != mutation_kind::remove;
    versions.push_back({record.index, exists ? std::make_shared<const std::string>(mutation.value) : nullptr});
  }
  positions_.push_back({what->epoch, record.index, record.chain});
  return {};
}

truth truth::until(index_t last) const {
  truth cut = *this;
  cut.positions_.resize(std::min<std::size_t>(last, cut.positions_.size()));
  cut.sizes_.resize(cut.positions_.size());
  for (auto& [key, versions] : cut.keys_)
    std::erase_if(versions, [last](const truth_record& each) { return each.version > last; });
  std::erase_if(cut.keys_, [](const auto& each) { return each.second.empty(); });
  cut.newest_ = {}; // the root that starts there knows it; a later stamp is as good
  return cut;
}

position truth::at(index_t index) const {
  return index == 0 || index > head() ? position{} : positions_[index - 1];
}

const truth_record& truth::key_at(std::string_view key, index_t index) const {
  static const truth_record never;
  auto found = keys_.find(key);
  if (found == keys_.end()) return never;
  auto& versions = found->second;
  auto after = std::upper_bound(versions.begin(), versions.end(), index,
                                [](index_t at, const truth_record& each) { return at < each.version; });
  return after == versions.begin() ? never : *std::prev(after);
}

storage::store_digest truth::digest() const {
  storage::digester sum;
  for (const auto& [key, versions] : keys_)
    if (const auto& last = versions.back(); last.exists()) sum.add(key, last.version, *last.value);
  return sum.finish(head());
}

} // namespace argentum::sim
