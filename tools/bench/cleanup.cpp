// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/cleanup.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace argentum::bench {

namespace {

struct registry {
  std::mutex mutex;
  std::set<pid_t> processes;
  std::set<std::string> dirs;
};

/// Never destroyed: the thread below may use it until the very end.
registry& all() {
  static auto* one = new registry;
  return *one;
}

void remove_tree(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) std::filesystem::remove_all(path, error); // something wrote into it meanwhile
}

void end_everything() {
  auto& known = all();
  known.mutex.lock(); // for good: nothing starts any more
  for (auto pid : known.processes) ::kill(pid, SIGKILL);
  for (auto pid : known.processes) ::waitpid(pid, nullptr, 0);
  for (const auto& dir : known.dirs) remove_tree(dir);
}

} // namespace

void clean_up_on_signals() {
  sigset_t ending;
  sigemptyset(&ending);
  for (int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&ending, number);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::thread{[ending] {
    int number = 0;
    sigwait(&ending, &number);
    end_everything();
    fmt::print(stderr, "\nargentum-bench: interrupted; what it had started is stopped and removed\n");
    ::_exit(128 + number);
  }}.detach();
}

pid_t start_registered(const std::function<pid_t()>& spawn) {
  std::lock_guard lock{all().mutex};
  auto pid = spawn();
  if (pid > 0) all().processes.insert(pid);
  return pid;
}

void forget_process(pid_t pid) {
  std::lock_guard lock{all().mutex};
  all().processes.erase(pid);
}

scratch_dir::scratch_dir(const std::string& parent) {
  std::lock_guard lock{all().mutex};
  path_ = parent + "/argentum-bench-XXXXXX";
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error{"cannot make a directory in " + parent};
  all().dirs.insert(path_);
}

scratch_dir::~scratch_dir() {
  remove_tree(path_);
  std::lock_guard lock{all().mutex};
  all().dirs.erase(path_);
}

} // namespace argentum::bench
