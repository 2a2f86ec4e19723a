// SPDX-License-Identifier: Apache-2.0
// Takes client writes on the root: validates them, decides what they change, gives each an index, a stamp and its
// place in the chain, commits them in groups, and answers when they are as durable as configured. Everything it
// holds is bounded by limits::pending_write_bytes_max. When a commit fails, all writes of that group and of those
// behind it are answered with the error, and the position is read again from the store: nothing is half applied. It
// reads current values from the disk, so it is spawned with a thread of its own.
#pragma once

#include "actors/write/pending_overlay.hpp"
#include "actors/write/read_ahead.hpp"
#include "actors/write/write_group.hpp"
#include "actors/write/write_plan.hpp"
#include "messages/limits.hpp"
#include "messages/metrics.hpp"
#include "messages/ports.hpp"
#include "storage/store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace argentum::actors {

struct sequencer_config {
  std::string instance;
  bool sync = true; ///< answer only what the disk has
  std::size_t key_bytes_max = limits::key_bytes_max;
  std::size_t value_bytes_max = limits::value_bytes_max;
  std::shared_ptr<instance_metrics> metrics;
};

struct sequencer_state {
  static inline const char* name = "argentum.sequencer";
  explicit sequencer_state(sequencer_port::pointer owner);

  sequencer_port::behavior_type make_behavior();
  /// Decides together what has arrived until then: the keys of many writes are read faster than one by one.
  void request_flush();
  void on_flush();
  void accept(write_command& command);
  /// Decides a write and puts it into a group, or answers it.
  void place(const write_command& command);
  caf::expected<current_value> current(std::string_view key);
  /// Commits the oldest group unless one is being committed.
  void commit();
  void committed(const store_report& now);
  void failed(const caf::error& reason);
  /// Asks the store where the log stands; writes wait meanwhile.
  void locate();
  void located(const store_report& now);
  void on_exit(const caf::error& reason);
  void quit_when_drained();

  sequencer_port::pointer self;
  sequencer_config config;
  store_port store;
  std::shared_ptr<const storage::view_slot> view;
  std::function<stamp_t()> wall_now;

  group_queue groups{{limits::group_bytes_max, limits::group_entries_max}};
  pending_overlay pending;
  std::vector<write_command> arrived; ///< not decided yet
  bool flushing = false;
  read_ahead ahead; ///< what the store says about the keys of those that are being decided
  std::vector<write_command> unplaced; ///< arrived while the position is not known
  std::size_t unplaced_bytes = 0;
  bool position_known = false;
  bool locating = false;
  bool committing = false;
  std::optional<caf::error> leaving; ///< told to exit: finish what was accepted, take nothing more
};

sequencer_port::behavior_type sequencer(sequencer_port::stateful_pointer<sequencer_state> self,
                                        sequencer_config config, store_port store,
                                        std::shared_ptr<const storage::view_slot> view,
                                        std::function<stamp_t()> wall_now);

} // namespace argentum::actors
