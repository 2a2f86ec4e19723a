// SPDX-License-Identifier: Apache-2.0
// One HTTP connection: requests in turn, each within limits::http_timeout; and what the paths answer.
#pragma once

#include "apps/net/node_status.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace argentum::net {

struct http_answer {
  unsigned status = 200;
  const char* content_type = "text/plain; charset=utf-8";
  std::string body;
};

/// The answer to GET `target` (a query behind '?' is ignored).
http_answer answer(const node_picture& node, std::string_view target);

class http_session : public std::enable_shared_from_this<http_session> {
 public:
  http_session(boost::asio::ip::tcp::socket socket, std::function<http_answer(std::string_view)> handler,
               std::function<void()> on_closed);
  ~http_session() { on_closed_(); }

  // On the connection's loop.
  void start() { read(); }
  void close();

 private:
  void read();
  void respond();

  boost::beast::tcp_stream stream_;
  std::function<http_answer(std::string_view)> handler_;
  std::function<void()> on_closed_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::empty_body>> parser_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
};

} // namespace argentum::net
