// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace argentum::sim {

namespace {

std::string shown(const std::string& value) {
  constexpr std::size_t most = 40;
  if (value.size() <= most) return fmt::format("\"{}\"", value);
  return fmt::format("\"{}...\" ({} bytes)", value.substr(0, most), value.size());
}

std::string who_text(const connection& who) {
  return fmt::format("node {}, instance {}, connection {}", who.where.node, who.where.instance, who.number);
}

std::string expected_text(const truth& log, const std::string& key, index_t at) {
  const auto& right = log.key_at(key, at);
  if (right.exists()) return fmt::format("version {} {}", right.version, shown(*right.value));
  return right.version == 0 ? "absent (never written)" : fmt::format("absent (deleted by {})", right.version);
}

/// The newest log with this entry in it; null: none.
const truth* log_with(const std::deque<truth>& logs, index_t index, std::uint64_t chain) {
  auto found = std::find_if(logs.rbegin(), logs.rend(), [&](const truth& log) {
    return index <= log.head() && (index == 0 || log.at(index).chain == chain);
  });
  return found == logs.rend() ? nullptr : &*found;
}

} // namespace

checker::log_list& checker::logs_of(const std::string& instance) {
  auto& logs = logs_[instance];
  if (logs.empty()) logs.emplace_back();
  return logs;
}

const truth& checker::of(const place& where) {
  const auto* log = places_[where].log;
  return log != nullptr ? *log : of(where.instance);
}

void checker::root_lost(const std::string& instance, index_t left) {
  auto& logs = logs_of(instance);
  const auto* before = &logs.back();
  if (left == before->head()) return;
  trace_.line(now_(),
              fmt::format("the root has lost the entries {} to {} of {}", left + 1, before->head(), instance));
  logs.push_back(before->until(left));
  writes_[instance].lost_after(left);
  for (auto& [where, state] : places_)
    if (where.instance == instance && state.log == before && state.applied <= left) state.log = &logs.back();
}

bool checker::level(const place& where) {
  const auto& log = of(where.instance);
  return &of(where) == &log && applied(where) == log.head();
}

void checker::blame(const std::string& promise, const std::string& text) {
  if (broken_) return;
  broken_ = violation{now_(), promise, text};
  trace_.line(now_(), fmt::format("BROKEN {}: {}", promise, text));
}

disk_watch checker::watch(const place& where, bool root) {
  auto what = std::make_shared<const watched>(watched{where, root, places_[where], logs_of(where.instance)});
  return {[this, what](const store_report& now, bool switched) { opened(*what, now, switched); },
          [this, what](const store_report& now, const std::vector<log_record>& records, bool) {
            applied_run(*what, now, records);
          }};
}

void checker::wiped(const place& where) {
  auto& state = places_[where];
  state = {.most = state.most};
}

index_t checker::applied(const place& where) const {
  auto found = places_.find(where);
  return found == places_.end() ? 0 : found->second.applied;
}

void checker::opened(const watched& what, const store_report& now, bool switched) {
  auto& state = what.state;
  if (std::exchange(state.may_lose, false) && now.applied.index >= state.floor)
    root_lost(what.where.instance, now.applied.index);
  auto least = switched ? state.applied : what.root ? what.logs.back().head() : state.floor;
  if (now.applied.index < least)
    blame("durability",
          fmt::format("node {}, instance {}: {} at index {}, but {} was durable or visible before", what.where.node,
                      what.where.instance, switched ? "switched to a copy" : "opened its store", now.applied.index,
                      least));
  if (switched) {
    ++totals_.switches;
    state.copied = now.applied.index;
  }
  state.applied = now.applied.index;
  state.most = std::max(state.most, state.applied);
  judge_position(what, now.applied);
}

void checker::applied_run(const watched& what, const store_report& now, const std::vector<log_record>& records) {
  ++totals_.applies;
  auto& state = what.state;
  for (const auto& record : records) {
    if (what.root) {
      if (auto wrong = what.logs.back().add(record))
        return blame("log", fmt::format("node {}: {}", what.where.node, *wrong));
    } else if (log_with(what.logs, record.index, record.chain) == nullptr) {
      return blame("chain", fmt::format("node {}, instance {}: applied an entry {} that is not the root's",
                                        what.where.node, what.where.instance, record.index));
    }
  }
  if (now.applied.index != state.applied + records.size())
    blame("order",
          fmt::format("node {}, instance {}: at index {}, applied {} entries and is at {}", what.where.node,
                      what.where.instance, state.applied, records.size(), now.applied.index));
  state.applied = now.applied.index;
  state.most = std::max(state.most, state.applied);
  judge_position(what, now.applied);
}

void checker::judge_position(const watched& what, const position& at) {
  const auto* log = log_with(what.logs, at.index, at.chain);
  if (log != nullptr && (at.index == 0 || log->at(at.index) == at)) {
    what.state.log = log;
    return;
  }
  blame("chain", fmt::format("node {}, instance {}: stands at {}, the root's log there is {}", what.where.node,
                             what.where.instance, to_string(at), to_string(what.logs.back().at(at.index))));
}

void checker::saw(connection& who, index_t index) {
  if (index < who.last_index)
    blame("monotonic reads",
          fmt::format("{}: an answer as of index {} after one as of {}", who_text(who), index, who.last_index));
  who.last_index = index;
}

void checker::judge(const connection& who, const std::string& key, index_t at, const storage::read_answer& answer,
                    const std::string& value) {
  using storage::read_status;
  ++totals_.answers;
  const auto& right = of(who.where).key_at(key, at);
  trace_.note(std::string_view{key});
  trace_.note(at * 4 + static_cast<std::uint64_t>(answer.status));
  bool fits = right.exists() == (answer.status != read_status::absent);
  if (fits && right.exists()) fits = right.version == answer.version;
  if (fits && answer.status == read_status::found) fits = *right.value == value;
  if (answer.status == read_status::absent) ++totals_.absences;
  if (fits && answer.status == read_status::evicted) judge_window(who, key, at, answer.version);
  if (fits) return;
  const char* what = answer.status == read_status::absent  ? "absent"
                     : answer.status == read_status::found ? "found"
                                                           : "known without a value";
  blame("one truth", fmt::format("{}: GET {} at index {} was answered {}, version {} {}; a full replica at {}: {}",
                                 who_text(who), key, at, what, answer.version, shown(value), at,
                                 expected_text(of(who.where), key, at)));
}

void checker::judge_window(const connection& who, const std::string& key, index_t at, index_t version) {
  auto copied = places_[who.where].copied;
  if (!window_entries_ || version + *window_entries_ <= at || version <= copied) return;
  blame("window", fmt::format("{}: GET {} at index {} finds no value of version {}, which is in the window of {}",
                              who_text(who), key, at, version, *window_entries_));
}

void checker::judge_fetched(const connection& who, const std::string& key, index_t at, const std::string& value) {
  ++totals_.answers;
  ++totals_.fetched;
  trace_.note(std::string_view{value});
  const auto& right = of(who.where).key_at(key, at);
  if (right.exists() && *right.value == value) return;
  blame("one truth", fmt::format("{}: GET {} at index {} was fetched as {}; a full replica at {}: {}",
                                 who_text(who), key, at, shown(value), at, expected_text(of(who.where), key, at)));
}

void checker::judge_past(const connection& who, const std::string& key, index_t at, const lookup_answer& answer,
                         index_t applied, index_t horizon) {
  ++totals_.answers;
  ++totals_.past;
  const auto& right = of(who.where).key_at(key, at);
  bool fits = false;
  switch (answer.status) {
  case lookup_status::found:
    fits = right.exists() && right.version == answer.index && *right.value == answer.value;
    break;
  case lookup_status::absent: fits = at <= applied && !right.exists(); break;
  case lookup_status::behind: fits = at > applied; break;
  case lookup_status::pruned: fits = at < horizon; break;
  case lookup_status::diverged:
  case lookup_status::failed:
  case lookup_status::later: break;
  }
  if (fits) return;
  blame("history", fmt::format("{}: {} as of {} was answered with status {}, index {} (applied {}, horizon {}); "
                               "right: {}",
                               who_text(who), key, at, static_cast<int>(answer.status), answer.index, applied,
                               horizon, expected_text(of(who.where), key, at)));
}

void checker::judge_message(const std::string& from, const peer_message& message) {
  place sender{from, message.instance};
  if (const auto* asked = std::get_if<lookup_request>(&message.body)) {
    for (const auto& item : asked->items) judge_question(sender, item);
  } else if (const auto* ack = std::get_if<replication_ack>(&message.body)) {
    judge_ack(sender, *ack);
  } else if (const auto* news = std::get_if<heartbeat>(&message.body)) {
    judge_news(sender, *news);
  }
}

void checker::judge_question(const place& from, const lookup_item& item) {
  const auto& logs = logs_of(from.instance);
  auto existed = [&](const truth& log) { return log.key_at(item.key, item.at_index).exists(); };
  if (std::any_of(logs.begin(), logs.end(), existed)) return;
  blame("negatives stay home",
        fmt::format("node {}, instance {}: asks a replica for {} as of {}, which did not exist there", from.node,
                    from.instance, item.key, item.at_index));
}

void checker::judge_ack(const place& from, const replication_ack& ack) {
  auto most = places_[from].most;
  if (ack.applied <= most && ack.durable <= ack.applied) return;
  blame("news", fmt::format("node {}, instance {}: says that it has {} and that {} are durable, it never had more "
                            "than {}",
                            from.node, from.instance, ack.applied, ack.durable, most));
}

void checker::judge_news(const place& from, const heartbeat& news) {
  const auto& logs = logs_of(from.instance);
  if (std::any_of(logs.begin(), logs.end(), [&](const truth& log) { return news.root_head <= log.head(); })) return;
  blame("news", fmt::format("node {}, instance {}: says that the root is at {}, it is at {}", from.node,
                            from.instance, news.root_head, logs.back().head()));
}

void checker::judge_write(const std::string& instance, const asked_write& asked, const write_result& result) {
  ++totals_.writes;
  auto& log = of(instance);
  trace_.note(result.index);
  constexpr auto* promise = "acknowledged means durable";
  if (result.index > log.head())
    return blame(promise,
                 fmt::format("instance {}: a write was acknowledged with index {}, the durable log ends at {}",
                             instance, result.index, log.head()));
  if (auto wrong = writes_[instance].judge(log, asked, result))
    blame(promise, fmt::format("instance {}: {}", instance, *wrong));
}

void checker::read_failed(const connection& who, const caf::error& why) {
  ++totals_.unavailable;
  trace_.note(static_cast<std::uint64_t>(code_of(why)));
  if (strict_)
    blame("availability", fmt::format("{}: a read failed without any fault: {}", who_text(who), describe(why)));
}

std::uint64_t checker::asked() {
  waiting_.emplace(++reads_, now_());
  return reads_;
}

void checker::judge_no_read_waits() {
  if (waiting_.empty()) return;
  blame("availability", fmt::format("{} reads were never answered, the oldest was asked at {}", waiting_.size(),
                                    seconds_text(waiting_.begin()->second)));
}

} // namespace argentum::sim
