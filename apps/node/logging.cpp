// SPDX-License-Identifier: Apache-2.0
#include "apps/node/logging.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace argentum::app {

namespace {

constexpr auto time_pattern = "%Y-%m-%dT%H:%M:%S.%eZ";

/// spdlog's patterns cannot escape a message, so JSON needs a formatter of its own.
class json_formatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    spdlog::memory_buf_t time;
    time_.format(message, time);
    auto level = spdlog::level::to_string_view(message.level);
    auto line = json_log_line({time.data(), time.size()}, {level.data(), level.size()},
                              {message.payload.data(), message.payload.size()});
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<json_formatter>(); }

 private:
  spdlog::pattern_formatter time_{time_pattern, spdlog::pattern_time_type::utc, ""};
};

} // namespace

std::string json_log_line(std::string_view time, std::string_view level, std::string_view text) {
  nlohmann::ordered_json line{{"time", time}, {"level", level}, {"text", text}};
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void set_up_logging(const log_settings& how) {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  if (how.format == log_format::json)
    sink->set_formatter(std::make_unique<json_formatter>());
  else
    sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(std::string{time_pattern} + " %l %v",
                                                                    spdlog::pattern_time_type::utc));
  auto logger = std::make_shared<spdlog::logger>("argentum", std::move(sink));
  logger->set_level(spdlog::level::from_str(how.level));
  spdlog::set_default_logger(std::move(logger));
}

} // namespace argentum::app
