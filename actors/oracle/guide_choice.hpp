// SPDX-License-Identifier: Apache-2.0
// Which intermediates a leaf keeps links to, and what for. Guides are asked who is near: limits::guides_max of
// them, those of our own datacenter first. A leaf with replicas registers with those of its datacenter, limits::
// registrars_max of them, or with a guide if there is none. A leaf with proxies asks one more in each of the
// nearest other datacenters. Seeds are asked while no guide is linked. Whoever failed lately is left out; those
// that are being dialled come on top of those that are linked, so that nothing is let go of before there is
// something better.
#pragma once

#include "actors/oracle/address_book.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace argentum::actors {

/// What a node is good for.
struct guide_duty {
  bool asked = false;     ///< who is near
  bool registers = false; ///< our replicas
};

/// How it is to reach.
enum class guide_reach : std::uint8_t { linked, unknown, resting };

struct guide_needs {
  bool serves = false;  ///< replicas
  bool fetches = false; ///< as a proxy
};

/// By address.
std::map<std::string, guide_duty> choose_guides(const std::vector<address_book::place>& places,
                                                const std::string& datacenter,
                                                const std::vector<std::string>& seeds, guide_needs needs,
                                                const std::function<guide_reach(const std::string&)>& reach);

} // namespace argentum::actors
