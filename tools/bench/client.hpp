// SPDX-License-Identifier: Apache-2.0
// A client that sends one command at a time and looks at the answer: for setting up, and for asking how far a
// server is.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct redisContext;

namespace argentum::bench {

/// Throws on error replies and lost connections.
class client {
 public:
  explicit client(int port);

  /// Of replies that are a text; nothing if null.
  std::optional<std::string> text(const std::vector<std::string>& words);
  /// Of replies that are a number.
  std::int64_t number(const std::vector<std::string>& words);

 private:
  struct closer {
    void operator()(redisContext* context) const noexcept;
  };
  std::unique_ptr<redisContext, closer> context_;
};

} // namespace argentum::bench
