// SPDX-License-Identifier: Apache-2.0
#include "apps/net/resp_commands/command_docs.hpp"

#include <algorithm>
#include <iterator>

namespace argentum::net {

namespace {

/// In order of name.
constexpr command_doc docs[] = {
    {"append", "string", "2.0.0", "Append a value to a key"},
    {"auth", "connection", "1.0.0", "Authenticate to the server"},
    {"client", "connection", "2.4.0", "What this connection and the others are"},
    {"command", "server", "2.8.13", "What this server can do"},
    {"config", "server", "2.0.0", "Read the settings that tools ask for"},
    {"dbsize", "server", "1.0.0", "Return the number of keys of the instance"},
    {"decr", "string", "1.0.0", "Decrement the integer value of a key by one"},
    {"decrby", "string", "1.0.0", "Decrement the integer value of a key by the given number"},
    {"del", "generic", "1.0.0", "Delete keys"},
    {"digest", "argentum", "0.1.0", "Digest of all keys and values: equal on nodes that are equal"},
    {"discard", "transactions", "2.0.0", "Forget the commands queued since MULTI"},
    {"echo", "connection", "1.0.0", "Return the given text"},
    {"exec", "transactions", "1.2.0", "Run the commands queued since MULTI, as one entry"},
    {"exists", "generic", "1.0.0", "How many of the keys exist"},
    {"flushall", "server", "1.0.0", "Remove all keys of all instances"},
    {"flushdb", "server", "1.0.0", "Remove all keys of the instance"},
    {"get", "string", "1.0.0", "Get the value of a key"},
    {"getat", "argentum", "0.1.0", "Get the value that a key had at an index"},
    {"getdel", "string", "6.2.0", "Get the value of a key and delete it"},
    {"getrange", "string", "2.4.0", "Get a part of the value of a key"},
    {"getset", "string", "1.0.0", "Set the value of a key and return its old value"},
    {"hello", "connection", "6.0.0", "Handshake: protocol version and name"},
    {"incr", "string", "1.0.0", "Increment the integer value of a key by one"},
    {"incrby", "string", "1.0.0", "Increment the integer value of a key by the given number"},
    {"incrbyfloat", "string", "2.6.0", "Increment the value of a key by the given number with a fraction"},
    {"index", "argentum", "0.1.0", "Index of the last write on this connection, else of the node"},
    {"info", "server", "1.0.0", "State and statistics of this node"},
    {"instance", "argentum", "0.1.0", "Change the role of an instance"},
    {"memory", "server", "4.0.0", "Bytes of a key"},
    {"mget", "string", "1.0.0", "Get the values of the keys as of one index"},
    {"mset", "string", "1.0.1", "Set keys to values, as one entry"},
    {"msetnx", "string", "1.0.1", "Set keys to values if none of the keys exists"},
    {"multi", "transactions", "1.2.0", "Start to queue commands for EXEC"},
    {"object", "generic", "2.2.3", "How Redis would keep a value"},
    {"ping", "connection", "1.0.0", "Ask whether the server is there"},
    {"quit", "connection", "1.0.0", "Close the connection"},
    {"randomkey", "generic", "1.0.0", "Return some key"},
    {"range", "argentum", "0.1.0", "Pairs from a key to before another, in order, as of one index"},
    {"reset", "connection", "6.2.0", "Bring the connection to its first state"},
    {"role", "server", "2.8.12", "Place of the instance in the tree"},
    {"scan", "generic", "2.8.0", "Walk over the keys"},
    {"select", "connection", "1.0.0", "Choose the instance by number or name"},
    {"set", "string", "1.0.0", "Set the value of a key"},
    {"setnx", "string", "1.0.0", "Set the value of a key if it does not exist"},
    {"setrange", "string", "2.2.0", "Overwrite a part of the value of a key"},
    {"shutdown", "server", "1.0.0", "Stop the node"},
    {"status", "argentum", "0.1.0", "State of the node as JSON"},
    {"strlen", "string", "2.2.0", "Get the length of the value of a key"},
    {"substr", "string", "1.0.0", "Get a part of the value of a key"},
    {"time", "server", "2.6.0", "Return the clock of this node"},
    {"touch", "generic", "3.2.1", "How many of the keys exist"},
    {"type", "generic", "1.0.0", "Type of the value of a key"},
    {"unlink", "generic", "4.0.0", "Delete keys"},
    {"unwatch", "transactions", "2.2.0", "Forget all watched keys"},
    {"wait", "generic", "3.0.0", "Wait until so many downstreams keep the last write on disk"},
    {"waitindex", "argentum", "0.1.0", "Wait until this node has reached an index"},
    {"watch", "transactions", "2.2.0", "Let EXEC run only if the keys stay as they are"},
};

} // namespace

const command_doc* doc_of(std::string_view name) noexcept {
  const auto* found = std::lower_bound(std::begin(docs), std::end(docs), name,
                                       [](const auto& doc, auto n) { return doc.name < n; });
  return found != std::end(docs) && found->name == name ? found : nullptr;
}

} // namespace argentum::net
