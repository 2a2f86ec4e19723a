// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace argentum::net {

/// The Redis whose replies and error texts this server follows; client libraries choose features by it.
inline constexpr const char* redis_version = "7.0.15";

} // namespace argentum::net
