// SPDX-License-Identifier: Apache-2.0
#include "apps/net/http_session.hpp"

#include "apps/net/oracle_text.hpp"
#include "apps/net/working_set_text.hpp"

#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

namespace argentum::net {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

http_answer readiness(const node_picture& node) {
  std::string missing;
  auto now = std::chrono::steady_clock::now();
  for (const auto& each : node.instances)
    if (auto status = status_of(each, now); !status.not_ready.empty())
      missing += status.name + ": " + status.not_ready + "\n";
  if (missing.empty()) return {200, "text/plain; charset=utf-8", "ready\n"};
  return {503, "text/plain; charset=utf-8", std::move(missing)};
}

http_answer oracle(const node_picture& node) {
  auto known = node.oracle ? node.oracle->load() : nullptr;
  if (!known) return {404, "text/plain; charset=utf-8", "this node is no member of the oracle, or not yet\n"};
  return {200, "application/json", oracle_text(*known)};
}

http_answer working_set(const node_picture& node) {
  auto text = working_set_text(node);
  if (text.empty())
    return {404, "text/plain; charset=utf-8", "reads are not sampled: see [working_set] one_key_in\n"};
  return {200, "application/json", std::move(text)};
}

} // namespace

http_answer answer(const node_picture& node, std::string_view target) {
  auto path = target.substr(0, target.find('?'));
  if (path == "/healthz") return {200, "text/plain; charset=utf-8", "alive\n"};
  if (path == "/readyz") return readiness(node);
  if (path == "/metrics") return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(node)};
  if (path == "/status.json") return {200, "application/json", status_text(node)};
  if (path == "/oracle.json") return oracle(node);
  if (path == "/working_set.json") return working_set(node);
  return {404, "text/plain; charset=utf-8",
          "try /healthz, /readyz, /metrics, /status.json, /oracle.json or /working_set.json\n"};
}

http_session::http_session(boost::asio::ip::tcp::socket socket,
                           std::function<http_answer(std::string_view)> handler, std::function<void()> on_closed)
    : stream_(std::move(socket)),
      handler_(std::move(handler)),
      on_closed_(std::move(on_closed)),
      buffer_(2 * limits::http_header_bytes_max) {}

void http_session::close() {
  stream_.close();
}

void http_session::read() {
  parser_.emplace();
  parser_->header_limit(limits::http_header_bytes_max);
  parser_->body_limit(0);
  stream_.expires_after(limits::http_timeout);
  http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code error, std::size_t) {
    if (!error) self->respond();
  });
}

void http_session::respond() {
  const auto& request = parser_->get();
  bool head = request.method() == http::verb::head;
  http_answer found{405, "text/plain; charset=utf-8", "only GET and HEAD\n"};
  if (head || request.method() == http::verb::get)
    found = handler_(std::string_view{request.target().data(), request.target().size()});
  response_ = {static_cast<http::status>(found.status), request.version()};
  response_.set(http::field::content_type, found.content_type);
  response_.set(http::field::cache_control, "no-store");
  response_.keep_alive(request.keep_alive());
  if (!head) response_.body() = std::move(found.body);
  response_.prepare_payload();
  if (head) response_.content_length(found.body.size());
  stream_.expires_after(limits::http_timeout);
  http::async_write(stream_, response_, [self = shared_from_this()](beast::error_code error, std::size_t) {
    if (!error && self->response_.keep_alive()) self->read();
  });
}

} // namespace argentum::net
