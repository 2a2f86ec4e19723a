// SPDX-License-Identifier: Apache-2.0
// The seam of DNS: production asks a server through c-ares, tests and the simulation answer themselves.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace argentum {

/// What a server says about the SRV records of a name, with the addresses of their targets (RFC 2782).
struct srv_answer {
  struct record {
    std::string address; ///< "ip:port"
    std::uint16_t priority = 0;
    std::uint16_t weight = 0;
    friend bool operator==(const record&, const record&) = default;
  };
  std::string name;
  std::vector<record> records; ///< none and no problem: there is no such name
  std::chrono::seconds ttl{0}; ///< the least of all that it is made of
  std::string problem;         ///< why there is no answer; empty: there is
};

/// An answer on its way to whoever asks several servers.
struct srv_heard {
  std::size_t place = 0; ///< whose server it was
  srv_answer answer;
};

/// Asks for the SRV records of a name; any thread, never blocks. `then` is called once, in a thread of its own.
using srv_resolver = std::function<void(std::string name, std::function<void(srv_answer)> then)>;

} // namespace argentum
