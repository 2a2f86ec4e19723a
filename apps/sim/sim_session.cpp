// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/sim_session.hpp"

#include "apps/sim/report/measures.hpp"
#include "messages/limits.hpp"

#include <caf/send.hpp>

namespace argentum::sim {

using storage::read_status;

sim_session::sim_session(sim_node& node, std::size_t instance, surroundings& around)
    : node_(node), instance_(instance), judge_(around.judge), numbers_(around.numbers), clock_(around.clock) {}

void sim_session::reconnect() {
  if (client_ && generation_ == node_.generation()) return;
  auto number = client_ ? client_->number + 1 : 1;
  client_ = std::make_shared<connection>();
  client_->where = {node_.name(), node_.config().instances[instance_].name};
  client_->number = number;
  generation_ = node_.generation();
}

void sim_session::take(const std::string& key, index_t at, const storage::read_answer& answer,
                       const std::string& value) {
  judge_.judge(*client_, key, at, answer, value);
  if (answer.status == read_status::found) numbers_.read(node_.number(), read_end::local);
  if (answer.status == read_status::absent) numbers_.read(node_.number(), read_end::absent);
}

void sim_session::fetch(data_source source, std::vector<fetch_command::item> items, index_t at,
                        std::function<void(const read_outcome&)> then) {
  auto from = node_.instance(instance_).now->load()->fetch;
  if (!from) {
    judge_.blame("one truth", "node " + node_.name() + ": a value is missing on a replica");
    return;
  }
  std::vector<std::string> keys;
  for (const auto& each : items) keys.push_back(each.key);
  auto number = judge_.asked();
  auto answered = [&judge = judge_, &numbers = numbers_, &clock = clock_, node = node_.number(), client = client_,
                   keys, at, number, begin = clock_.now(),
                   then = std::move(then)](const caf::expected<std::vector<std::string>>& values) {
    judge.answered(number);
    numbers.read(node, values ? read_end::fetched : read_end::failed, keys.size());
    if (values) numbers.fetched_in(node, clock.now() - begin);
    if (!values) {
      judge.read_failed(*client, values.error());
      if (then) then({read_outcome::kind::failed, {}, code_of(values.error())});
      return;
    }
    for (std::size_t n = 0; n < keys.size(); ++n) judge.judge_fetched(*client, keys[n], at, (*values)[n]);
    if (then) then({read_outcome::kind::found, values->front(), errc::none});
  };
  caf::anon_send(from, fetch_command{std::move(items), std::move(source),
                                             reply_to<std::vector<std::string>>{std::move(answered)}});
}

void sim_session::get(const std::string& key, std::function<void(const read_outcome&)> then) {
  if (!node_.serves()) return;
  reconnect();
  auto view = node_.instance(instance_).view->load();
  std::string value;
  auto at = view->applied();
  auto answer = view->get(key, value);
  if (!answer) return judge_.read_failed(*client_, answer.error());
  judge_.saw(*client_, at);
  take(key, at, *answer, value);
  if (answer->status == read_status::evicted) return fetch(view, {{key, answer->version}}, at, std::move(then));
  if (!then) return;
  bool found = answer->status == read_status::found;
  then({found ? read_outcome::kind::found : read_outcome::kind::absent, value, errc::none});
}

void sim_session::mget(const std::vector<std::string>& keys) {
  if (!node_.serves()) return;
  reconnect();
  auto view = node_.instance(instance_).view->load();
  std::vector<std::string_view> names{keys.begin(), keys.end()};
  std::vector<storage::read_record> records;
  auto at = view->multi_get(names, limits::multi_read_bytes_max, records);
  if (!at) return judge_.read_failed(*client_, at.error());
  judge_.saw(*client_, *at);
  std::vector<fetch_command::item> missing;
  for (std::size_t n = 0; n < keys.size(); ++n) {
    take(keys[n], *at, records[n].answer, records[n].value);
    if (records[n].answer.status == read_status::evicted) missing.push_back({keys[n], records[n].answer.version});
  }
  if (!missing.empty()) fetch(view, std::move(missing), *at, {});
}

void sim_session::past(const std::string& key, index_t at) {
  if (!node_.serves() || node_.config().instances[instance_].role != instance_role::replica) return;
  if (!node_.in_role(instance_)) return; // it has a proxy's data yet
  reconnect();
  auto view = node_.instance(instance_).view->load();
  auto answer = view->read_at(key, at);
  if (!answer) return judge_.read_failed(*client_, answer.error());
  judge_.judge_past(*client_, key, at, *answer, view->applied(), view->horizon());
}

void sim_session::wait_and_get(index_t index, const std::string& key, std::chrono::milliseconds timeout) {
  if (!node_.serves()) return;
  auto reached = [this, index, key, generation = node_.generation()](const caf::expected<index_t>& now) {
    if (!now || *now < index || !node_.serves() || generation != node_.generation()) return;
    reconnect();
    judge_.saw(*client_, *now);
    auto seen = node_.instance(instance_).view->load()->applied();
    if (seen < index)
      judge_.blame("read your writes", "node " + node_.name() + ": WAITINDEX " + std::to_string(index)
                                           + " was answered, the view is at " + std::to_string(seen));
    get(key);
  };
  caf::anon_send(node_.instance(instance_).store,
                 wait_index{index, timeout, reply_to<index_t>{std::move(reached)}});
}

} // namespace argentum::sim
