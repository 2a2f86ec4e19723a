// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/write_judge.hpp"

#include "apps/sim/write_model.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::sim {

namespace {

old_value value_at(const truth& log, const std::string& key, index_t index) {
  const auto& record = log.key_at(key, index);
  return record.exists() ? old_value{*record.value} : old_value{};
}

/// What the command does on the keys as they were at `index`; nothing if it answers anything else than `result`.
std::optional<std::map<std::string, old_value>> changes_at(const truth& log, index_t index,
                                                           const asked_write& asked, const write_result& result) {
  for (const auto& each : asked.expected) {
    const auto& now = log.key_at(each.key, index);
    if ((now.exists() ? now.version : 0) != each.version) return std::nullopt;
  }
  write_model model{[&](const std::string& key) { return value_at(log, key, index); }};
  std::vector<op_answer> answers;
  for (const auto& op : asked.ops) answers.push_back(model.run(op));
  if (answers != result.answers) return std::nullopt;
  return model.changes();
}

bool is_entry(const truth& log, index_t index, const std::map<std::string, old_value>& changes) {
  return log.keys_in(index) == changes.size() && std::all_of(changes.begin(), changes.end(), [&](const auto& each) {
           return value_at(log, each.first, index) == each.second;
         });
}

} // namespace

std::optional<std::string> write_judge::judge(const truth& log, const asked_write& asked,
                                              const write_result& result) {
  auto nothing = changes_at(log, result.index, asked, result);
  if (nothing && nothing->empty()) return std::nullopt;
  auto made = result.index == 0 ? std::nullopt : changes_at(log, result.index - 1, asked, result);
  if (!made || made->empty() || !is_entry(log, result.index, *made))
    return fmt::format(
        "a write of {} ops was acknowledged as entry {}, which is not what comes of it there, or the "
        "answers are not",
        asked.ops.size(), result.index);
  if (!taken_.insert(result.index).second)
    return fmt::format("two writes that change something were acknowledged as the same entry {}", result.index);
  return std::nullopt;
}

} // namespace argentum::sim
