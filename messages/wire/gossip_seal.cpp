// SPDX-License-Identifier: Apache-2.0
#include "messages/wire/gossip_seal.hpp"

#include "messages/wire/gossip_codec.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <optional>

namespace argentum::wire {

namespace {

constexpr char magic = '\xA6';
constexpr char version = 1;
enum class content : char { datagram = 1, state = 2 };
enum class seal : char { none = 0, hmac = 1 };
constexpr std::size_t prefix_bytes = 4;
constexpr std::size_t tag_bytes = 16;
static_assert(prefix_bytes + tag_bytes == gossip_seal_bytes);

using keys = std::vector<std::string>;
using tag = std::array<unsigned char, EVP_MAX_MD_SIZE>;

tag tag_of(const std::string& key, std::string_view bytes) {
  tag out{};
  unsigned size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  // Fails for want of memory alone; then nothing may go out.
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, bytes.size(), out.data(), &size)
      == nullptr)
    std::abort();
  return out;
}

std::string close(const keys& with, content what, std::string_view payload) {
  std::string out{magic, version, static_cast<char>(what),
                  static_cast<char>(with.empty() ? seal::none : seal::hmac)};
  out.append(payload);
  if (with.empty()) return out;
  auto signature = tag_of(with.front(), out);
  return out.append(reinterpret_cast<const char*>(signature.data()), tag_bytes);
}

bool verifies(const keys& with, std::string_view bytes, std::string_view signature) {
  return std::any_of(with.begin(), with.end(), [&](const std::string& key) {
    return CRYPTO_memcmp(tag_of(key, bytes).data(), signature.data(), tag_bytes) == 0;
  });
}

std::variant<std::string_view, seal_fault> break_open(const keys& with, content what, std::string_view bytes) {
  if (bytes.size() < prefix_bytes || bytes[0] != magic || bytes[1] != version
      || bytes[2] != static_cast<char>(what))
    return seal_fault::malformed;
  auto expected = with.empty() ? seal::none : seal::hmac;
  if (bytes[3] != static_cast<char>(expected)) return seal_fault::unauthentic;
  if (with.empty()) return bytes.substr(prefix_bytes);
  if (bytes.size() < prefix_bytes + tag_bytes) return seal_fault::malformed;
  auto signed_part = bytes.substr(0, bytes.size() - tag_bytes);
  if (!verifies(with, signed_part, bytes.substr(signed_part.size()))) return seal_fault::unauthentic;
  return signed_part.substr(prefix_bytes);
}

template <class Value>
std::variant<Value, seal_fault> read(std::variant<std::string_view, seal_fault> payload,
                                     std::optional<Value> (*decoder)(std::string_view)) {
  if (const auto* fault = std::get_if<seal_fault>(&payload)) return *fault;
  auto value = decoder(std::get<std::string_view>(payload));
  if (!value) return seal_fault::malformed;
  return std::move(*value);
}

} // namespace

gossip_form make_gossip_form(std::vector<std::string> all) {
  auto with = std::make_shared<const keys>(std::move(all));
  gossip_form form;
  form.seal = [with](const gossip_message& m) { return close(*with, content::datagram, encode(m)); };
  form.open = [with](std::string_view bytes) {
    return read<gossip_message>(break_open(*with, content::datagram, bytes), decode_gossip);
  };
  form.seal_state = [with](const std::vector<member_report>& s) { return close(*with, content::state, encode(s)); };
  form.open_state = [with](std::string_view bytes) {
    return read<std::vector<member_report>>(break_open(*with, content::state, bytes), decode_state);
  };
  return form;
}

} // namespace argentum::wire
