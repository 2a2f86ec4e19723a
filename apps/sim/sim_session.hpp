// SPDX-License-Identifier: Apache-2.0
// A client connection to one instance of one node. It reads exactly as a session of apps/net does: hits and
// absences from the read view, values that a proxy has evicted through the fetch port; and gives every answer to
// the judge.
#pragma once

#include "apps/sim/checker.hpp"
#include "apps/sim/sim_node.hpp"

#include <memory>
#include <string>
#include <vector>

namespace argentum::sim {

/// What a read ended with, for those who asked for something exact.
struct read_outcome {
  enum class kind { found, absent, failed } what = kind::failed;
  std::string value;
  errc error = errc::none;
};

class sim_session {
 public:
  sim_session(sim_node& node, std::size_t instance, surroundings& around);

  void get(const std::string& key, std::function<void(const read_outcome&)> then = {});
  /// All as of one index.
  void mget(const std::vector<std::string>& keys);
  /// What a replica says about the past; nothing on a proxy.
  void past(const std::string& key, index_t at);
  /// INDEX after a write elsewhere, WAITINDEX here, then GET: the write must be seen.
  void wait_and_get(index_t index, const std::string& key, std::chrono::milliseconds timeout);

 private:
  struct state;
  /// A process that died took its connections with it; the next read is on a new one.
  void reconnect();
  /// What a store answered goes to the judge, and into the numbers.
  void take(const std::string& key, index_t at, const storage::read_answer& answer, const std::string& value);
  void fetch(data_source source, std::vector<fetch_command::item> items, index_t at,
             std::function<void(const read_outcome&)> then);

  sim_node& node_;
  std::size_t instance_;
  checker& judge_;
  measures& numbers_;
  sim_clock& clock_;
  std::uint64_t generation_ = 0;
  std::shared_ptr<connection> client_; ///< shared with answers that are under way
};

} // namespace argentum::sim
