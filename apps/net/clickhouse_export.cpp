// SPDX-License-Identifier: Apache-2.0
#include "apps/net/clickhouse_export.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include <future>
#include <iterator>

namespace argentum::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// Of an answer of the server, what a log line takes.
constexpr std::size_t answer_shown = 300;

/// As ClickHouse reads tab-separated strings; all other bytes stay.
void append_escaped(std::string& out, std::string_view text) {
  for (char each : text) {
    switch (each) {
    case '\t': out += "\\t"; break;
    case '\n': out += "\\n"; break;
    case '\\': out += "\\\\"; break;
    case '\0': out += "\\0"; break;
    default: out += each;
    }
  }
}

} // namespace

clickhouse_export::clickhouse_export(clickhouse_config config, asio::io_context& loop)
    : config_(std::move(config)), loop_(loop), resolver_(loop) {}

void clickhouse_export::send(actors::sample_rows rows, reply_to<std::size_t> reply) {
  asio::post(loop_, [self = shared_from_this(), rows = std::move(rows), reply = std::move(reply)]() mutable {
    if (self->stopped_) return; // the reply says so
    self->reply_ = std::move(reply);
    asio::co_spawn(self->loop_, self->run(std::move(rows)), asio::detached);
  });
}

void clickhouse_export::stop() {
  std::promise<void> done;
  asio::post(loop_, [self = shared_from_this(), &done] {
    self->stopped_ = true;
    self->reply_.reset();
    self->resolver_.cancel();
    if (self->stream_) self->stream_->close();
    done.set_value();
  });
  done.get_future().wait();
}

void clickhouse_export::answer(caf::expected<std::size_t> what) {
  if (reply_) std::exchange(reply_, std::nullopt)->deliver(std::move(what));
}

asio::awaitable<void> clickhouse_export::run(actors::sample_rows rows) {
  auto self = shared_from_this();
  auto failed = co_await store(rows);
  if (failed.empty()) co_return answer(rows->size());
  created_ = false; // somebody may have dropped it
  answer(make_error(errc::unavailable,
                    fmt::format("ClickHouse at {}:{}: {}", config_.server.host, config_.server.port, failed)));
}

asio::awaitable<clickhouse_export::failure> clickhouse_export::store(const actors::sample_rows& rows) {
  if (!created_) {
    if (auto failed = co_await post(create_statement()); !failed.empty()) co_return failed;
    created_ = true;
  }
  co_return co_await post(insert_statement(*rows));
}

asio::awaitable<clickhouse_export::failure> clickhouse_export::post(std::string statement) {
  auto [unresolved, found] =
      co_await resolver_.async_resolve(config_.server.host, std::to_string(config_.server.port), as_result);
  if (unresolved) co_return unresolved.message();
  if (stopped_) co_return "stopped";
  auto& stream = stream_.emplace(loop_);
  stream.expires_after(config_.timeout);
  if (auto [failed, at] = co_await stream.async_connect(found, as_result); failed) co_return failed.message();
  http::request<http::string_body> request{http::verb::post, "/", 11, std::move(statement)};
  request.set(http::field::host, config_.server.host);
  request.set("X-ClickHouse-User", config_.user);
  if (!config_.password.empty()) request.set("X-ClickHouse-Key", config_.password);
  request.keep_alive(false);
  request.prepare_payload();
  if (auto [failed, bytes] = co_await http::async_write(stream, request, as_result); failed)
    co_return failed.message();
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(limits::export_answer_bytes_max);
  if (auto [failed, bytes] = co_await http::async_read(stream, buffer, parser, as_result); failed)
    co_return failed.message();
  stream.close();
  const auto& response = parser.get();
  co_return response.result() == http::status::ok ? failure{} : refused(response.result_int(), response.body());
}

/// Its texts may quote rows.
clickhouse_export::failure clickhouse_export::refused(unsigned status, const std::string& text) const {
  auto shown = text.substr(0, std::min(text.find_first_of(config_.clear_keys ? ",.\r\n" : "\r\n"), answer_shown));
  return fmt::format("HTTP {}: {}", status, shown);
}

std::string clickhouse_export::create_statement() const {
  return fmt::format("CREATE TABLE IF NOT EXISTS `{}`.`{}` (at DateTime, at_us UInt64, node String, "
                     "instance String, hash UInt64, key String, bytes UInt32, reads UInt32, one_key_in UInt32) "
                     "ENGINE = MergeTree PARTITION BY toDate(at) ORDER BY (instance, node, at_us)",
                     config_.database, config_.table);
}

std::string clickhouse_export::insert_statement(const std::vector<timed_sample>& rows) const {
  auto text = fmt::format("INSERT INTO `{}`.`{}` (at, at_us, node, instance, hash, key, bytes, reads, one_key_in) "
                          "FORMAT TabSeparated\n",
                          config_.database, config_.table);
  auto out = std::back_inserter(text);
  std::int64_t order = 0; // rows of one moment keep their order
  for (const auto& [at, sample] : rows) {
    auto us = at.time_since_epoch().count() + order++;
    fmt::format_to(out, "{}\t{}\t{}\t{}\t{}\t", us / 1'000'000, us, config_.node,
                   config_.instances[sample.instance], sample.hash);
    append_escaped(text, sample.key);
    fmt::format_to(out, "\t{}\t{}\t{}\n", sample.bytes, sample.reads, config_.one_key_in);
  }
  return text;
}

} // namespace argentum::net
