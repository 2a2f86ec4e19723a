// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/seed_runs.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <map>
#include <poll.h>
#include <stdexcept>
#include <sys/wait.h>
#include <type_traits>
#include <unistd.h>
#include <utility>
#include <vector>

namespace argentum::sim {

namespace {

static_assert(std::is_trivially_copyable_v<seed_outcome::totals>);

/// Exit code of a process whose run could not begin; it has said why.
constexpr int cannot_run = 2;

void write_all(int to, const char* data, std::size_t size) {
  while (size > 0) {
    auto wrote = write(to, data, size);
    if (wrote <= 0) _exit(cannot_run);
    data += wrote;
    size -= static_cast<std::size_t>(wrote);
  }
}

[[noreturn]] void be_child(std::uint64_t seed, int to, const seed_jobs& what) {
  try {
    auto outcome = what.run(seed);
    std::array<char, sizeof outcome.sums> bytes;
    std::memcpy(bytes.data(), &outcome.sums, bytes.size());
    write_all(to, bytes.data(), bytes.size());
    write_all(to, outcome.text.data(), outcome.text.size());
  } catch (const std::exception& e) {
    fmt::print(stderr, "argentum-sim: seed {}: {}\n", seed, e.what());
    std::fflush(stderr);
    _exit(cannot_run);
  }
  _exit(0);
}

/// The processes that run; those that are left are killed.
class seed_children {
 public:
  explicit seed_children(const seed_jobs& what) : what_(what) {}
  ~seed_children() {
    for (const auto& each : running_) {
      close(each.from);
      kill(each.process, SIGKILL);
      waitpid(each.process, nullptr, 0);
    }
  }
  seed_children(const seed_children&) = delete;
  seed_children& operator=(const seed_children&) = delete;

  std::size_t count() const { return running_.size(); }
  void start(std::uint64_t seed);
  /// Waits until one has ended.
  std::pair<std::uint64_t, seed_outcome> wait();

 private:
  struct child {
    std::uint64_t seed = 0;
    pid_t process = 0;
    int from = -1;
    std::string bytes;
  };
  /// False: it has said everything.
  static bool read_some(child& from);
  static seed_outcome outcome_of(const child& ended);

  const seed_jobs& what_;
  std::vector<child> running_;
};

void seed_children::start(std::uint64_t seed) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error{std::string{"no pipe: "} + std::strerror(errno)};
  std::fflush(nullptr);
  auto process = fork();
  if (process == 0) {
    close(ends[0]);
    be_child(seed, ends[1], what_);
  }
  close(ends[1]);
  if (process < 0) {
    close(ends[0]);
    throw std::runtime_error{std::string{"no process: "} + std::strerror(errno)};
  }
  running_.push_back({seed, process, ends[0], {}});
}

std::pair<std::uint64_t, seed_outcome> seed_children::wait() {
  for (;;) {
    std::vector<pollfd> fds;
    for (const auto& each : running_) fds.push_back({each.from, POLLIN, 0});
    poll(fds.data(), fds.size(), -1);
    for (std::size_t n = 0; n < fds.size(); ++n) {
      if (fds[n].revents == 0 || read_some(running_[n])) continue;
      auto ended = std::move(running_[n]);
      running_.erase(running_.begin() + static_cast<long>(n));
      return {ended.seed, outcome_of(ended)};
    }
  }
}

bool seed_children::read_some(child& from) {
  std::array<char, 4096> buffer;
  auto got = read(from.from, buffer.data(), buffer.size());
  if (got > 0) from.bytes.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0;
}

seed_outcome seed_children::outcome_of(const child& ended) {
  close(ended.from);
  int status = 0;
  waitpid(ended.process, &status, 0);
  seed_outcome outcome;
  if (WIFSIGNALED(status)) {
    outcome.sums.broken = true;
    outcome.text = fmt::format("seed {}: BROKEN: the process died: {}\n", ended.seed, strsignal(WTERMSIG(status)));
    return outcome;
  }
  if (WEXITSTATUS(status) != 0 || ended.bytes.size() < sizeof outcome.sums)
    throw std::runtime_error{fmt::format("seed {} could not run", ended.seed)};
  std::memcpy(&outcome.sums, ended.bytes.data(), sizeof outcome.sums);
  outcome.text = ended.bytes.substr(sizeof outcome.sums);
  return outcome;
}

} // namespace

void run_seeds(seed_range seeds, std::uint64_t jobs, const seed_jobs& what) {
  // As many may have ended while the next one in order still runs.
  constexpr std::size_t ahead_max = 1000;
  seed_children children{what};
  std::map<std::uint64_t, seed_outcome> ended;
  auto left = seeds.last - seeds.first + 1;
  for (auto next = seeds.first, told = seeds.first; told != seeds.last + 1;) {
    for (; left > 0 && children.count() < jobs && ended.size() < ahead_max; --left) children.start(next++);
    ended.insert(children.wait());
    for (; !ended.empty() && ended.begin()->first == told; ++told) {
      auto outcome = ended.extract(ended.begin());
      what.done(told, outcome.mapped());
      if (outcome.mapped().sums.broken) return;
    }
  }
}

} // namespace argentum::sim
