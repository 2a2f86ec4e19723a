// SPDX-License-Identifier: Apache-2.0
#include "messages/wire/packing.hpp"

#include "messages/varint.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <limits>

namespace argentum::wire {

namespace {

constexpr std::size_t varint_bytes_max = 10;
constexpr std::size_t chain_bytes = sizeof(chain_t);

void put_chain(std::string& out, chain_t chain) {
  unsigned char bytes[chain_bytes];
  boost::endian::store_little_u64(bytes, chain);
  out.append(reinterpret_cast<const char*>(bytes), chain_bytes);
}

bool take_chain(std::string_view& in, chain_t& out) {
  if (in.size() < chain_bytes) return false;
  out = boost::endian::load_little_u64(reinterpret_cast<const unsigned char*>(in.data()));
  in.remove_prefix(chain_bytes);
  return true;
}

/// Takes `count` elements of at least `element_bytes_min` off `in`, and nothing may be left.
template <class T, class Take>
bool take_all(std::string_view in, std::uint32_t count, std::size_t element_bytes_min, std::vector<T>& out,
              Take take) {
  if (count > in.size() / element_bytes_min) return false;
  out.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i)
    if (!take(in, out.emplace_back())) return false;
  return in.empty();
}

bool take_text(std::string_view& in, std::string& out) {
  std::string_view bytes;
  if (!take_sized(in, bytes)) return false;
  out.assign(bytes);
  return true;
}

void put_contact(std::string& out, const contact& who) {
  put_sized(out, who.node);
  put_sized(out, who.address);
}

bool take_contact(std::string_view& in, contact& out) {
  return take_text(in, out.node) && take_text(in, out.address);
}

} // namespace

std::string pack(const std::vector<log_record>& records) {
  std::string out;
  out.reserve(payload_bytes(records) + records.size() * (chain_bytes + varint_bytes_max));
  for (const auto& record : records) {
    put_chain(out, record.chain);
    put_sized(out, record.bytes);
  }
  return out;
}

bool unpack(std::string_view in, std::uint32_t count, index_t first, std::vector<log_record>& out) {
  if (first == 0 || count > std::numeric_limits<index_t>::max() - first) return false;
  return take_all(in, count, chain_bytes + 1, out, [index = first](std::string_view& rest, log_record& to) mutable {
    to.index = index++;
    return take_chain(rest, to.chain) && take_text(rest, to.bytes);
  });
}

std::string pack(const std::vector<snapshot_record>& records) {
  std::string out;
  out.reserve(payload_bytes(records) + records.size() * 2 * varint_bytes_max);
  for (const auto& record : records) {
    put_sized(out, record.key);
    put_varint(out, record.version);
    put_sized(out, record.value);
  }
  return out;
}

bool unpack(std::string_view in, std::uint32_t count, std::vector<snapshot_record>& out) {
  return take_all(in, count, 3, out, [](std::string_view& rest, snapshot_record& to) {
    return take_text(rest, to.key) && take_varint(rest, to.version) && take_text(rest, to.value);
  });
}

std::string pack(const std::vector<lookup_item>& items) {
  std::string out;
  for (const auto& item : items) {
    put_sized(out, item.key);
    put_varint(out, item.at_index);
  }
  return out;
}

bool unpack(std::string_view in, std::uint32_t count, std::vector<lookup_item>& out) {
  return take_all(in, count, 2, out, [](std::string_view& rest, lookup_item& to) {
    return take_text(rest, to.key) && take_varint(rest, to.at_index);
  });
}

std::string pack(const std::vector<position>& positions) {
  std::string out;
  for (const auto& where : positions) {
    put_varint(out, where.epoch);
    put_varint(out, where.index);
    put_chain(out, where.chain);
  }
  return out;
}

bool unpack(std::string_view in, std::uint32_t count, std::vector<position>& out) {
  return take_all(in, count, 2 + chain_bytes, out, [](std::string_view& rest, position& to) {
    return take_varint(rest, to.epoch) && take_varint(rest, to.index) && take_chain(rest, to.chain);
  });
}

std::string pack(const std::vector<lookup_answer>& answers) {
  std::size_t size = 0;
  for (const auto& answer : answers) size += answer.value.size() + 1 + 2 * varint_bytes_max;
  std::string out;
  out.reserve(size);
  for (const auto& answer : answers) {
    out.push_back(static_cast<char>(answer.status));
    put_varint(out, answer.index);
    if (answer.status == lookup_status::found) put_sized(out, answer.value);
  }
  return out;
}

bool unpack(std::string_view in, std::uint32_t count, std::vector<lookup_answer>& out) {
  return take_all(in, count, 2, out, [](std::string_view& rest, lookup_answer& to) {
    std::uint8_t status = 0;
    if (!take_byte(rest, status) || status < static_cast<std::uint8_t>(lookup_status::found)
        || status > static_cast<std::uint8_t>(lookup_status::diverged) || !take_varint(rest, to.index))
      return false;
    to.status = static_cast<lookup_status>(status);
    return to.status != lookup_status::found || take_text(rest, to.value);
  });
}

std::string pack(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) put_sized(out, name);
  return out;
}

bool unpack(std::string_view in, std::uint32_t count, std::vector<std::string>& out) {
  return take_all(in, count, 1, out, [](std::string_view& rest, std::string& to) { return take_text(rest, to); });
}

std::string pack(const std::vector<contact>& contacts) {
  std::string out;
  for (const auto& each : contacts) put_contact(out, each);
  return out;
}

bool unpack(std::string_view in, std::uint32_t count, std::vector<contact>& out) {
  return take_all(in, count, 2, out, take_contact);
}

std::string pack(const std::vector<nearest_reply::group>& groups) {
  std::string out;
  for (const auto& group : groups) {
    put_sized(out, group.datacenter);
    put_varint(out, static_cast<std::uint64_t>(group.rtt.count()));
    put_varint(out, group.upstreams.size());
    for (const auto& each : group.upstreams) put_contact(out, each);
  }
  return out;
}

bool unpack(std::string_view in, std::uint32_t count, std::vector<nearest_reply::group>& out) {
  return take_all(in, count, 3, out, [](std::string_view& rest, nearest_reply::group& to) {
    std::uint64_t rtt = 0;
    std::uint64_t contacts = 0;
    if (!take_text(rest, to.datacenter) || !take_varint(rest, rtt) || !take_varint(rest, contacts)) return false;
    if (contacts > rest.size() / 2) return false;
    to.rtt = std::chrono::microseconds{rtt};
    to.upstreams.resize(contacts);
    return std::all_of(to.upstreams.begin(), to.upstreams.end(),
                       [&rest](contact& each) { return take_contact(rest, each); });
  });
}

std::string pack(const std::vector<nearest_reply::owner>& owners) {
  std::string out;
  for (const auto& owner : owners) {
    put_sized(out, owner.instance);
    put_contact(out, owner.who);
  }
  return out;
}

bool unpack(std::string_view in, std::uint32_t count, std::vector<nearest_reply::owner>& out) {
  return take_all(in, count, 3, out, [](std::string_view& rest, nearest_reply::owner& to) {
    return take_text(rest, to.instance) && take_contact(rest, to.who);
  });
}

} // namespace argentum::wire
