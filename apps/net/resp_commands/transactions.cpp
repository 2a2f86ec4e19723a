// SPDX-License-Identifier: Apache-2.0
// MULTI, EXEC, DISCARD, WATCH, UNWATCH. On the root a transaction is one command of the sequencer: its ops run in
// order, its writes are one entry, and the keys watched are compared by version just before. On other nodes it can
// only read, which it does as of one index.
#include "apps/net/resp_commands/groups.hpp"
#include "apps/net/value_fetch.hpp"

#include <fmt/format.h>

#include <iterator>

namespace argentum::net {

namespace {

using storage::read_record;
using storage::read_status;

void multi(command_call& call) {
  if (call.client.multi) return call.fail("ERR MULTI calls can not be nested");
  call.client.multi = std::make_unique<transaction>();
  call.client.card->multi = 0;
  call.reply().simple("OK");
}

void discard(command_call& call) {
  if (!call.client.multi) return call.fail("ERR DISCARD without MULTI");
  end_transaction(call.client);
  call.reply().simple("OK");
}

void watch(command_call& call) {
  if (call.client.multi) return call.fail("ERR WATCH inside MULTI is not allowed");
  auto keys = call.args.subspan(1);
  auto& watched = call.client.watched;
  if (watched.keys.size() + keys.size() > limits::watched_keys_max)
    return call.fail(fmt::format("ERR more than {} keys watched", limits::watched_keys_max));
  if (!watched.keys.empty() && watched.instance != call.client.instance)
    return call.fail("ERR keys of another instance are watched: UNWATCH first");
  std::vector<expected_version> seen;
  for (auto key : keys) {
    auto now = call.view().get(key, call.scratch);
    if (!now) return call.fail(read_error_text(now.error()));
    seen.push_back({std::string{key}, now->version});
  }
  watched.instance = call.client.instance;
  std::move(seen.begin(), seen.end(), std::back_inserter(watched.keys));
  call.reply().simple("OK");
}

void unwatch(command_call& call) {
  call.client.watched.keys.clear();
  call.reply().simple("OK");
}

/// In a transaction it has nothing left to do.
bool plan_ok(command_call& call, planned_command&) {
  call.reply().simple("OK");
  return false;
}

void send(command_call& call, transaction all, std::vector<expected_version> watched) {
  auto ops = all.take_ops();
  auto bytes = all.bytes();
  auto reply = call.later<write_result>(
      wait_kind::write,
      [number = call.client.instance, all = std::move(all)](client_state& client, resp_writer& out,
                                                            caf::expected<write_result>& answer) {
        if (!answer && code_of(answer.error()) == errc::out_of_date) return out.null_array();
        if (!answer) return out.error(write_error_text(answer.error()));
        note_write(client, number, answer->index);
        all.write(out, answer->answers);
      },
      bytes);
  call.writes.send(call.instance().sequencer, {std::move(ops), std::move(reply), std::move(watched)});
}

/// The answers of ops that only read.
std::vector<op_answer> answers_of(const std::vector<write_op>& ops, std::vector<read_record>& records) {
  std::vector<op_answer> out;
  out.reserve(ops.size());
  for (std::size_t i = 0; i < ops.size(); ++i) {
    bool present = records[i].answer.status != read_status::absent;
    if (std::holds_alternative<exists_op>(ops[i]))
      out.emplace_back(std::int64_t{present});
    else
      out.emplace_back(present ? old_value{std::move(records[i].value)} : old_value{});
  }
  return out;
}

bool as_expected(const std::vector<expected_version>& watched, std::span<const read_record> now) {
  return std::equal(watched.begin(), watched.end(), now.begin(),
                    [](const auto& a, const auto& b) { return a.version == b.answer.version; });
}

/// A transaction that only reads: all keys as of one index, some a turn; a proxy fetches the values that it lacks.
class transaction_read {
 public:
  transaction_read(transaction all, std::vector<expected_version> watched)
      : all_(std::move(all)), watched_(std::move(watched)) {
    for (const auto& op : all_.ops()) {
      const auto* value = std::get_if<read_op>(&op);
      keys_.emplace_back(value != nullptr ? value->key : std::get<exists_op>(op).key);
    }
    for (const auto& each : watched_) keys_.emplace_back(each.key);
  }

  /// True when it has answered.
  bool next(command_call& call) {
    if (!read_) {
      auto begun = call.view().begin_multi_get(keys_, limits::multi_read_bytes_max);
      if (!begun) return fail(call, begun.error());
      read_ = std::move(*begun);
      source_ = call.source();
    }
    std::vector<read_record> part;
    if (auto ok = read_->next(limits::turn_work_max, part); !ok) return fail(call, ok.error());
    call.counts.extra_work += part.size();
    std::move(part.begin(), part.end(), std::back_inserter(records_));
    if (records_.size() < keys_.size()) return false;
    finish(call);
    return true;
  }

 private:
  static bool fail(command_call& call, const caf::error& error) {
    call.fail(read_error_text(error));
    return true;
  }

  void finish(command_call& call) {
    auto count = all_.ops().size();
    if (!as_expected(watched_, std::span{records_}.subspan(count))) return call.reply().null_array();
    std::vector<std::size_t> wanted;
    for (std::size_t i = 0; i < count; ++i)
      if (std::holds_alternative<read_op>(all_.ops()[i])) wanted.push_back(i);
    with_values(call, source_, keys_, std::move(records_), wanted,
                [all = std::move(all_)](resp_writer& out, std::vector<read_record>& complete) {
                  auto answers = answers_of(all.ops(), complete);
                  all.write(out, answers);
                });
  }

  transaction all_;
  std::vector<expected_version> watched_;
  std::vector<std::string_view> keys_; ///< of both
  std::unique_ptr<storage::multi_read> read_;
  data_source source_;
  std::vector<read_record> records_;
};

void exec(command_call& call) {
  if (!call.client.multi) return call.fail("ERR EXEC without MULTI");
  auto all = std::move(*call.client.multi);
  auto watched = std::exchange(call.client.watched, {});
  end_transaction(call.client);
  if (all.spoilt()) return call.fail("EXECABORT Transaction discarded because of previous errors.");
  if (!watched.keys.empty() && watched.instance != call.client.instance)
    return call.fail("EXECABORT the watched keys are of another instance.");
  if (call.instance().sequencer && !all.ops().empty()) return send(call, std::move(all), std::move(watched.keys));
  auto reading = std::make_shared<transaction_read>(std::move(all), std::move(watched.keys));
  command_rest rest = [reading](command_call& now) { return reading->next(now); };
  if (!rest(call)) call.rest = std::move(rest);
}

constexpr command_row rows[] = {
    {"multi", 1, run_rule::any, "noscript loading stale fast", multi, 0, 0, 0, nullptr, true},
    {"exec", 1, run_rule::any, "noscript loading stale", exec, 0, 0, 0, nullptr, true},
    {"discard", 1, run_rule::any, "noscript loading stale fast", discard, 0, 0, 0, nullptr, true},
    {"watch", -2, run_rule::after_writes, "noscript loading stale fast", watch, 1, -1, 1, nullptr, true},
    {"unwatch", 1, run_rule::any, "noscript loading stale fast", unwatch, 0, 0, 0, plan_ok},
};

} // namespace

void end_transaction(client_state& client) {
  client.multi.reset();
  client.watched = {};
  client.card->multi = -1;
}

std::span<const command_row> transaction_commands() {
  return rows;
}

} // namespace argentum::net
