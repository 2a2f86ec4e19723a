// SPDX-License-Identifier: Apache-2.0
// A proxy and its replicas, each with a real store in memory and the real actors; the network between them is a
// table of links that a test can cut, hold or falsify.
#pragma once

#include "actors/lookup/lookup_server.hpp"
#include "actors/lookup/proxy_lookup.hpp"
#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"
#include "storage/memory_home.hpp"
#include "tests/support/deterministic.hpp"
#include "tests/support/recording_transport.hpp"

#include <caf/event_based_actor.hpp>
#include <doctest/doctest.h>

#include <deque>
#include <set>

namespace argentum::test {

/// Entries of one log, made as the root makes them.
class log_maker {
 public:
  log_record put(const std::string& key, const std::string& value) {
    auto kind = live_.insert(key).second ? mutation_kind::create : mutation_kind::update;
    return next({kind, key, value});
  }
  log_record remove(const std::string& key) {
    live_.erase(key);
    return next({mutation_kind::remove, key, {}});
  }

 private:
  log_record next(mutation m) {
    entry e{1, ++index_, stamp_t{std::chrono::microseconds{index_}}, {std::move(m)}};
    auto bytes = encode_entry(e);
    chain_ = extend_chain(chain_, bytes);
    return {index_, chain_, std::move(bytes)};
  }
  std::set<std::string> live_;
  index_t index_ = 0;
  chain_t chain_ = 0;
};

inline std::unique_ptr<storage::store> make_store(instance_role role) {
  storage::memory_home home{std::make_shared<storage::memory_disk>(), role, {std::chrono::microseconds{0}, 0}};
  return std::move(*home.open_current());
}

/// Applies what a storage actor applies for a lookup: fills.
inline caf::behavior fake_storage(caf::event_based_actor*, std::shared_ptr<storage::store> store,
                                  std::shared_ptr<int> fills) {
  return {[=](const fill_value& m) {
            auto filled = store->fill(m.key, m.version, m.value);
            if (filled && *filled) ++*fills;
          },
          [](const add_applied_listener&) {}}; // the test tells it
}

struct fetch_outcome {
  int answers = 0;
  std::vector<std::string> values;
  errc failed = errc::none;
};

struct lookup_world {
  struct replica {
    std::unique_ptr<storage::store> store;
    std::shared_ptr<storage::view_slot> view;
    std::shared_ptr<instance_metrics> metrics = std::make_shared<instance_metrics>();
    std::shared_ptr<recording_transport> net = std::make_shared<recording_transport>();
    lookup_server_port server;
    link_id link;                                  ///< 0 = not connected
    bool reachable = true;                         ///< links to it can be opened
    bool mute = false;                             ///< takes requests, never answers
    std::function<void(lookup_response&)> falsify; ///< changes its answers
    std::vector<lookup_request> asked;
  };

  explicit lookup_world(std::size_t count = 2, bool wait_for_replicas = false) {
    actors::proxy_lookup_config config;
    config.instance = "dns";
    config.metrics = metrics;
    config.report = report;
    config.replicas_will_come = count == 0 && wait_for_replicas;
    for (std::size_t i = 0; i < count; ++i) {
      add_replica(i);
      config.replicas.push_back(address(i));
    }
    auto storage = sys.spawn(fake_storage, proxy_store, fills);
    auto router = sys.spawn(fake_router, this);
    net->on_send = [this](link_id link, const peer_message& m) { to_replica(link, m); };
    proxy = sys.spawn(actors::proxy_lookup, config, caf::actor_cast<store_port>(storage), proxy_view,
                      caf::actor_cast<router_port>(router), net);
    sys.settle();
  }

  ~lookup_world() { sys.stop(); }

  static std::string address(std::size_t i) { return "replica-" + std::to_string(i) + ":1"; }

  // -- data ---------------------------------------------------------------------------------------------------
  /// A write that everybody gets; evicted at the proxy. Its version.
  index_t put(const std::string& key, const std::string& value) {
    auto record = log.put(key, value);
    apply_to_proxy(record);
    for (auto& r : replicas) apply(*r.store, record);
    proxy_store->evict(key);
    return record.index;
  }
  static void apply(storage::store& store, const log_record& record) { REQUIRE(store.apply({record}, false)); }
  void apply_to_proxy(const log_record& record) {
    apply(*proxy_store, record);
    caf::anon_send(proxy, batch_applied{nullptr, proxy_store->report()});
  }

  // -- reads --------------------------------------------------------------------------------------------------
  std::shared_ptr<fetch_outcome> start_fetch(std::vector<fetch_command::item> items,
                                             std::size_t bytes_max = limits::multi_read_bytes_max,
                                             bool scan = false) {
    return start_fetch_from(proxy_view->load(), std::move(items), bytes_max, scan);
  }
  std::shared_ptr<fetch_outcome> start_fetch_from(data_source source, std::vector<fetch_command::item> items,
                                                  std::size_t bytes_max = limits::multi_read_bytes_max,
                                                  bool scan = false) {
    auto out = std::make_shared<fetch_outcome>();
    reply_to<std::vector<std::string>> reply{[out](caf::expected<std::vector<std::string>> answer) {
      ++out->answers;
      if (answer) {
        out->values = std::move(*answer);
      } else {
        out->failed = code_of(answer.error());
      }
    }};
    caf::anon_send(proxy, fetch_command{std::move(items), std::move(source), std::move(reply), bytes_max, scan});
    return out;
  }
  std::shared_ptr<fetch_outcome> fetch(std::vector<fetch_command::item> items) {
    auto out = start_fetch(std::move(items));
    sys.settle();
    return out;
  }
  bool cached(const std::string& key) const {
    std::string value;
    return proxy_store->view()->get(key, value)->status == storage::read_status::found;
  }
  std::size_t requests() const {
    std::size_t n = 0;
    for (const auto& r : replicas) n += r.asked.size();
    return n;
  }

  // -- links --------------------------------------------------------------------------------------------------
  void cut(std::size_t i, bool for_good = true) {
    replicas[i].reachable = !for_good;
    auto link = std::exchange(replicas[i].link, {});
    caf::anon_send(proxy, link_closed{link, address(i), make_error(errc::link_lost, "cut")});
    sys.settle();
  }

  void add_replica(std::size_t i) {
    auto& r = replicas.emplace_back();
    r.store = make_store(instance_role::replica);
    r.view = std::make_shared<storage::view_slot>(r.store->view());
    r.net->on_send = [this, i](link_id link, const peer_message& m) { to_proxy(i, link, m); };
    r.server = sys.spawn(actors::lookup_server, actors::lookup_server_config{"dns", r.metrics}, r.view, r.net);
  }
  void to_replica(link_id link, const peer_message& m) {
    for (auto& r : replicas) {
      if (r.link != link || r.link == link_id{}) continue;
      r.asked.push_back(std::get<lookup_request>(m.body));
      r.asked.back().arrived = std::chrono::steady_clock::time_point{sys.now()};
      if (!r.mute) caf::anon_send(r.server, link, r.asked.back());
    }
  }
  /// A mute replica answers one of the requests that it got.
  void answer(std::size_t i, std::size_t number) {
    caf::anon_send(replicas[i].server, replicas[i].link, replicas[i].asked.at(number));
    sys.settle();
  }
  void to_proxy(std::size_t i, link_id link, const peer_message& m) {
    if (replicas[i].link != link) return;
    auto response = std::get<lookup_response>(m.body);
    if (replicas[i].falsify) replicas[i].falsify(response);
    caf::anon_send(proxy, link, std::move(response));
  }
  static caf::behavior fake_router(caf::event_based_actor*, lookup_world* world) {
    return {[world](const want_link& m) { world->on_want(m); },
            [world](const release_link& m) { world->unwanted.push_back(m.address); }};
  }
  /// Replicas of these numbers are the set from now on.
  void set(std::vector<std::size_t> numbers) {
    set_replicas m;
    for (auto i : numbers) m.replicas.push_back({address(i), 0});
    caf::anon_send(proxy, m);
    sys.settle();
  }
  void on_want(const want_link& m) {
    for (std::size_t i = 0; i < replicas.size(); ++i) {
      if (address(i) != m.address) continue;
      ++wants;
      if (!replicas[i].reachable) {
        caf::anon_send(m.user, link_closed{{}, m.address, make_error(errc::unreachable, "cut")});
        continue;
      }
      replicas[i].link = {++last_link};
      caf::anon_send(m.user, link_opened{replicas[i].link, m.address, {}});
    }
  }

  deterministic sys;
  log_maker log;
  std::deque<replica> replicas;
  std::shared_ptr<storage::store> proxy_store = make_store(instance_role::proxy);
  std::shared_ptr<storage::view_slot> proxy_view = std::make_shared<storage::view_slot>(proxy_store->view());
  std::shared_ptr<int> fills = std::make_shared<int>(0);
  std::shared_ptr<instance_metrics> metrics = std::make_shared<instance_metrics>();
  std::shared_ptr<recording_transport> net = std::make_shared<recording_transport>();
  std::shared_ptr<pool_slot> report = std::make_shared<pool_slot>();
  std::vector<std::string> unwanted;
  proxy_lookup_port proxy;
  std::uint64_t last_link = 0;
  int wants = 0;
};

} // namespace argentum::test
