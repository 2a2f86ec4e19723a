// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/child_process.hpp"

#include "tools/bench/cleanup.hpp"
#include "tools/bench/wait_for.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace argentum::bench {

namespace {

constexpr std::size_t log_tail_bytes = 500; ///< of a log in an error

/// In the child, after fork: calls only what is safe there.
[[noreturn]] void become(char* const* arguments, const char* log_path) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  int nothing = ::open("/dev/null", O_RDONLY);
  int log = ::open(log_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  ::dup2(nothing, 0);
  ::dup2(log, 1);
  ::dup2(log, 2);
  ::setpgid(0, 0); // Ctrl-C is for the benchmark, which ends its children itself
  ::execvp(arguments[0], arguments);
  constexpr std::string_view why = "it could not be started; is it installed?\n";
  (void)!::write(2, why.data(), why.size());
  ::_exit(127);
}

} // namespace

child_process::child_process(std::vector<std::string> command, std::string log_path)
    : program_(command.front()), log_path_(std::move(log_path)) {
  std::filesystem::remove(log_path_); // what an earlier run said is not this one's
  std::vector<char*> arguments;
  for (auto& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_ = start_registered([&] {
    auto pid = ::fork();
    if (pid == 0) become(arguments.data(), log_path_.c_str());
    return pid;
  });
  if (pid_ < 0) throw std::runtime_error{"cannot start " + program_};
}

bool child_process::ended() noexcept {
  if (pid_ != 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) {
    forget_process(pid_);
    pid_ = 0;
  }
  return pid_ == 0;
}

std::string child_process::log() const {
  std::ifstream file{log_path_};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string child_process::wait_for_line(const std::string& text) {
  std::string line;
  auto found = [&] {
    bool gone = ended(); // before the log is read: its last words count
    auto all = log();
    auto at = all.find(text);
    if (at == std::string::npos || all.find('\n', at) == std::string::npos) {
      if (gone)
        throw std::runtime_error{program_
                                 + " ended: " + all.substr(all.size() - std::min(all.size(), log_tail_bytes))};
      return false;
    }
    auto begin = all.rfind('\n', at) + 1; // npos + 1 = 0
    line = all.substr(begin, all.find('\n', at) - begin);
    return true;
  };
  wait_for(found, program_ + " is ready");
  return line;
}

std::string child_process::output() {
  wait_for([this] { return ended(); }, program_ + " has ended", std::chrono::minutes{10});
  return log();
}

void child_process::stop() noexcept {
  if (ended()) return;
  ::kill(pid_, SIGTERM);
  if (!wait_quietly([this] { return ended(); }, std::chrono::seconds{15})) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    forget_process(pid_);
    pid_ = 0;
  }
}

std::uint64_t child_process::status_bytes(const std::string& field) const {
  std::ifstream file{"/proc/" + std::to_string(pid_) + "/status"};
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(field)) return std::stoull(line.substr(field.size())) * 1024;
  throw std::runtime_error{"cannot read the memory of " + program_};
}

std::chrono::nanoseconds child_process::cpu_time() const {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0)
    throw std::runtime_error{"cannot read the processor time of " + program_};
  return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

} // namespace argentum::bench
