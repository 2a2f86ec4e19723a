// SPDX-License-Identifier: Apache-2.0
// Sampled reads on their way from the client sessions to the estimates of the working set and to an export. A key
// is in the sample or not, on every node alike: its hash decides. So the keys of the sample are seen whole, with
// each of their reads, and stand for all others.
#pragma once

#include "messages/types.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace argentum {

/// One read of a key that exists and is in the sample.
struct access_sample {
  std::uint64_t hash = 0;     ///< see hash_of_key
  std::uint32_t instance = 0; ///< its place in the config
  std::uint32_t bytes = 0;    ///< of key and value; 0 = not known, as a proxy did not have the value
  std::uint32_t reads = 0;    ///< reads of existing keys since the sample before, this one included
  std::string key;            ///< only if the config allows keys in clear
};

struct access_batch {
  std::vector<access_sample> samples;
};

/// A sample with the wall time at which it was taken, to about a second.
struct timed_sample {
  stamp_t at;
  access_sample sample;
};

/// The answer to an export: all of it is stored, or `error` says why not.
struct samples_exported {
  std::string error;
};

/// The same on all nodes and for all time: exports of several nodes are compared by it. It hides keys from a look
/// at the export, not from somebody who can guess them.
std::uint64_t hash_of_key(std::string_view key) noexcept;

/// Keys are in the sample up to this hash: one in so many of them. one_in is at least 1.
constexpr std::uint64_t hash_limit(std::uint64_t one_in) noexcept {
  return ~std::uint64_t{0} / one_in;
}

} // namespace argentum
