// SPDX-License-Identifier: Apache-2.0
// Where an oracle's bytes come in and go out: what goes is sealed, what comes is opened or dropped, and all of it
// is counted. Full states, which go over links, are sealed and opened here, too.
#pragma once

#include "messages/datagrams.hpp"
#include "messages/gossip.hpp"
#include "messages/metrics.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace argentum::actors {

class datagram_gate {
 public:
  datagram_gate() = default;
  datagram_gate(gossip_form form, std::shared_ptr<datagram_transport> transport,
                std::shared_ptr<node_metrics> metrics);

  void send(const std::string& address, const gossip_message& message);
  std::string seal_state(const std::vector<member_report>& state) const { return form_.seal_state(state); }
  /// Nothing if it has to be dropped.
  std::optional<gossip_message> open(const datagram& m);
  std::optional<std::vector<member_report>> open_state(const std::string& sealed);

 private:
  /// The content, or nothing and a count.
  template <class Content>
  std::optional<Content> accept(std::variant<Content, seal_fault> opened);

  gossip_form form_;
  std::shared_ptr<datagram_transport> transport_;
  std::shared_ptr<node_metrics> metrics_;
};

} // namespace argentum::actors
