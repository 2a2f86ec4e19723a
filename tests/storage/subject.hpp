// SPDX-License-Identifier: Apache-2.0
// What the contract tests run over: one store of each kind and role, with its home, that can be closed, reopened
// and crashed. Results are unwrapped: an unexpected error fails the test with its text.
#pragma once

#include "storage/memory_home.hpp"
#include "storage/rocks_home.hpp"
#include "tests/storage/root_log.hpp"
#include "tests/storage/unsynced_env.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <functional>

namespace argentum::test {

template <class T>
T must(caf::expected<T> result) {
  if (!result) FAIL(describe(result.error()));
  return std::move(*result);
}
inline void must(caf::expected<void> result) {
  if (!result) FAIL(describe(result.error()));
}
template <class T>
errc code(const caf::expected<T>& result) {
  return result ? errc::none : code_of(result.error());
}

/// Small enough to be left within a test.
inline constexpr storage::window_limits test_window{std::chrono::seconds{1}, 20};

class subject {
 public:
  subject(bool disk, instance_role kind, storage::window_limits window = test_window)
      : role(kind), name(std::string{disk ? "disk " : "memory "} + to_string(kind)), window_(window) {
    if (disk) {
      files = std::make_unique<temp_dir>();
      env = std::make_unique<unsynced_env>();
      shared_ = std::make_shared<storage::rocks_shared>(storage::rocks_limits{}, env.get());
    } else {
      memory = std::make_shared<storage::memory_disk>();
    }
    open();
  }

  std::unique_ptr<storage::store_home> make_home() const {
    if (memory) return std::make_unique<storage::memory_home>(memory, role, window_);
    return std::make_unique<storage::rocks_home>(files->path() + "/dns", role, shared_, window_);
  }
  void open() {
    home = make_home();
    store = must(home->open_current());
  }
  void close() {
    store.reset();
    home.reset();
  }
  void reopen() {
    close();
    open();
  }
  /// Loses what was not synced.
  void crash() {
    close();
    if (memory)
      memory->crash();
    else
      env->crash();
    open();
  }
  storage::store* operator->() const { return store.get(); }
  std::shared_ptr<const storage::read_view> view() const { return store->view(); }
  bool is_replica() const { return role == instance_role::replica; }

  instance_role role;
  std::string name;
  std::unique_ptr<temp_dir> files;   ///< disk only, as is env
  std::unique_ptr<unsynced_env> env; ///< outlives the stores
  std::shared_ptr<storage::memory_disk> memory;

 private:
  storage::window_limits window_;
  std::shared_ptr<storage::rocks_shared> shared_;

 public:
  std::unique_ptr<storage::store_home> home;
  std::unique_ptr<storage::store> store;
};

/// Runs the body over a fresh store of each kind of these roles.
inline void for_each_kind(std::initializer_list<instance_role> roles, const std::function<void(subject&)>& body) {
  for (auto role : roles)
    for (bool disk : {false, true}) {
      subject one{disk, role};
      INFO(one.name);
      body(one);
    }
}
inline void for_each_kind(const std::function<void(subject&)>& body) {
  for_each_kind({instance_role::replica, instance_role::proxy}, body);
}

} // namespace argentum::test
