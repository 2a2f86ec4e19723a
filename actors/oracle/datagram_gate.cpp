// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/datagram_gate.hpp"

#include <utility>

namespace argentum::actors {

datagram_gate::datagram_gate(gossip_form form, std::shared_ptr<datagram_transport> transport,
                             std::shared_ptr<node_metrics> metrics)
    : form_(std::move(form)), transport_(std::move(transport)), metrics_(std::move(metrics)) {}

void datagram_gate::send(const std::string& address, const gossip_message& message) {
  auto bytes = form_.seal(message);
  metrics_->datagrams_sent.add();
  metrics_->datagram_bytes_sent.add(bytes.size());
  transport_->send(address, std::move(bytes));
}

std::optional<gossip_message> datagram_gate::open(const datagram& m) {
  metrics_->datagrams_received.add();
  metrics_->datagram_bytes_received.add(m.bytes.size());
  return accept(form_.open(m.bytes));
}

std::optional<std::vector<member_report>> datagram_gate::open_state(const std::string& sealed) {
  return accept(form_.open_state(sealed));
}

template <class Content>
std::optional<Content> datagram_gate::accept(std::variant<Content, seal_fault> opened) {
  if (auto* content = std::get_if<Content>(&opened)) return std::move(*content);
  bool malformed = std::get<seal_fault>(opened) == seal_fault::malformed;
  (malformed ? metrics_->datagrams_malformed : metrics_->datagrams_unauthentic).add();
  return {};
}

} // namespace argentum::actors
