// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_image.hpp"

namespace argentum::storage {

void memory_image::commit() {
  unsynced.clear();
  durable = state.applied.index;
}

void memory_image::roll_back(std::size_t mark) {
  while (unsynced.size() > mark) {
    auto undo = std::move(unsynced.back());
    unsynced.pop_back();
    undo(*this);
  }
}

const memory_record* memory_image::find(std::string_view key) const {
  auto it = records.find(key);
  return it == records.end() ? nullptr : &it->second;
}

void memory_image::set_record(std::string_view key, const memory_record* record) {
  auto write = [](memory_image& image, const std::string& k, const std::optional<memory_record>& r) {
    if (r)
      image.records.insert_or_assign(k, *r);
    else
      image.records.erase(k);
  };
  auto copy = [](const memory_record* r) { return r != nullptr ? std::optional{*r} : std::nullopt; };
  unsynced.push_back(
      [k = std::string{key}, before = copy(find(key)), write](memory_image& image) { write(image, k, before); });
  write(*this, std::string{key}, copy(record));
}

void memory_image::set_state(const store_state& next) {
  unsynced.push_back([before = state](memory_image& image) { image.state = before; });
  state = next;
}

} // namespace argentum::storage
