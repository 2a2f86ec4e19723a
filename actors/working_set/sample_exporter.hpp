// SPDX-License-Identifier: Apache-2.0
// The seam behind which sampled reads leave the node.
#pragma once

#include "messages/access_sample.hpp"
#include "messages/reply.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace argentum::actors {

using sample_rows = std::shared_ptr<const std::vector<timed_sample>>;

/// Sends a batch away without waiting for it; the answer, from any thread, is the number of rows that are stored.
using sample_exporter = std::function<void(sample_rows, reply_to<std::size_t>)>;

} // namespace argentum::actors
