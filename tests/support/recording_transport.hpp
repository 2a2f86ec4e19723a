// SPDX-License-Identifier: Apache-2.0
// A network that goes nowhere: notes what it is asked for and, if a test wants, hands messages on.
#pragma once

#include "messages/transport.hpp"

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace argentum::test {

class recording_transport final : public peer_transport {
 public:
  link_id new_link() override { return {++last_}; }
  void dial(link_id link, std::string address) override { dials.emplace_back(link, std::move(address)); }
  void send(link_id link, peer_message message) override {
    if (on_send) on_send(link, message);
    sent.emplace_back(link, std::move(message));
  }
  void allow_compression(link_id link) override { compressed.insert(link); }
  void hang_up(link_id link, caf::error reason) override { hung_up.emplace_back(link, std::move(reason)); }

  /// The messages of one kind that were sent on a link.
  template <class Body>
  std::vector<Body> all(link_id link) const {
    std::vector<Body> found;
    for (const auto& [to, message] : sent) {
      if (to != link) continue;
      if (const auto* body = std::get_if<Body>(&message.body)) found.push_back(*body);
    }
    return found;
  }
  bool hung(link_id link) const {
    for (const auto& h : hung_up) {
      if (h.first == link) return true;
    }
    return false;
  }

  std::vector<std::pair<link_id, std::string>> dials;
  std::vector<std::pair<link_id, peer_message>> sent;
  std::vector<std::pair<link_id, caf::error>> hung_up;
  std::set<link_id> compressed;
  std::function<void(link_id, const peer_message&)> on_send;

 private:
  std::uint64_t last_ = 0;
};

} // namespace argentum::test
