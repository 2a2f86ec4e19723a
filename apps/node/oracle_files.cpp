// SPDX-License-Identifier: Apache-2.0
#include "apps/node/oracle_files.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace argentum::app {

namespace {

constexpr std::size_t key_bytes_min = 16;

std::string contacts_path(const std::string& data_dir) {
  return data_dir + "/contacts";
}

} // namespace

caf::expected<std::vector<std::string>> read_keys(const std::string& path) {
  std::ifstream file{path};
  if (!file) return make_error(errc::io_failed, fmt::format("cannot read the keys in {}", path));
  std::vector<std::string> keys;
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    if (line.size() < key_bytes_min)
      return make_error(errc::invalid,
                        fmt::format("key {} in {} is too short; expected at least {} characters a line",
                                    keys.size() + 1, path, key_bytes_min));
    keys.push_back(std::move(line));
  }
  if (keys.empty())
    return make_error(errc::invalid, fmt::format("there is no key in {}; expected one a line", path));
  using std::filesystem::perms;
  std::error_code ignored;
  if ((std::filesystem::status(path, ignored).permissions() & perms::others_read) != perms::none)
    spdlog::warn("argentum.node: everybody on this machine can read the keys in {}", path);
  return keys;
}

std::string read_contacts(const std::string& data_dir) {
  std::ifstream file{contacts_path(data_dir), std::ios::binary};
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void keep_contacts(const std::string& data_dir, const std::string& bytes) {
  auto path = contacts_path(data_dir);
  auto fresh = path + ".new";
  {
    std::ofstream file{fresh, std::ios::binary};
    file << bytes;
    file.close();
    if (!file) return spdlog::warn("argentum.node: cannot keep what is known of other nodes in {}", fresh);
  }
  std::error_code error;
  std::filesystem::rename(fresh, path, error);
  if (error) spdlog::warn("argentum.node: cannot keep what is known of other nodes: {}", error.message());
}

} // namespace argentum::app
