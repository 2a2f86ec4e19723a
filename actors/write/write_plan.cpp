// SPDX-License-Identifier: Apache-2.0
#include "actors/write/write_plan.hpp"

#include "actors/write/value_rules.hpp"
#include "messages/limits.hpp"

#include <algorithm>

namespace argentum::actors {

namespace {

using answered = caf::expected<op_answer>;

/// Runs one op after the other.
class op_runner {
 public:
  op_runner(key_states& keys, const write_bounds& bounds) : keys_(keys), bounds_(bounds) {}

  answered operator()(const put_op& op) {
    if (!fits(op.key) || op.value.size() > bounds_.value_bytes_max) return too_large();
    auto now = keys_.get(op.key);
    if (!now) return now.error();
    bool applies = op.when == put_when::always || (*now)->has_value() == (op.when == put_when::present);
    op_answer out = std::int64_t{applies};
    if (op.answer_old) out = **now;
    if (applies)
      if (auto error = keys_.set(op.key, op.value)) return error;
    return out;
  }

  answered operator()(const put_all_absent_op& op) {
    for (const auto& [key, value] : op.pairs) {
      if (!fits(key) || value.size() > bounds_.value_bytes_max) return too_large();
      auto now = keys_.get(key);
      if (!now) return now.error();
      if (**now) return op_answer{std::int64_t{0}};
    }
    for (const auto& [key, value] : op.pairs)
      if (auto error = keys_.set(key, value)) return error;
    return op_answer{std::int64_t{1}};
  }

  answered operator()(const remove_op& op) {
    if (!fits(op.key)) return too_large();
    auto now = keys_.get(op.key);
    if (!now) return now.error();
    op_answer out = std::int64_t{(*now)->has_value()};
    if (op.answer_old) out = **now;
    if (auto error = keys_.set(op.key, {})) return error;
    return out;
  }

  answered operator()(const append_op& op) {
    return change(op.key, length,
                  [&](const old_value& old) { return append_to(old, op.tail, bounds_.value_bytes_max); });
  }

  answered operator()(const overwrite_op& op) {
    if (op.bytes.empty()) {
      auto now = keys_.peek(op.key);
      if (!now) return now.error();
      return op_answer{static_cast<std::int64_t>(*now ? (*now)->size() : 0)};
    }
    return change(op.key, length,
                  [&](const old_value& old) { return overwrite(old, op, bounds_.value_bytes_max); });
  }

  answered operator()(const add_op& op) {
    return change(op.key, number, [&](const old_value& old) { return add_to(old, op.by); });
  }

  answered operator()(const add_real_op& op) {
    return change(op.key, text, [&](const old_value& old) { return add_real_to(old, op.by); });
  }

  answered operator()(const read_op& op) {
    auto now = keys_.peek(op.key);
    if (!now) return now.error();
    return op_answer{std::move(*now)};
  }

  answered operator()(const exists_op& op) {
    auto now = keys_.peek(op.key);
    if (!now) return now.error();
    return op_answer{std::int64_t{now->has_value()}};
  }

 private:
  static op_answer length(const std::string& value) { return static_cast<std::int64_t>(value.size()); }
  static op_answer number(const std::string& value) { return std::int64_t{std::stoll(value)}; }
  static op_answer text(const std::string& value) { return old_value{value}; }

  template <class F>
  answered change(const std::string& key, op_answer (*told)(const std::string&), F make) {
    if (!fits(key)) return too_large();
    auto now = keys_.get(key);
    if (!now) return now.error();
    auto made = make(**now);
    if (const auto* refusal = std::get_if<op_refusal>(&made)) return op_answer{*refusal};
    auto& value = std::get<std::string>(made);
    auto out = told(value);
    if (auto error = keys_.set(key, std::move(value))) return error;
    return out;
  }

  bool fits(const std::string& key) const { return key.size() <= bounds_.key_bytes_max; }
  static caf::error too_large() { return make_error(errc::too_large, "the key or the value is too large"); }

  key_states& keys_;
  const write_bounds& bounds_;
};

std::size_t answered_bytes(const op_answer& answer) {
  const auto* value = std::get_if<old_value>(&answer);
  return value != nullptr && *value ? (*value)->size() : 0;
}

caf::error check(const write_command& command, key_states& keys) {
  if (command.ops.empty()) return make_error(errc::invalid, "a command needs at least one key");
  if (command.ops.size() > limits::entry_mutations_max)
    return make_error(errc::too_large, "too many keys in one write");
  for (const auto& each : command.expected) {
    auto now = keys.version(each.key);
    if (!now) return now.error();
    if (*now != each.version) return make_error(errc::out_of_date);
  }
  return caf::none;
}

} // namespace

caf::expected<write_plan> plan_write(const write_command& command, const write_bounds& bounds,
                                     const value_reader& read) {
  key_states keys{read};
  if (auto problem = check(command, keys)) return problem;
  write_plan plan;
  plan.answers.reserve(command.ops.size());
  op_runner run{keys, bounds};
  std::size_t bytes = 0;
  for (const auto& op : command.ops) {
    auto answer = std::visit(run, op);
    if (!answer) return answer.error();
    bytes += answered_bytes(*answer);
    if (bytes > limits::command_values_bytes_max) return make_error(errc::too_large, "values of one command");
    plan.answers.push_back(std::move(*answer));
  }
  plan.mutations = keys.take_changes();
  if (plan.mutations.size() > limits::entry_mutations_max)
    return make_error(errc::too_large, "too many keys in one write");
  plan.depends_on = keys.depends_on();
  return plan;
}

} // namespace argentum::actors
