// SPDX-License-Identifier: Apache-2.0
// What of each instance is in use: takes the sampled reads that the client sessions hand over once a second, keeps
// an estimate for each instance, publishes what it says of them, and hands the samples to an exporter if there is
// one. Bounded: by what sessions hand over (limits::samples_per_sweep_max a loop, limits::samples_waiting_max in
// all), a sample of limits::working_set_keys_max keys and limits::working_set_slots_max sketches an instance, and
// limits::export_rows_max rows that wait. Uses: the exporter of node_env, which waits for the network elsewhere.
#pragma once

#include "actors/working_set/access_feed.hpp"
#include "actors/working_set/export_queue.hpp"
#include "actors/working_set/working_set_estimate.hpp"
#include "messages/metrics.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace argentum::actors {

struct working_set_config {
  std::uint64_t one_key_in = 1;
  std::chrono::seconds span{};
  std::vector<std::shared_ptr<working_set_slot>> reports; ///< by instance
  std::shared_ptr<std::atomic<std::size_t>> on_their_way;
  std::function<stamp_t()> wall_now;
  sample_exporter exporter; ///< empty: nothing is exported
  std::shared_ptr<node_metrics> metrics;
};

struct working_set_state {
  static inline const char* name = "argentum.working_set";

  explicit working_set_state(working_set_port::pointer me) : self(me) {}

  void start(working_set_config from);
  void on_batch(access_batch& batch);
  void on_exported(const samples_exported& answer);
  void on_tick();
  void publish(time_point now);
  void send_rows(time_point now);

  working_set_port::pointer self;
  working_set_config config;
  std::vector<std::unique_ptr<working_set_estimate>> estimates; ///< null: nothing was read yet
  export_queue queue;
  std::string export_error; ///< the last one, logged when it changes
  time_point next_report{};
};

working_set_port::behavior_type working_set(working_set_port::stateful_pointer<working_set_state> self,
                                            working_set_config config);

} // namespace argentum::actors
