// SPDX-License-Identifier: Apache-2.0
// What the other actors ask of a storage actor, and what it tells them.
#pragma once

#include "messages/data_source.hpp"
#include "messages/entry.hpp"
#include "messages/replication.hpp"

#include <optional>
#include <string>
#include <vector>

namespace argentum {

/// Apply consecutive entries in one batch. `sync`: answer only when they are durable. A replica keeps no history of
/// what entries stamped before `history_from` replace: its horizon moves along with them.
struct apply_batch {
  record_run run;
  bool sync = false;
  stamp_t history_from{};
};

/// State of a store after a change. Also the answer to get_store_report.
struct store_report {
  instance_id id;
  instance_role role = instance_role::replica;
  position applied;
  stamp_t stamp;        ///< of the applied entry
  index_t durable = 0;  ///< entries up to here survive a crash of the machine
  index_t horizon = 0;  ///< replica: oldest index it can answer at
  index_t log_base = 0; ///< the log holds the entries after this one
  std::uint64_t key_count = 0;
};
struct get_store_report {};

/// A fresh store takes this id over; a store that has another one answers wrong_instance.
struct adopt_instance {
  instance_id id;
};

/// Can a downstream at `from` be served from this log?
struct check_position {
  position from;
};
struct position_check {
  subscribe_verdict verdict = subscribe_verdict::accepted;
  position head;
};

/// Entries after `after`, up to about `bytes_max` but at least one; empty at the head; error log_truncated.
struct read_log {
  index_t after = 0;
  std::size_t bytes_max = 0;
};
struct log_slice {
  record_run run; ///< null at the head
};

/// Opens a consistent copy of the store for reading in key order, or goes on with the open one at
/// `resume_index`. While it is open, the log keeps everything after its index.
struct open_export {
  instance_role reader = instance_role::replica; ///< a proxy wants no values
  index_t resume_index = 0;
};
struct export_opened {
  std::uint64_t id = 0;
  snapshot_header header;
  bool resumed = false;
};
struct read_export {
  std::uint64_t id = 0;
  std::string after_key; ///< empty and `from_start`: the first key
  bool from_start = true;
  std::size_t bytes_max = 0;
};
struct close_export {
  std::uint64_t id = 0;
};

/// Where an unfinished import stopped; index 0 = there is none.
struct get_import {};
struct import_progress {
  index_t index = 0;
  std::string last_key;
};
/// Starts an import beside the data in use, or goes on with the one at the same index if `resumed`.
struct begin_import {
  snapshot_header header;
  bool resumed = false;
};
struct import_chunk {
  std::vector<snapshot_record> records;
};
/// Makes the import the data in use. Answer: store_report.
struct finish_import {};

/// Caches a value if the key's version is still `version`, in the data that `source` names.
struct fill_value {
  std::string key;
  index_t version = 0;
  std::string value;
  data_source source;
};

/// Event: entries became visible. `run` is null after an import (the position jumped).
struct batch_applied {
  record_run run;
  store_report now;
};

/// Event: unsynced entries became durable.
struct batch_synced {
  index_t durable = 0;
};

/// A periodic step of any actor.
struct tick {};

/// An actor's note to itself: do it behind the messages that wait already, so that they share one round.
struct flush {};

} // namespace argentum
