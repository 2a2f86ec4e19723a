// SPDX-License-Identifier: Apache-2.0
#include "storage/generation_dir.hpp"

#include "storage/rocks_status.hpp"

#include <fmt/format.h>

#include <charconv>

namespace argentum::storage {

namespace {

constexpr std::string_view prefix = "gen-";
constexpr std::string_view creating_mark = " creating";

std::optional<std::uint64_t> number_of(std::string_view name) {
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  std::uint64_t out = 0;
  auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), out);
  if (failed != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return out;
}

/// Makes names in it durable.
rocksdb::Status sync_dir(rocksdb::Env& env, const std::string& path) {
  std::unique_ptr<rocksdb::Directory> dir;
  auto status = env.NewDirectory(path, &dir);
  return status.ok() ? dir->Fsync() : status;
}

} // namespace

caf::error generation_dir::prepare() {
  if (env_.FileExists(path_).ok()) return {};
  auto status = env_.CreateDirIfMissing(path_);
  if (status.ok()) status = sync_dir(env_, path_ + "/..");
  return to_error(status, "make " + path_);
}

caf::expected<std::optional<current_generation>> generation_dir::current() const {
  auto file = path_ + "/CURRENT";
  std::string text;
  auto status = rocksdb::ReadFileToString(&env_, file, &text);
  if (status.IsNotFound() || status.IsPathNotFound()) {
    auto there = generations();
    if (!there) return there.error();
    if (!there->empty()) return make_error(errc::corrupt, fmt::format("{} is missing beside data", file));
    return std::optional<current_generation>{};
  }
  if (auto error = to_error(status, "read " + file)) return error;
  std::string_view name = text;
  if (name.ends_with('\n')) name.remove_suffix(1);
  current_generation out;
  out.creating = name.ends_with(creating_mark);
  if (out.creating) name.remove_suffix(creating_mark.size());
  auto number = number_of(name);
  if (!number) return make_error(errc::corrupt, fmt::format("{} does not name a generation", file));
  out.number = *number;
  return std::optional{out};
}

caf::error generation_dir::set_current(const current_generation& generation) {
  auto text = fmt::format("{}{}{}\n", prefix, generation.number, generation.creating ? creating_mark : "");
  auto file = path_ + "/CURRENT", next = file + ".next";
  auto status = rocksdb::WriteStringToFile(&env_, text, next, true);
  if (status.ok()) status = env_.RenameFile(next, file);
  if (status.ok()) status = sync_dir(env_, path_);
  return to_error(status, "write " + file);
}

caf::expected<std::vector<std::uint64_t>> generation_dir::generations() const {
  std::vector<std::string> names;
  if (auto error = to_error(env_.GetChildren(path_, &names), "list " + path_)) return error;
  std::vector<std::uint64_t> out;
  for (const auto& name : names)
    if (auto number = number_of(name)) out.push_back(*number);
  return out;
}

bool generation_dir::exists(std::uint64_t generation) const {
  return env_.FileExists(path_of(generation)).ok();
}

std::string generation_dir::path_of(std::uint64_t generation) const {
  return fmt::format("{}/{}{}", path_, prefix, generation);
}

caf::error generation_dir::remove(std::uint64_t generation) {
  return remove_dir(env_, path_of(generation));
}

caf::error remove_dir(rocksdb::Env& env, const std::string& dir) {
  if (!env.FileExists(dir).ok()) return {};
  std::vector<std::string> names;
  auto status = env.GetChildren(dir, &names);
  for (const auto& name : names)
    if (status.ok()) status = env.DeleteFile(dir + "/" + name);
  if (status.ok()) status = env.DeleteDir(dir);
  return to_error(status, "remove " + dir);
}

} // namespace argentum::storage
