// SPDX-License-Identifier: Apache-2.0
// What clients do: writes at the root at random moments, reads on every node. All of it drawn from one generator.
#pragma once

#include "apps/sim/scenario.hpp"
#include "apps/sim/sim_session.hpp"
#include "apps/sim/working_set.hpp"

#include <memory>
#include <string>
#include <vector>

namespace argentum::sim {

class workload {
 public:
  /// `nodes` outlive it; the root is the first.
  workload(surroundings& around, const scenario& what, const std::vector<std::unique_ptr<sim_node>>& nodes,
           std::uint64_t seed);

  void begin();
  /// From now on nothing is written, read or evicted.
  void end() { running_ = false; }
  /// Reads this many keys on every node that serves.
  void read_everywhere(std::uint64_t reads_per_node);
  /// Many writes of the usual kind at once.
  void fill(std::uint64_t count) {
    while (count-- > 0) write_something();
  }
  /// Every key once, on every instance, the next piece when the one before it is acknowledged.
  void load();
  void write(std::size_t instance, asked_write what, std::uint64_t wait_percent = 0);

 private:
  struct reader {
    sim_node* node;
    std::size_t instance;
    std::unique_ptr<sim_session> session;
    const working_set* keys;
  };
  void load(std::size_t instance, std::uint64_t from);
  void every(double per_second, std::function<void()> what);
  void write_something();
  void read_something(reader& who);
  /// A key that is written, or that clients there read.
  std::string some_key();
  std::string some_key(const reader& who);
  std::string some_value(const std::string& key);
  write_op some_op(const std::string& instance);
  asked_write some_write(std::size_t instance);

  surroundings& around_;
  workload_plan plan_;
  const std::vector<std::unique_ptr<sim_node>>& nodes_;
  random_source random_;
  working_set all_keys_;
  std::vector<working_set> sets_; ///< of the datacenters
  std::vector<reader> readers_;
  std::uint64_t values_made_ = 0;
  bool running_ = false;
};

} // namespace argentum::sim
