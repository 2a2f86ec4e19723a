// SPDX-License-Identifier: Apache-2.0
#include "messages/replication.hpp"

namespace argentum {

std::size_t payload_bytes(const std::vector<snapshot_record>& records) noexcept {
  std::size_t sum = 0;
  for (const auto& record : records) sum += record.key.size() + record.value.size() + sizeof(index_t);
  return sum;
}

} // namespace argentum
