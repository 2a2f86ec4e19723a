// SPDX-License-Identifier: Apache-2.0
// A RESP server with real loops, sockets and actor system over memory stores. The actors behind it are stand-ins
// that a test can hold: writes, fetches and index waiters pile up until they are released.
#pragma once

#include "apps/net/resp_server.hpp"
#include "storage/memory_store.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>

namespace argentum::test {

/// One instance: a memory store and the parts that change it. Thread-safe.
class fake_instance {
 public:
  fake_instance(std::string name, instance_role role);

  /// As the root's sequencer would: one entry.
  index_t write(std::vector<write_op> ops);
  index_t put(std::string key, std::string value) { return write({put_op{std::move(key), std::move(value)}}); }
  void evict(const std::string& key);

  /// From now on commands of the kind pile up, or all that piled up are answered.
  void hold_writes(bool hold);
  void hold_fetches(bool hold);
  std::size_t held_writes();
  std::size_t held_fetches();
  void fail_fetches(errc code);
  void fail_writes(errc code);
  std::size_t fetch_commands();
  std::size_t fetched_by_scans();
  std::size_t fetched_at_once(); ///< most keys of one command
  std::size_t write_batches();

  void on(write_command& command);
  void on(write_batch& batch);
  void on(fetch_command& command);
  void on(wait_index& command);
  /// One downstream has everything, another one nothing.
  static void on(const wait_acks& command);
  /// Answers the waiters as if their time were up.
  void expire_waiters();
  std::size_t waiters();
  std::size_t abandoned_waiters();

  actors::instance_handle handle(caf::actor_system& system, bool root);

 private:
  void take(write_command& command);
  void answer(write_command& command);
  void answer(fetch_command& command);
  caf::expected<write_result> run_locked(const write_command& command);
  index_t write_locked(std::vector<write_op> ops);

  std::mutex mutex_;
  std::string name_;
  std::shared_ptr<storage::memory_image> image_ = std::make_shared<storage::memory_image>();
  std::unique_ptr<storage::memory_store> store_;
  std::shared_ptr<storage::view_slot> slot_;
  std::shared_ptr<instance_metrics> metrics_ = std::make_shared<instance_metrics>();
  std::map<std::string, std::string> evicted_;
  std::deque<write_command> writes_;
  std::deque<fetch_command> fetches_;
  std::vector<wait_index> waiters_;
  bool hold_writes_ = false;
  bool hold_fetches_ = false;
  errc fetch_error_ = errc::none;
  errc write_error_ = errc::none;
  std::size_t fetch_commands_ = 0;
  std::size_t scans_ = 0;
  std::size_t fetched_at_once_ = 0;
  std::size_t write_batches_ = 0;
};

struct test_system_config : caf::actor_system_config {
  test_system_config();
};

/// Waits for `condition`, checked again and again; false after ten seconds.
bool eventually(const std::function<bool()>& condition);

struct resp_fixture {
  explicit resp_fixture(bool root = true, net::resp_server_config config = {});
  ~resp_fixture();

  net::event_loops loops{2};
  test_system_config system_config;
  std::shared_ptr<fake_instance> alpha, beta; ///< beta is a proxy
  std::shared_ptr<node_metrics> metrics = std::make_shared<node_metrics>();
  std::unique_ptr<caf::actor_system> system;
  std::vector<actors::instance_handle> instances;
  std::unique_ptr<net::resp_server> server;
};

} // namespace argentum::test
