// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/write_model.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace argentum::sim {

namespace {

/// As Redis reads them: no sign but a minus, no zeros in front, nothing around.
std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t number = 0;
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || std::to_string(number) != text) return std::nullopt;
  return number;
}

op_answer length(const std::string& value) {
  return static_cast<std::int64_t>(value.size());
}

} // namespace

op_answer write_model::run(const write_op& op) {
  return std::visit([this](const auto& each) { return run(each); }, op);
}

std::map<std::string, old_value> write_model::changes() const {
  std::map<std::string, old_value> out;
  for (const auto& key : changed_)
    if (keys_.at(key) || before_(key)) out.emplace(key, keys_.at(key));
  return out;
}

void write_model::set(const std::string& key, const old_value& value) {
  if (now(key) == value) return;
  keys_[key] = value;
  changed_.insert(key);
}

const old_value& write_model::now(const std::string& key) {
  auto found = keys_.find(key);
  return found != keys_.end() ? found->second : keys_.emplace(key, before_(key)).first->second;
}

op_answer write_model::run(const put_op& op) {
  auto old = now(op.key);
  bool done = op.when == put_when::always || old.has_value() == (op.when == put_when::present);
  if (done) set(op.key, op.value);
  return op.answer_old ? op_answer{old} : op_answer{std::int64_t{done}};
}

op_answer write_model::run(const put_all_absent_op& op) {
  if (std::any_of(op.pairs.begin(), op.pairs.end(),
                  [this](const auto& each) { return now(each.first).has_value(); }))
    return std::int64_t{0};
  for (const auto& [key, value] : op.pairs) set(key, value);
  return std::int64_t{1};
}

op_answer write_model::run(const remove_op& op) {
  auto old = now(op.key);
  set(op.key, {});
  return op.answer_old ? op_answer{old} : op_answer{std::int64_t{old.has_value()}};
}

op_answer write_model::run(const append_op& op) {
  auto value = now(op.key).value_or("") + op.tail;
  set(op.key, value);
  return length(value);
}

op_answer write_model::run(const overwrite_op& op) {
  auto value = now(op.key).value_or("");
  if (op.bytes.empty()) return length(value);
  value.resize(std::max<std::size_t>(value.size(), op.offset + op.bytes.size()));
  value.replace(op.offset, op.bytes.size(), op.bytes);
  set(op.key, value);
  return length(value);
}

op_answer write_model::run(const add_op& op) {
  auto number = whole_number(now(op.key).value_or("0"));
  if (!number) return op_refusal::not_an_integer;
  std::int64_t sum = 0;
  if (__builtin_add_overflow(*number, op.by, &sum)) return op_refusal::overflow;
  set(op.key, std::to_string(sum));
  return sum;
}

op_answer write_model::run(const add_real_op&) {
  throw std::logic_error{"the workload adds whole numbers only"};
}

op_answer write_model::run(const read_op& op) {
  return now(op.key);
}

op_answer write_model::run(const exists_op& op) {
  return std::int64_t{now(op.key).has_value()};
}

} // namespace argentum::sim
