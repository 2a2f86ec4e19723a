// SPDX-License-Identifier: Apache-2.0
// libFuzzer entry: any bytes from a client are commands or a protocol error, the same however they are split.
#include "apps/net/resp_parser.hpp"

#include <cstdlib>

using namespace argentum::net;

namespace {

/// Everything the stream says, in one string that tells arguments and commands apart.
std::string read(resp_parser& parser) {
  std::string out;
  std::vector<std::string_view> args;
  while (parser.next(args) == parse_status::command) {
    for (auto each : args) out.append(std::to_string(each.size())).append(":").append(each);
    out += ';';
  }
  return out + parser.error();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes{reinterpret_cast<const char*>(data), size};
  resp_parser whole;
  whole.feed(bytes);
  auto expected = read(whole);
  resp_parser split;
  std::string got;
  for (std::size_t at = 0; at < size && split.error().empty(); ++at) {
    split.feed(bytes.substr(at, 1));
    got += read(split);
  }
  if (got != expected) std::abort();
  return 0;
}
