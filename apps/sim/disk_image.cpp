// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/disk_image.hpp"

#include <algorithm>

namespace argentum::sim {

namespace {

std::string parent_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

/// The names right below a directory begin at the first and end before the second.
template <class Names>
auto children(Names& names, const std::string& directory) {
  return std::pair{names.upper_bound(directory + '/'), names.lower_bound(directory + '0')}; // '0' follows '/'
}

bool is_child(const std::string& path, const std::string& directory) {
  return path.size() > directory.size() && path.rfind('/') == directory.size();
}

} // namespace

disk_image::file_ptr disk_image::find(const std::string& path) const {
  std::lock_guard lock{mutex_};
  auto found = names_.find(path);
  return found == names_.end() ? nullptr : found->second;
}

bool disk_image::has_directory(const std::string& path) const {
  std::lock_guard lock{mutex_};
  auto found = names_.find(path);
  return found != names_.end() && !found->second;
}

bool disk_image::has_parent(const std::string& path) const {
  auto found = names_.find(parent_of(path));
  return found != names_.end() && !found->second;
}

disk_image::file_ptr disk_image::create(const std::string& path) {
  std::lock_guard lock{mutex_};
  if (!has_parent(path)) return nullptr;
  auto& made = names_[path];
  if (!made) made = std::make_shared<file>();
  *made = {};
  return made;
}

bool disk_image::make_directory(const std::string& path) {
  std::lock_guard lock{mutex_};
  return has_parent(path) && names_.emplace(path, nullptr).second;
}

std::vector<std::string> disk_image::list(const std::string& directory) const {
  std::lock_guard lock{mutex_};
  std::vector<std::string> out;
  for (auto [it, end] = children(names_, directory); it != end; ++it)
    if (is_child(it->first, directory)) out.push_back(it->first.substr(directory.size() + 1));
  return out;
}

bool disk_image::remove_file(const std::string& path) {
  std::lock_guard lock{mutex_};
  auto found = names_.find(path);
  if (found == names_.end() || !found->second) return false;
  names_.erase(found);
  synced_.erase(path);
  return true;
}

bool disk_image::remove_directory(const std::string& path) {
  std::lock_guard lock{mutex_};
  auto [first, end] = children(names_, path);
  if (first != end || names_.erase(path) == 0) return false;
  auto [synced, synced_end] = children(synced_, path);
  synced_.erase(synced, synced_end);
  synced_.erase(path);
  return true;
}

bool disk_image::put(const std::string& from, const std::string& to) {
  auto found = names_.find(from);
  if (found == names_.end() || !found->second || !has_parent(to)) return false;
  names_[to] = found->second;
  return true;
}

bool disk_image::rename(const std::string& from, const std::string& to) {
  std::lock_guard lock{mutex_};
  return put(from, to) && names_.erase(from) != 0;
}

bool disk_image::link(const std::string& from, const std::string& to) {
  std::lock_guard lock{mutex_};
  return put(from, to);
}

void disk_image::sync_directory(const std::string& path) {
  std::lock_guard lock{mutex_};
  auto [old, old_end] = children(synced_, path);
  while (old != old_end) old = is_child(old->first, path) && !names_.count(old->first) ? synced_.erase(old) : ++old;
  for (auto [it, end] = children(names_, path); it != end; ++it)
    if (is_child(it->first, path)) synced_[it->first] = it->second;
}

bool disk_image::append(file& to, std::string_view bytes, bool reserve) {
  std::lock_guard lock{mutex_};
  bool room = !full_ || reserve;
  to.bytes.append(room ? bytes : bytes.substr(0, bytes.size() / 2));
  return room;
}

void disk_image::sync(file& what) {
  std::lock_guard lock{mutex_};
  what.synced = what.bytes.size();
}

std::size_t disk_image::size(const file& of) const {
  std::lock_guard lock{mutex_};
  return of.bytes.size();
}

std::size_t disk_image::read(const file& from, std::size_t offset, std::size_t most, char* into) const {
  std::lock_guard lock{mutex_};
  return offset >= from.bytes.size() ? 0 : from.bytes.copy(into, most, offset);
}

void disk_image::set_full(bool full) {
  std::lock_guard lock{mutex_};
  full_ = full;
}

bool disk_image::full() const {
  std::lock_guard lock{mutex_};
  return full_;
}

disk_image::file_ptr disk_image::what_is_left(const file& of, random_source& random) {
  auto unsynced = of.bytes.size() - of.synced;
  auto size = of.synced + (unsynced > 0 ? random.below(unsynced + 1) : 0);
  return std::make_shared<file>(file{of.bytes.substr(0, size), size});
}

std::shared_ptr<disk_image> disk_image::after_power_loss(random_source& random) const {
  std::lock_guard lock{mutex_};
  auto out = std::make_shared<disk_image>();
  out->full_ = full_;
  auto& left = out->names_;
  std::map<std::string, bool> kept; // by directory: has it the names that were not synced?
  auto keeps = [&](const std::string& path) {
    auto [at, fresh] = kept.try_emplace(parent_of(path));
    if (fresh) at->second = random.percent(50);
    return at->second;
  };
  auto all = names_;
  all.insert(synced_.begin(), synced_.end()); // in order of their names, so parents come before children
  for (const auto& [path, unused] : all) {
    auto now = names_.find(path), then = synced_.find(path);
    bool same = now != names_.end() && then != synced_.end() && now->second == then->second;
    bool from_now = !same && keeps(path);
    auto found = from_now ? now : then;
    if (found == (from_now ? names_.end() : synced_.end()) || !out->has_parent(path)) continue;
    left[path] = found->second ? what_is_left(*found->second, random) : nullptr;
  }
  out->synced_ = left;
  return out;
}

} // namespace argentum::sim
