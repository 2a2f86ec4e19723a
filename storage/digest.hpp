// SPDX-License-Identifier: Apache-2.0
// The digest of a store's live keys: XXH3-64, streamed in key order over key length, key and version (keys) and,
// beside that, value length and value (values); lengths and versions as 8 bytes little-endian. Equal data gives
// equal digests, whatever the kind of store.
#pragma once

#include "storage/store.hpp"

#include <memory>
#include <optional>

struct XXH3_state_s;

namespace argentum::storage {

/// What a digest that was told to stop answers.
inline caf::error digest_stopped() {
  return make_error(errc::unavailable, "the digest was stopped");
}

class digester {
 public:
  digester();
  ~digester();

  /// The next key in byte order; no value = it is not here.
  void add(std::string_view key, index_t version, std::optional<std::string_view> value);
  store_digest finish(index_t index) const;

 private:
  struct freer {
    void operator()(XXH3_state_s* state) const noexcept;
  };
  using hash = std::unique_ptr<XXH3_state_s, freer>;
  static hash make_hash();

  hash keys_ = make_hash();
  hash values_ = make_hash();
  std::uint64_t count_ = 0;
  bool complete_ = true;
  std::string head_; ///< reused: length and version around the key
};

} // namespace argentum::storage
