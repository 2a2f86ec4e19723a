// SPDX-License-Identifier: Apache-2.0
#include "apps/node/data_lock.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>

namespace argentum::app {

namespace {

std::string owner_of(int file) {
  char text[32] = {};
  auto size = ::pread(file, text, sizeof text - 1, 0);
  std::string pid{text, static_cast<std::size_t>(size > 0 ? size : 0)};
  pid.erase(pid.find_last_not_of("\n ") + 1);
  return pid.empty() ? "unknown" : pid;
}

caf::error refused(const std::string& path, int code) {
  return make_error(errc::io_failed, fmt::format("{}: {}", path, std::strerror(code)));
}

} // namespace

caf::expected<data_lock> data_lock::take(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return refused(directory, error.value());
  auto path = directory + "/LOCK";
  int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return refused(path, errno);
  data_lock lock{file};
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return refused(path, errno);
    return make_error(errc::busy, fmt::format("data directory {} is in use by another argentum-node (pid {})",
                                              directory, owner_of(file)));
  }
  auto pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    return refused(path, errno);
  return lock;
}

data_lock::~data_lock() {
  if (file_ >= 0) ::close(file_);
}

} // namespace argentum::app
