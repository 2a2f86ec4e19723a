// SPDX-License-Identifier: Apache-2.0
// What upstream and downstream say to each other about one instance. Flow:
//
//   sink    subscribe_request (position, credit) ->
//   source  <- subscribe_reply: accepted | need_snapshot | refused
//   source  <- entry_batch ..., heartbeat every second;      sink  ack, credit_grant ->
//   sink    snapshot_request ->  source <- snapshot_wait ... snapshot_begin, snapshot_chunk ... (last = true)
//   sink    subscribe_request from the snapshot's position
//   sink    unsubscribe, when it leaves for another upstream
#pragma once

#include "messages/entry.hpp"
#include "messages/oracle.hpp"
#include "messages/types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace argentum {

/// Sink -> source: send entries after `from`, as far as `credit_bytes` reach.
struct subscribe_request {
  instance_id id; ///< unknown on a fresh node: the source's id is taken over
  instance_role role = instance_role::replica;
  position from;
  std::uint64_t credit_bytes = 0;
  contact who; ///< no address: it serves nobody
  node_role place = node_role::leaf;
  friend bool operator==(const subscribe_request&, const subscribe_request&) = default;
};

enum class subscribe_verdict : std::uint8_t {
  accepted = 1,
  need_snapshot = 2,  ///< the log no longer reaches back to `from`
  diverged = 3,       ///< same index, other chain or epoch: never served
  behind = 4,         ///< the source has not reached `from` itself
  wrong_instance = 5, ///< instance ids differ
  cycle = 6,          ///< the asker stands on the source's own path to the root
  unknown = 7,        ///< no such instance here
  full = 8,           ///< as many follow as may; `alternatives` follow, too
};

/// Source -> sink, every second and when the path changes: news of the root, handed down the tree.
struct heartbeat {
  index_t root_head = 0;
  stamp_t root_stamp;                 ///< stamp of the root's last entry
  stamp_t root_time;                  ///< the root's wall clock when it said so
  std::uint64_t news = 0;             ///< grows at the root: unchanged = the path to the root is cut
  std::vector<std::string> path;      ///< node names from the root to the sender
  std::chrono::microseconds delay{0}; ///< the way along that path, half of all round trips
  friend bool operator==(const heartbeat&, const heartbeat&) = default;
};

struct subscribe_reply {
  subscribe_verdict verdict = subscribe_verdict::accepted;
  instance_id id;
  position head;                 ///< the source's own position
  std::optional<heartbeat> news; ///< none heard yet
  std::vector<contact> alternatives;
  friend bool operator==(const subscribe_reply&, const subscribe_reply&) = default;
};

/// Source -> sink: the next entries in order. Only encoded and decoded whole; in-process the run is shared.
struct entry_batch {
  record_run run;
};

/// Sink -> source: `durable` survives a crash of the sink's machine, `applied` is visible to its readers.
struct replication_ack {
  index_t applied = 0;
  index_t durable = 0;
  friend bool operator==(const replication_ack&, const replication_ack&) = default;
};

/// Sink -> source: that many more payload bytes may be sent.
struct credit_grant {
  std::uint64_t bytes = 0;
  friend bool operator==(const credit_grant&, const credit_grant&) = default;
};

/// Sink -> source: send nothing more; the link stays up for its other users. As when a link is lost, a copy can be
/// gone on with.
struct unsubscribe {
  friend bool operator==(const unsubscribe&, const unsubscribe&) = default;
};

/// Sink -> source: copy everything; `resume` goes on with an earlier copy at (index, after last_key).
struct snapshot_request {
  instance_role role = instance_role::replica; ///< a proxy gets keys and versions only
  std::uint64_t credit_bytes = 0;
  index_t resume_index = 0; ///< 0 = from the start
  std::string resume_after_key;
  friend bool operator==(const snapshot_request&, const snapshot_request&) = default;
};

/// Source -> sink: another bootstrap is running here; `ahead` wait before you.
struct snapshot_wait {
  std::uint32_t ahead = 0;
  friend bool operator==(const snapshot_wait&, const snapshot_wait&) = default;
};

/// What a snapshot is a copy of.
struct snapshot_header {
  instance_id id;
  position at;
  stamp_t stamp;               ///< stamp of the entry `at.index`
  std::uint64_t key_count = 0; ///< live keys at that index
  friend bool operator==(const snapshot_header&, const snapshot_header&) = default;
};

/// Source -> sink; `resumed` false means: throw away what an earlier copy left, keys start from the beginning.
struct snapshot_begin {
  snapshot_header header;
  bool resumed = false;
  friend bool operator==(const snapshot_begin&, const snapshot_begin&) = default;
};

struct snapshot_record {
  std::string key;
  index_t version = 0;
  std::string value; ///< empty for a proxy
  friend bool operator==(const snapshot_record&, const snapshot_record&) = default;
};

struct snapshot_chunk {
  std::vector<snapshot_record> records; ///< in ascending key order, after all earlier chunks
  bool last = false;
  friend bool operator==(const snapshot_chunk&, const snapshot_chunk&) = default;
};

/// Payload of a chunk in bytes: what its credit is counted in.
std::size_t payload_bytes(const std::vector<snapshot_record>& records) noexcept;

} // namespace argentum
