// SPDX-License-Identifier: Apache-2.0
#include "apps/net/srv_resolver.hpp"

#include "apps/net/ares_channel.hpp"
#include "messages/oracle_limits.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <arpa/nameser.h>
#include <deque>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

namespace argentum::net {

namespace {

constexpr auto no_ttl = std::chrono::seconds::max();

struct question;

/// The questions of one resolver, in the loop's thread: some are under way, the others wait.
struct question_line {
  std::shared_ptr<ares_channel> channel;
  std::deque<std::shared_ptr<question>> waiting;
  std::size_t under_way = 0;
};

/// One of them: c-ares answers it in the loop's thread, or when the channel ends.
struct question {
  std::weak_ptr<question_line> line;
  std::function<void(srv_answer)> then;
  srv_answer answer;
  struct target {
    std::uint16_t port, priority, weight;
  };
  std::multimap<std::string, target> targets; ///< by host
  std::size_t unresolved = 0;                 ///< hosts
  std::string failure;                        ///< of one of them
};

/// What c-ares carries through a query.
struct host_lookup {
  std::shared_ptr<question> of;
  std::string host;
};

void start_some(question_line& line);

void finish(question& q, question_line& line, std::string problem = {}) {
  q.answer.problem = std::move(problem);
  if (q.answer.ttl == no_ttl) q.answer.ttl = {};
  q.then(std::move(q.answer));
  --line.under_way;
  start_some(line);
}

std::string endpoint(const sockaddr& address, std::uint16_t port) {
  if (address.sa_family == AF_INET6) {
    boost::asio::ip::address_v6::bytes_type bytes;
    const auto& from = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    std::copy_n(from.s6_addr, bytes.size(), bytes.begin());
    return fmt::format("[{}]:{}", boost::asio::ip::address_v6{bytes}.to_string(), port);
  }
  auto bits = ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr);
  return fmt::format("{}:{}", boost::asio::ip::address_v4{bits}.to_string(), port);
}

void keep_least(std::chrono::seconds& ttl, std::int64_t seconds) {
  ttl = std::min(ttl, std::chrono::seconds{std::max<std::int64_t>(seconds, 0)});
}

void on_addresses(void* arg, int status, int, ares_addrinfo* found) {
  std::unique_ptr<host_lookup> lookup{static_cast<host_lookup*>(arg)};
  std::unique_ptr<ares_addrinfo, void (*)(ares_addrinfo*)> owned{found, ares_freeaddrinfo};
  auto& q = *lookup->of;
  auto line = q.line.lock();
  if (!line) return;
  if (status != ARES_SUCCESS) q.failure = fmt::format("{}: {}", lookup->host, ares_strerror(status));
  auto [begin, end] = q.targets.equal_range(lookup->host);
  for (auto* node = found == nullptr ? nullptr : found->nodes; node != nullptr; node = node->ai_next) {
    keep_least(q.answer.ttl, node->ai_ttl);
    for (auto at = begin; at != end; ++at)
      q.answer.records.push_back(
          {endpoint(*node->ai_addr, at->second.port), at->second.priority, at->second.weight});
  }
  if (--q.unresolved != 0) return;
  std::sort(q.answer.records.begin(), q.answer.records.end(), [](const auto& a, const auto& b) {
    return std::tie(a.priority, a.address) < std::tie(b.priority, b.address);
  });
  if (q.answer.records.size() > limits::dns_records_max) q.answer.records.resize(limits::dns_records_max);
  finish(q, *line, q.answer.records.empty() ? q.failure : std::string{});
}

/// c-ares tells no times to live of SRV records: the least of all records in the answer.
std::chrono::seconds ttl_of(const unsigned char* bytes, int size) {
  auto least = no_ttl;
  ns_msg message;
  if (ns_initparse(bytes, size, &message) != 0) return least;
  ns_rr record;
  for (int i = 0; i < ns_msg_count(message, ns_s_an) && ns_parserr(&message, ns_s_an, i, &record) == 0; ++i)
    keep_least(least, ns_rr_ttl(record));
  return least;
}

void resolve_targets(const std::shared_ptr<question>& q, ares_channel& channel) {
  std::vector<std::string> hosts;
  for (const auto& [host, target] : q->targets)
    if (hosts.empty() || hosts.back() != host) hosts.push_back(host);
  q->unresolved = hosts.size();
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_flags = ARES_AI_NOSORT;
  for (const auto& host : hosts)
    ares_getaddrinfo(channel.get(), host.c_str(), nullptr, &hints, on_addresses, new host_lookup{q, host});
}

void on_records(void* arg, int status, int, unsigned char* bytes, int size) {
  std::unique_ptr<std::shared_ptr<question>> owned{static_cast<std::shared_ptr<question>*>(arg)};
  auto& q = **owned;
  auto line = q.line.lock();
  if (!line) return;
  if (status == ARES_ENOTFOUND || status == ARES_ENODATA) return finish(q, *line);
  ares_srv_reply* found = nullptr;
  if (status == ARES_SUCCESS) status = ares_parse_srv_reply(bytes, size, &found);
  if (status != ARES_SUCCESS) return finish(q, *line, ares_strerror(status));
  q.answer.ttl = ttl_of(bytes, size);
  for (auto* each = found; each != nullptr && q.targets.size() < limits::dns_records_max; each = each->next) {
    std::string host{each->host};
    if (host.empty() || host == ".") continue; // "decidedly not available at this domain"
    q.targets.insert({std::move(host), {each->port, each->priority, each->weight}});
  }
  ares_free_data(found);
  if (q.targets.empty()) return finish(q, *line);
  resolve_targets(*owned, *line->channel);
}

void start_some(question_line& line) {
  while (line.under_way < limits::dns_questions_max && !line.waiting.empty()) {
    auto next = std::move(line.waiting.front());
    line.waiting.pop_front();
    ++line.under_way;
    const auto* name = next->answer.name.c_str();
    ares_query(line.channel->get(), name, ns_c_in, ns_t_srv, on_records, new std::shared_ptr<question>{next});
  }
}

} // namespace

caf::expected<srv_resolver> make_srv_resolver(boost::asio::io_context& loop,
                                              const std::vector<std::string>& servers) {
  auto channel = ares_channel::make(loop, servers);
  if (!channel) return channel.error();
  auto line = std::make_shared<question_line>();
  line->channel = *channel;
  return srv_resolver{[line](std::string name, std::function<void(srv_answer)> then) {
    boost::asio::post(line->channel->loop(), [line, name = std::move(name), then = std::move(then)]() mutable {
      auto q = std::make_shared<question>();
      q->line = line;
      q->then = std::move(then);
      q->answer.name = std::move(name);
      q->answer.ttl = no_ttl;
      line->waiting.push_back(std::move(q));
      start_some(*line);
      line->channel->arm();
    });
  }};
}

} // namespace argentum::net
