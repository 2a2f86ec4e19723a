// SPDX-License-Identifier: Apache-2.0
// Proxies that are told their replicas, each at once and whenever they change. An empty set says that we know
// nothing, so what a proxy was told before stays.
#pragma once

#include "messages/ports.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace argentum::actors {

class fed_proxies {
 public:
  void add(const add_proxy& m) { rows_[m.instance] = {m.proxy, {}}; }
  void remove(const std::string& instance) { rows_.erase(instance); }
  bool empty() const noexcept { return rows_.empty(); }
  /// In the order of their names.
  std::vector<std::string> instances() const;
  /// What was told of an instance; nothing yet, or no such proxy: an empty set.
  const set_replicas& told(const std::string& instance) const;

  struct news {
    proxy_lookup_port proxy;
    set_replicas replicas;
  };
  /// What is to be told now.
  std::vector<news> changes(const std::function<set_replicas(const std::string& instance)>& replicas_of);

 private:
  struct row {
    proxy_lookup_port proxy;
    set_replicas told;
  };
  std::map<std::string, row> rows_; ///< by instance
};

} // namespace argentum::actors
