// SPDX-License-Identifier: Apache-2.0
// What a command is: a row of the command table with a handler, and the call that the handler gets. A handler
// answers at once with `reply()`, or later with `later(...)`. It runs on the session's event loop and never waits.
//
// To add a command: write the handler in the file of its group under resp_commands/, add its row to that file's
// list.
#pragma once

#include "actors/node/node.hpp"
#include "apps/net/access_sampler.hpp"
#include "apps/net/client_registry.hpp"
#include "apps/net/digest_worker.hpp"
#include "apps/net/key_walks.hpp"
#include "apps/net/node_status.hpp"
#include "apps/net/planned_command.hpp"
#include "apps/net/rate_meter.hpp"
#include "apps/net/reply_inbox.hpp"
#include "apps/net/reply_queue.hpp"
#include "apps/net/resp_server.hpp"
#include "apps/net/resp_writer.hpp"
#include "apps/net/scan_cursors.hpp"
#include "apps/net/write_gatherer.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace argentum::net {

class command_call;

struct command_row {
  std::string_view name; ///< lower case
  int arity;             ///< with the name, as Redis counts: -n = n or more
  run_rule rule;
  const char* flags; ///< as COMMAND INFO shows them, separated by blanks; "write" and "readonly" mean what they say
  void (*run)(command_call&); ///< null: what `plan` says is sent to the sequencer, so it needs a root
  int first_key = 0;          ///< position of the first and last key (negative: from the end) and their distance
  int last_key = 0;
  int key_step = 0;
  /// Fills the plan, which is empty, or begins it (planned_command::copy_more), or answers with an error and
  /// returns false. How the command takes part in MULTI; null: not at all.
  bool (*plan)(command_call&, planned_command&) = nullptr;
  bool runs_in_multi = false; ///< is not queued: it speaks about the transaction or the connection
};

/// Commands by name.
class command_table {
 public:
  explicit command_table(const std::vector<std::span<const command_row>>& groups);
  /// In any case of letters; null if there is none.
  const command_row* find(std::string_view name) const;
  /// In order of name.
  const std::vector<const command_row*>& rows() const noexcept { return rows_; }

 private:
  std::vector<const command_row*> rows_;
  std::unordered_map<std::string_view, const command_row*> by_name_;
};

const command_table& client_commands();
const command_table& admin_commands();

/// What all sessions of one server share. Thread-safe where it is not constant.
struct server_state {
  resp_server_config config;
  node_picture node;
  const command_table& commands;
  std::uint16_t port = 0;
  digest_worker* digests = nullptr; ///< outlives all sessions
  scan_cursors cursors{node.metrics->scan_cursors_dropped};
  client_registry clients{};
  key_walks walks{};
  rate_meter command_rate{};
  /// Of values that wait for later rounds of their commands.
  std::shared_ptr<std::atomic<std::size_t>> fetched_bytes = std::make_shared<std::atomic<std::size_t>>(0);

  const std::vector<actors::instance_handle>& instances() const noexcept { return node.instances; }
};

/// What a session remembers of its client. Used on the session's loop only; the card is for others too.
struct client_state {
  std::shared_ptr<client_card> card;
  int protocol = 2;
  std::size_t instance = 0;
  std::vector<index_t> last_write;    ///< by instance; 0 = none on this connection
  std::unique_ptr<transaction> multi; ///< between MULTI and EXEC
  watched_keys watched;
  bool close = false; ///< after the replies so far
};

/// Counted per turn and added to the node's metrics at its end, so that loops do not fight over the counters.
struct turn_counts {
  std::uint64_t commands = 0, errors = 0, hits = 0, misses = 0;
  std::uint64_t extra_work = 0; ///< keys walked over, and large values by their size

  /// What the turn has cost so far, about in commands that read a key.
  std::uint64_t work() const noexcept { return std::max(commands, hits + misses) + extra_work; }
};

/// The read views that one turn uses: loaded once each, given up at its end.
class turn_views {
 public:
  const std::shared_ptr<const storage::read_view>& of(const actors::instance_handle& instance, std::size_t number);
  void clear() { view_.reset(); }

 private:
  std::shared_ptr<const storage::read_view> view_;
  std::size_t number_ = 0;
};

/// The next part of a command that takes longer than a turn; true if it has answered with it.
using command_rest = std::function<bool(command_call&)>;

class command_call {
 public:
  std::span<const std::string_view> args; ///< args[0] is the name
  client_state& client;
  server_state& server;
  turn_counts& counts;
  std::string& scratch; ///< for values on their way
  reply_queue& queue;
  turn_views& views;
  const std::shared_ptr<reply_inbox>& inbox;
  write_gatherer& writes;
  access_sampler& accesses;
  command_rest& rest; ///< empty; set by a handler that has not answered: it goes on so, one part a turn

  /// Counts the read of a key: what `view` said of it, with the value if it is here.
  void count_read(std::string_view key, storage::read_status status, std::string_view value) {
    if (status == storage::read_status::absent) {
      ++counts.misses;
      return;
    }
    ++counts.hits;
    accesses.note(client.instance, key, status == storage::read_status::found ? key.size() + value.size() : 0);
  }

  resp_writer reply() { return {queue.tail(), client.protocol, &counts.errors}; }
  void fail(std::string_view text) { reply().error(text); }
  /// "ERR wrong number of arguments for 'get' command"
  void fail_arity(std::string_view name);

  /// Answers READONLY, naming the root, if this node is not the root.
  bool check_writable();

  const actors::instance_handle& instance() const { return server.instances()[client.instance]; }
  const storage::read_view& view() { return *views.of(instance(), client.instance); }
  /// Of what is read from `view` in this turn.
  data_source source() { return views.of(instance(), client.instance); }

  /// Promises a reply: `write(client_state&, resp_writer&, caf::expected<T>&)` runs on the session's loop when the
  /// answer is there. The result may be delivered from any thread.
  template <class T, class F>
  reply_to<T> later(wait_kind kind, F write, std::size_t written_bytes = 0) {
    auto slot = queue.open(kind, written_bytes);
    std::weak_ptr<reply_inbox> home = inbox; // not kept: so whoever holds the promise sees that the session is gone
    auto deliver = [home, slot, write = std::move(write)](caf::expected<T> answer) mutable {
      if (auto to = home.lock())
        to->put({slot, [write = std::move(write), answer = std::move(answer)](
                           client_state& state, resp_writer& out) mutable { write(state, out, answer); }});
    };
    return {std::move(deliver), home};
  }
};

/// Checks the number of arguments and the node's role, and runs or queues the command; or answers why not.
void run_command(const command_row* row, command_call& call);

/// Answers QUEUED; or, if the client's transaction gets too large, an error, and EXEC will refuse all of it.
void queue_planned(command_call& call, planned_command plan);

/// Remembers the index of a write for INDEX and WAIT.
void note_write(client_state& client, std::size_t instance, index_t index);
/// Of this connection to the instance in use; 0: none.
index_t last_write(const command_call& call);

/// Commands with subcommands: "ERR unknown subcommand 'FOO'. Try CLIENT HELP." and arity as for commands.
struct subcommand_row {
  std::string_view name;
  int arity; ///< with both names
  void (*run)(command_call&);
};
void run_subcommand(command_call& call, std::string_view command, std::span<const subcommand_row> rows);

/// Whether a command of that arity takes so many arguments, with its name.
bool arity_fits(int arity, std::size_t count) noexcept;

/// ASCII, as Redis' strcasecmp.
bool equal_nocase(std::string_view a, std::string_view b) noexcept;
std::string lower(std::string_view text);

/// Reads as Redis reads integers; answers "ERR value is not an integer or out of range" if it is none.
bool read_integer(command_call& call, std::string_view text, std::int64_t& value);

/// Error replies for errors of the other parts; never with keys or values.
std::string read_error_text(const caf::error& error);
std::string write_error_text(const caf::error& error);

} // namespace argentum::net
