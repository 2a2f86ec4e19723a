// SPDX-License-Identifier: Apache-2.0
// The bounds of sampled reads, of the estimates that are made of them, and of their export; a part of limits.hpp.
#pragma once

#include "messages/limits.hpp"

#include <cstdint>

namespace argentum::limits {

/// Samples that one event loop hands over in a second; at one key in 100 that is 1.6 million reads.
inline constexpr std::size_t samples_per_sweep_max = 16'384;
/// Samples that the actor has not taken yet, of all loops: it takes about two million a second.
inline constexpr std::size_t samples_waiting_max = 131'072;
/// Keys of one instance's sample: an error of a percent, and 1.1 MiB with the order of their reads.
inline constexpr std::size_t working_set_keys_max = 8192;
/// A slot of time is 5 minutes, or longer so that there are not more: of 4 KiB each.
inline constexpr auto working_set_slot_min = 5min;
inline constexpr int working_set_slots_max = 288;
/// How far back a node may look: a week.
inline constexpr auto working_set_span_min = 1h;
inline constexpr auto working_set_span_max = 168h;
/// More is no sample any more: of a million keys, one.
inline constexpr std::uint64_t one_key_in_max = 1'000'000;
inline constexpr auto working_set_tick = 1s;
/// How old a report gets; making one reads all sketches.
inline constexpr auto working_set_report_interval = 5s;
/// Of a key in clear; longer ones are cut.
inline constexpr std::size_t sample_key_bytes_max = 256;
/// Samples that wait for their export, 9 MiB, or 45 MiB with keys; beyond it they are lost, and counted.
inline constexpr std::size_t export_rows_max = 131'072;
/// Rows of one insert: ClickHouse wants few large ones.
inline constexpr std::size_t export_batch_rows = 16'384;
/// Fewer wait for this long.
inline constexpr auto export_delay = 10s;
/// An insert that is not answered by then has failed; and the pauses after that, doubled each time.
inline constexpr auto export_timeout = 30s;
inline constexpr auto export_retry_min = 1s;
inline constexpr auto export_retry_max = 60s;
/// What of the other side's answer is read: an error text.
inline constexpr std::size_t export_answer_bytes_max = 64 * kib;

static_assert(hard_free_percent < soft_free_percent);

} // namespace argentum::limits
