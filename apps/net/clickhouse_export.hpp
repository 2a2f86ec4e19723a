// SPDX-License-Identifier: Apache-2.0
// Stores sampled reads in a ClickHouse table by its HTTP interface: a connection and an INSERT for each batch, and
// CREATE TABLE IF NOT EXISTS before the first one and after each failure. One batch at a time: whoever gives it the
// next one has waited for the answer. The password goes into a header and nowhere else.
#pragma once

#include "actors/working_set/sample_exporter.hpp"
#include "apps/net/address.hpp"
#include "messages/sampling_limits.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace argentum::net {

struct clickhouse_config {
  address server;
  std::string database; ///< it and the table are plain names: letters, digits, _
  std::string table;
  std::string user;
  std::string password;
  std::string node;                   ///< stands in each row
  std::vector<std::string> instances; ///< names, by the numbers in the samples
  std::uint64_t one_key_in = 1;
  bool clear_keys = false;
  std::chrono::milliseconds timeout = limits::export_timeout;
};

class clickhouse_export : public std::enable_shared_from_this<clickhouse_export> {
 public:
  /// Works on the loop, which outlives it.
  clickhouse_export(clickhouse_config config, boost::asio::io_context& loop);

  /// From any thread. The answer is the number of rows, or errc::unavailable with what the network or the server
  /// said, without keys.
  void send(actors::sample_rows rows, reply_to<std::size_t> reply);
  /// What is under way is answered with an error, and all that comes later. Returns when that is done. Not from an
  /// event loop.
  void stop();

 private:
  using failure = std::string; ///< for people; empty: it worked

  boost::asio::awaitable<void> run(actors::sample_rows rows);
  boost::asio::awaitable<failure> store(const actors::sample_rows& rows);
  boost::asio::awaitable<failure> post(std::string statement);
  void answer(caf::expected<std::size_t> what);
  std::string create_statement() const;
  std::string insert_statement(const std::vector<timed_sample>& rows) const;
  failure refused(unsigned status, const std::string& text) const;

  const clickhouse_config config_;
  boost::asio::io_context& loop_;
  boost::asio::ip::tcp::resolver resolver_;
  std::optional<boost::beast::tcp_stream> stream_; ///< while a statement is under way
  std::optional<reply_to<std::size_t>> reply_;     ///< of the batch under way
  bool created_ = false;
  bool stopped_ = false;
};

} // namespace argentum::net
