// SPDX-License-Identifier: Apache-2.0
#include "messages/entry_codec.hpp"

#include "messages/varint.hpp"

namespace argentum {

std::size_t payload_bytes(const std::vector<log_record>& records) noexcept {
  std::size_t sum = 0;
  for (const auto& record : records) sum += record.bytes.size();
  return sum;
}

std::string encode_entry(const entry& what) {
  std::size_t size = 32;
  for (const auto& change : what.mutations) size += 16 + change.key.size() + change.value.size();
  std::string out;
  out.reserve(size);
  out.push_back(static_cast<char>(entry_format));
  put_varint(out, what.epoch);
  put_varint(out, what.index);
  put_varint(out, static_cast<std::uint64_t>(what.stamp.time_since_epoch().count()));
  put_varint(out, what.mutations.size());
  for (const auto& change : what.mutations) {
    out.push_back(static_cast<char>(change.kind));
    put_sized(out, change.key);
    if (change.kind != mutation_kind::remove) put_sized(out, change.value);
  }
  return out;
}

entry_reader::entry_reader(std::string_view bytes) : rest_(bytes) {
  std::uint8_t format = 0;
  std::uint64_t stamp = 0;
  header head;
  if (!take_byte(rest_, format) || format != entry_format || !take_varint(rest_, head.epoch)
      || !take_varint(rest_, head.index) || !take_varint(rest_, stamp) || !take_varint(rest_, head.mutation_count))
    return;
  head.stamp = stamp_t{std::chrono::microseconds{static_cast<std::int64_t>(stamp)}};
  head_ = head;
  left_ = head.mutation_count;
  ok_ = left_ > 0 || rest_.empty();
}

bool entry_reader::next(mutation_view& out) {
  if (!ok_ || left_ == 0) return false;
  std::uint8_t kind = 0;
  ok_ = take_byte(rest_, kind) && kind >= 1 && kind <= 3 && take_sized(rest_, out.key);
  if (!ok_) return false;
  out.kind = static_cast<mutation_kind>(kind);
  out.value = {};
  if (out.kind != mutation_kind::remove && !take_sized(rest_, out.value)) return ok_ = false;
  if (--left_ == 0 && !rest_.empty()) return ok_ = false;
  return true;
}

std::optional<entry> decode_entry(std::string_view bytes) {
  entry_reader reader{bytes};
  if (!reader.head()) return std::nullopt;
  entry out{reader.head()->epoch, reader.head()->index, reader.head()->stamp, {}};
  mutation_view view;
  while (reader.next(view)) out.mutations.push_back({view.kind, std::string{view.key}, std::string{view.value}});
  if (!reader.ok()) return std::nullopt;
  return out;
}

} // namespace argentum
