// SPDX-License-Identifier: Apache-2.0
// Values that a proxy has evicted: asked of a replica, all of one command at once. Commands behind it do not wait.
#pragma once

#include "apps/net/command.hpp"
#include "apps/net/fetch_rounds.hpp"

#include <caf/send.hpp>

namespace argentum::net {

/// Asks for evicted values, whose versions were read from `source`, for a `scan` if the client did not name their
/// keys; `write(resp_writer&, std::vector<std::string>&)` answers with them, in order.
template <class F>
void fetch(command_call& call, data_source source, std::vector<fetch_command::item> items, std::size_t bytes_max,
           F write, bool scan = false) {
  auto from = call.instance().now->load()->fetch;
  if (!from) return call.fail("ERR storage: a value is missing on a replica");
  auto count = items.size();
  auto reply = call.later<std::vector<std::string>>(
      wait_kind::miss, [count, write = std::move(write)](client_state&, resp_writer& out,
                                                         caf::expected<std::vector<std::string>>& answer) mutable {
        if (!answer) return out.error(read_error_text(answer.error()));
        if (answer->size() != count) return out.error("ERR storage: a fetch was answered in part");
        write(out, *answer);
      });
  fetch_command all{std::move(items), std::move(source), std::move(reply), bytes_max, scan};
  if (count <= limits::fetch_round_max) return caf::anon_send(from, std::move(all));
  std::make_shared<fetch_rounds>(std::move(from), std::move(all), call.server.fetched_bytes)->ask();
}

/// `write(resp_writer&, std::vector<storage::read_record>&)` answers when the records at the places `wanted` have
/// their values, at once if they have. `keys` are those of the records, `source` is where they were read.
template <class F>
void with_values(command_call& call, data_source source, std::span<const std::string_view> keys,
                 std::vector<storage::read_record> records, const std::vector<std::size_t>& wanted, F write,
                 bool scan = false) {
  std::vector<fetch_command::item> items;
  std::vector<std::size_t> places;
  std::size_t bytes = 0;
  for (const auto& each : records) bytes += each.value.size();
  for (auto place : wanted) {
    if (records[place].answer.status != storage::read_status::evicted) continue;
    items.push_back({std::string{keys[place]}, records[place].answer.version});
    places.push_back(place);
  }
  if (items.empty()) {
    auto out = call.reply();
    return write(out, records);
  }
  fetch(
      call, std::move(source), std::move(items),
      limits::multi_read_bytes_max - std::min(bytes, limits::multi_read_bytes_max),
      [records = std::move(records), places = std::move(places),
       write = std::move(write)](resp_writer& out, std::vector<std::string>& values) mutable {
        for (std::size_t i = 0; i < places.size(); ++i) records[places[i]].value = std::move(values[i]);
        write(out, records);
      },
      scan);
}

} // namespace argentum::net
