// SPDX-License-Identifier: Apache-2.0
// What an operator's shell and a node say to each other, and nodes when a shell aims a command at another one:
//
//   shell   admin_request (a command line in words) ->
//   node    admin_reply, part 1, part 2, ... and one that ends it <-
//   shell   admin_cancel, at any time ->
//
// A request whose link is gone is cancelled. Documents are JSON, for people the shell makes tables of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace argentum {

/// Where a command comes from decides what it may do: see admin's config.
struct admin_request {
  std::uint64_t id = 0; ///< of the asker, one for each request of a link
  /// "@node" or "@all" in front aims it at others. At most limits::admin_words_max of limits::admin_word_bytes_max.
  std::vector<std::string> words;
  bool confirmed = false; ///< the operator has been asked, or has said --yes
  friend bool operator==(const admin_request&, const admin_request&) = default;
};

/// The request is to end: its answer is of no use any more.
struct admin_cancel {
  std::uint64_t id = 0;
  friend bool operator==(const admin_cancel&, const admin_cancel&) = default;
};

enum class admin_part : std::uint8_t {
  document = 1, ///< more follows
  done = 2,     ///< the end; no document
  failed = 3,   ///< the end; `document` is a text for people
  confirm = 4,  ///< the end: `document` says what it would do; ask, and send it again `confirmed`
};

struct admin_reply {
  std::uint64_t id = 0;
  admin_part part = admin_part::done;
  std::string node;     ///< who answers; of "@all" each answers for itself, and `done` without a node is the end
  std::string document; ///< at most limits::admin_document_bytes_max
  friend bool operator==(const admin_reply&, const admin_reply&) = default;
};

} // namespace argentum
