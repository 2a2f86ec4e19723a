// SPDX-License-Identifier: Apache-2.0
// Everything of a running argentum-node, made and ended in the order that its parts need: data directory, event
// loops, actor system, node, listeners; and back.
#pragma once

#include "apps/node/settings.hpp"
#include "apps/node/stop_request.hpp"

#include <memory>
#include <string>

namespace argentum::app {

class process {
 public:
  /// Serves when it returns. `stop` is asked when the node breaks or an admin says SHUTDOWN; it must outlive this.
  static caf::expected<std::unique_ptr<process>> start(const settings& all, stop_request& stop);
  /// Stops if `stop` was not called.
  ~process();

  /// "argentum-node NAME ready: client HOST:PORT peer ... admin ... http ...", with the real ports.
  std::string ready_line() const;

  /// Has the instances take the roles that this config says, as far as they have others. From any thread.
  void take_roles(const actors::node_config& config);

  /// Lets clients' commands be answered for up to limits::drain_timeout, then ends all: actors, stores, links.
  void stop();

 private:
  struct parts;
  explicit process(std::unique_ptr<parts> parts);
  std::unique_ptr<parts> parts_;
};

} // namespace argentum::app
