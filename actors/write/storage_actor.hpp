// SPDX-License-Identifier: Apache-2.0
// Owns one instance's store: its only writer. It turns the commands of store_port into calls of the store, tells
// listeners what became visible and durable, and keeps the store's periodic duties: syncing, cutting the log,
// dropping exports that nobody reads. Steps of evictions and collections are begun here and done by the compactor.
// Blocks on the disk, so it is spawned with a thread of its own. A disk error
// is answered and logged once per change of state; the actor goes on, so a disk that gets space again resumes.
#pragma once

#include "actors/wake_up.hpp"
#include "actors/write/index_waiters.hpp"
#include "messages/limits.hpp"
#include "messages/metrics.hpp"
#include "messages/ports.hpp"
#include "storage/store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace argentum::actors {

struct storage_config {
  std::string instance;
  storage::log_retention log;
  std::shared_ptr<instance_metrics> metrics;
};

struct storage_state {
  static inline const char* name = "argentum.storage";
  explicit storage_state(store_port::pointer owner);

  store_port::behavior_type make_behavior();

  caf::expected<store_report> apply(const apply_batch& what);
  caf::expected<store_report> adopt(instance_id id);
  caf::expected<log_slice> slice(const read_log& what) const;
  caf::expected<export_opened> open(const open_export& what);
  caf::expected<snapshot_chunk> read(const read_export& what);
  void close(const close_export& what);

  caf::expected<import_progress> import_state();
  caf::expected<import_progress> begin(const begin_import& what);
  caf::expected<import_progress> import(const import_chunk& what);
  caf::expected<store_report> finish();
  void change_role(const take_role& what);
  /// Says so when the change is through.
  void note_role();
  /// Closes the store, to be opened anew: RocksDB 7.8 aborts when it ingests a file after its disk was once full.
  caf::error import_failed(const caf::error& reason);

  void fill(const fill_value& what);
  caf::result<sweep_outcome> evict(const evict_values& what);
  caf::result<sweep_outcome> collect(const collect_history& what);
  caf::expected<store_report> advance(const advance_horizon& to);
  void wait(const wait_index& what);
  void on_tick();
  void on_exit(const caf::error& reason);

  /// Has the current entries made durable, and says so when they are.
  void start_sync();
  void synced(index_t upto, const caf::error& outcome);
  /// What an outcome says about the disk: logs and counts changes between working and failing.
  void note(const caf::error& outcome);
  store_report announce(const record_run& run);
  /// Sets the gauges; the store's report.
  store_report publish();
  void retire_unread();
  void schedule();

  /// A copy that a downstream reads, or may come back for.
  struct open_copy {
    std::uint64_t id = 0;
    instance_role reader = instance_role::replica;
    std::unique_ptr<storage::store_export> copy;
    time_point used;
  };
  /// A store replaced by an import, with the view that sessions may still hold.
  struct old_store {
    std::unique_ptr<storage::store> store;
    std::shared_ptr<const storage::read_view> view;
    long own_uses = 0; ///< of the view: by this record and the store itself
  };

  store_port::pointer self;
  storage_config config;
  std::unique_ptr<storage::store_home> home;
  std::unique_ptr<storage::store> store;
  std::unique_ptr<storage::store> next; ///< being imported
  syncer_port syncer;
  compactor_port compactor;
  bool syncing = false;
  std::uint64_t switches = 0; ///< of stores: the outcome of an old one's sync means nothing
  std::vector<old_store> retiring;
  std::shared_ptr<storage::view_slot> slot;
  std::optional<take_role> changing;
  std::vector<applied_listener_port> applied_listeners;
  std::vector<synced_listener_port> synced_listeners;
  index_waiters waiters{limits::index_waiters_max};
  std::optional<open_copy> exported;
  std::uint64_t export_count = 0;
  errc disk = errc::none; ///< last disk error; none while it works
  time_point next_duty;
  time_point last_duty; ///< or the start
  wake_up timer;
};

/// `store` is home's current one, already open; `slot` holds its view; `syncer` waits for the disk, `compactor`
/// rewrites files.
store_port::behavior_type storage_actor(store_port::stateful_pointer<storage_state> self, storage_config config,
                                        std::unique_ptr<storage::store_home> home,
                                        std::unique_ptr<storage::store> store,
                                        std::shared_ptr<storage::view_slot> slot, syncer_port syncer,
                                        compactor_port compactor);

} // namespace argentum::actors
