// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/plants.hpp"

#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"
#include "storage/passing_store.hpp"
#include "tests/sim/passing_view.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace argentum::test {

namespace {

using storage::read_answer;
using storage::read_status;

/// A store of the given role is wrapped, all others are left alone.
template <class Store>
sim::run_options on(instance_role role, bool root_only = false) {
  sim::run_options how;
  how.wrap_store = [role, root_only](const std::string& node, const actors::instance_config& instance) {
    if (instance.role != role || (root_only && node != "root")) return sim::store_wrap{};
    return sim::store_wrap{[](std::unique_ptr<storage::store> inner) -> std::unique_ptr<storage::store> {
      return std::make_unique<Store>(std::move(inner));
    }};
  };
  return how;
}

/// A store that differs in its view only.
template <class View>
class with_view final : public storage::passing_store {
 public:
  using passing_store::passing_store;
  std::shared_ptr<const storage::read_view> view() const override {
    return std::make_shared<View>(passing_store::view());
  }
};

struct horizon_ignored final : passing_view {
  using passing_view::passing_view;
  caf::expected<lookup_answer> read_at(std::string_view key, index_t at) const override {
    auto answer = inner().read_at(key, at);
    if (answer && answer->status == lookup_status::pruned) return lookup_answer{};
    return answer;
  }
};

struct behind_is_absent final : passing_view {
  using passing_view::passing_view;
  caf::expected<lookup_answer> read_at(std::string_view key, index_t at) const override {
    auto answer = inner().read_at(key, at);
    if (answer && answer->status == lookup_status::behind) return lookup_answer{};
    return answer;
  }
};

struct read_at_own_index final : passing_view {
  using passing_view::passing_view;
  caf::expected<lookup_answer> read_at(std::string_view key, index_t at) const override {
    return inner().read_at(key, std::max(at, inner().applied()));
  }
};

struct tombstone_forgotten final : passing_view {
  using passing_view::passing_view;
  caf::expected<lookup_answer> read_at(std::string_view key, index_t at) const override {
    auto answer = inner().read_at(key, at);
    while (answer && answer->status == lookup_status::absent && at > 1) answer = inner().read_at(key, --at);
    return answer;
  }
};

struct absence_asked_elsewhere final : passing_view {
  using passing_view::passing_view;
  caf::expected<read_answer> get(std::string_view key, std::string& value) const override {
    auto answer = inner().get(key, value);
    if (answer && answer->status == read_status::absent) return read_answer{read_status::evicted, 1};
    return answer;
  }
};

struct other_log_believed final : passing_view {
  using passing_view::passing_view;
  caf::expected<position_check> check(const position& from) const override {
    auto answer = inner().check(from);
    if (answer && answer->verdict == subscribe_verdict::diverged) answer->verdict = subscribe_verdict::accepted;
    return answer;
  }
};

struct stale_cache final : passing_view {
  using passing_view::passing_view;
  caf::expected<read_answer> get(std::string_view key, std::string& value) const override {
    auto [known, fresh] = seen.try_emplace(std::string{key});
    if (fresh || known->second.first.status != read_status::found) {
      auto answer = inner().get(key, value);
      if (!answer) return answer;
      known->second = {*answer, value};
      return answer;
    }
    value = known->second.second;
    return known->second.first;
  }
  mutable std::map<std::string, std::pair<read_answer, std::string>> seen;
};

struct many_at_wrong_index final : passing_view {
  using passing_view::passing_view;
  caf::expected<index_t> multi_get(std::span<const std::string_view> keys, std::size_t bytes_max,
                                   std::vector<storage::read_record>& out) const override {
    auto index = inner().multi_get(keys, bytes_max, out);
    if (!index || *index == 0) return index;
    return *index - 1;
  }
};

struct acknowledged_before_sync final : storage::passing_store {
  using passing_store::passing_store;
  caf::expected<void> apply(const std::vector<log_record>& records, bool, stamp_t history_from) override {
    return inner().apply(records, false, history_from);
  }
};

/// Each run's last entry once more, as an entry of its own.
struct applied_twice final : storage::passing_store {
  using passing_store::passing_store;
  caf::expected<void> apply(const std::vector<log_record>& records, bool sync, stamp_t history_from) override {
    auto twice = records;
    auto again = *decode_entry(records.back().bytes);
    ++again.index;
    auto bytes = encode_entry(again);
    twice.push_back({again.index, extend_chain(records.back().chain, bytes), bytes});
    return inner().apply(twice, sync, history_from);
  }
};

struct durable_before_sync final : storage::passing_store {
  using passing_store::passing_store;
  store_report report() const override {
    auto now = inner().report();
    now.durable = now.applied.index;
    return now;
  }
};

/// By store, the keys whose data a crash would lose: what the bug keeps only in memory.
using unwritten_keys = std::shared_ptr<std::set<std::string, std::less<>>>;

struct unwritten_are_absent final : passing_view {
  unwritten_are_absent(std::shared_ptr<const storage::read_view> inner, unwritten_keys lost)
      : passing_view(std::move(inner)), lost_(std::move(lost)) {}
  caf::expected<read_answer> get(std::string_view key, std::string& value) const override {
    if (lost_->count(key) != 0) return read_answer{};
    return inner().get(key, value);
  }
  unwritten_keys lost_;
};

/// Saves the position with each batch and the data with the next sync: a crash between them loses the data.
class position_before_data final : public storage::passing_store {
 public:
  position_before_data(std::unique_ptr<storage::store> inner, unwritten_keys unwritten)
      : passing_store(std::move(inner)),
        unwritten_(std::move(unwritten)),
        lost_(std::make_shared<unwritten_keys::element_type>(std::exchange(*unwritten_, {}))) {}
  std::shared_ptr<const storage::read_view> view() const override {
    return std::make_shared<unwritten_are_absent>(passing_store::view(), lost_);
  }
  caf::expected<void> apply(const std::vector<log_record>& records, bool sync, stamp_t history_from) override {
    auto done = inner().apply(records, true, history_from);
    if (!done) return done;
    for (const auto& record : records) {
      auto what = decode_entry(record.bytes);
      for (const auto& mutation : what->mutations) {
        lost_->erase(mutation.key);
        if (!sync) unwritten_->insert(mutation.key);
      }
    }
    return done;
  }
  sync_work begin_sync() override {
    return [unwritten = unwritten_, work = inner().begin_sync()] {
      unwritten->clear();
      return work();
    };
  }

 private:
  unwritten_keys unwritten_; ///< outlives the process
  unwritten_keys lost_;
};

sim::run_options position_saved_before_data() {
  sim::run_options how;
  how.wrap_store = [](const std::string& node, const actors::instance_config&) {
    if (node == "root") return sim::store_wrap{};
    auto unwritten = std::make_shared<unwritten_keys::element_type>();
    return sim::store_wrap{[unwritten](std::unique_ptr<storage::store> inner) -> std::unique_ptr<storage::store> {
      return std::make_unique<position_before_data>(std::move(inner), unwritten);
    }};
  };
  return how;
}

struct version_of_fill_ignored final : storage::passing_store {
  using passing_store::passing_store;
  caf::expected<bool> fill(std::string_view key, index_t, std::string_view value) override {
    std::string old;
    auto now = inner().view()->get(key, old);
    if (!now) return now.error();
    return inner().fill(key, now->version, value);
  }
};

/// A filter that strips what is in the window, too: after an eviction nothing up to its position has a value.
struct stripped final : passing_view {
  stripped(std::shared_ptr<const storage::read_view> inner, std::shared_ptr<const index_t> upto)
      : passing_view(std::move(inner)), upto_(std::move(upto)) {}
  caf::expected<read_answer> get(std::string_view key, std::string& value) const override {
    auto answer = inner().get(key, value);
    if (answer && answer->status == read_status::found && answer->version <= *upto_)
      answer->status = read_status::evicted;
    return answer;
  }
  std::shared_ptr<const index_t> upto_;
};

class window_stripped final : public storage::passing_store {
 public:
  using passing_store::passing_store;
  std::shared_ptr<const storage::read_view> view() const override {
    return std::make_shared<stripped>(passing_store::view(), upto_);
  }
  sweep_work begin_evict(storage::access_time cut) override {
    if (report().role == instance_role::replica) return inner().begin_evict(cut); // it has changed meanwhile
    return [work = inner().begin_evict(cut), upto = upto_, now = inner().report().applied.index] {
      *upto = now;
      return work();
    };
  }

 private:
  std::shared_ptr<index_t> upto_ = std::make_shared<index_t>(0);
};

/// History that is dropped before the horizon above it is on disk: a process that ends has forgotten the horizon,
/// and what it dropped is gone.
struct dropped_early final : passing_view {
  dropped_early(std::shared_ptr<const storage::read_view> inner, std::shared_ptr<const index_t> horizon,
                index_t dropped)
      : passing_view(std::move(inner)), horizon_(std::move(horizon)), dropped_(dropped) {}
  index_t horizon() const noexcept override { return std::max(inner().horizon(), *horizon_); }
  caf::expected<lookup_answer> read_at(std::string_view key, index_t at) const override {
    if (at < horizon()) return lookup_answer{lookup_status::pruned, horizon(), {}};
    auto answer = inner().read_at(key, at);
    std::string value;
    auto now = inner().get(key, value);
    bool past = answer && answer->status == lookup_status::found && now && now->version != answer->index;
    if (past && at < dropped_) return lookup_answer{};
    return answer;
  }
  std::shared_ptr<const index_t> horizon_; ///< of this process
  index_t dropped_;                        ///< by processes before it
};

class horizon_unsaved final : public storage::passing_store {
 public:
  horizon_unsaved(std::unique_ptr<storage::store> inner, std::shared_ptr<index_t> dropped)
      : passing_store(std::move(inner)), dropped_(std::move(dropped)), before_(*dropped_) {}
  std::shared_ptr<const storage::read_view> view() const override {
    return std::make_shared<dropped_early>(passing_store::view(), horizon_, before_);
  }
  store_report report() const override {
    auto now = inner().report();
    now.horizon = std::max(now.horizon, *horizon_);
    return now;
  }
  caf::expected<void> set_horizon(index_t horizon) override {
    *horizon_ = std::max(*horizon_, horizon);
    *dropped_ = std::max(*dropped_, horizon);
    return {};
  }

 private:
  std::shared_ptr<index_t> horizon_ = std::make_shared<index_t>(0);
  std::shared_ptr<index_t> dropped_; ///< outlives the process
  index_t before_;
};

sim::run_options horizon_not_saved() {
  sim::run_options how;
  how.wrap_store = [](const std::string&, const actors::instance_config& instance) {
    if (instance.role != instance_role::replica) return sim::store_wrap{};
    auto dropped = std::make_shared<index_t>(0);
    return sim::store_wrap{[dropped](std::unique_ptr<storage::store> inner) -> std::unique_ptr<storage::store> {
      return std::make_unique<horizon_unsaved>(std::move(inner), dropped);
    }};
  };
  return how;
}

sim::run_options wrong_value_fetched() {
  sim::run_options how;
  how.tamper = [](const std::string&, const std::string&, peer_message& message) {
    if (auto* response = std::get_if<lookup_response>(&message.body))
      for (auto& answer : response->answers)
        if (answer.status == lookup_status::found) answer.value = "another key's value";
    return true;
  };
  return how;
}

} // namespace

sim::run_options other_log_is_believed() {
  return on<with_view<other_log_believed>>(instance_role::replica);
}

const std::vector<planted_bug>& planted_bugs() {
  constexpr auto replica = instance_role::replica;
  constexpr auto proxy = instance_role::proxy;
  static const std::vector<planted_bug> all{
      {"horizon not respected", 10, "history", on<with_view<horizon_ignored>>(replica)},
      {"behind answered as absent", 2, "history", on<with_view<behind_is_absent>>(replica)},
      {"the past read at the replica's own index", 2, "history", on<with_view<read_at_own_index>>(replica)},
      {"tombstone forgotten", 5, "history", on<with_view<tombstone_forgotten>>(replica)},
      {"absence asked of a replica", 2, "one truth", on<with_view<absence_asked_elsewhere>>(proxy)},
      {"cache not told of writes", 2, "one truth", on<with_view<stale_cache>>(proxy)},
      {"MGET as of another index", 5, "monotonic reads", on<with_view<many_at_wrong_index>>(proxy)},
      {"acknowledged before the sync", 10, "durability", on<acknowledged_before_sync>(replica, true)},
      {"an entry applied twice", 2, "order", on<applied_twice>(proxy)},
      {"durable before the sync", 10, "durability", on<durable_before_sync>(proxy)},
      {"position saved before its data", 5, "one truth", position_saved_before_data()},
      {"a filter that evicts in the window", 20, "window", on<window_stripped>(proxy)},
      {"history dropped before its horizon is saved", 20, "history", horizon_not_saved()},
      {"fill without version check", 20, "one truth", on<version_of_fill_ignored>(proxy)},
      {"a fetched value is another key's", 2, "one truth", wrong_value_fetched()},
  };
  return all;
}

} // namespace argentum::test
