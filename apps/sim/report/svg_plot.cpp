// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/svg_plot.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace argentum::sim {

namespace {

constexpr double width = 480;
constexpr std::size_t colours = 8;

/// 1, 2 or 5 times a power of ten, so that about four steps reach `most`.
double tick_step(double most) {
  double rough = most / 4;
  double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (double times : {1.0, 2.0, 5.0})
    if (times * power >= rough) return times * power;
  return 10 * power;
}

std::string tick_text(double value) {
  for (auto [unit, name] : {std::pair{1e9, "G"}, std::pair{1e6, "M"}, std::pair{1e3, "k"}})
    if (value >= unit) return fmt::format("{:.3g}{}", value / unit, name);
  return fmt::format("{:.3g}", value);
}

/// The inner area of a line plot.
struct frame {
  double left = 50, right = width - 12, top = 32, bottom = 200;
  double x_max = 1, y_max = 1;
  double x(double value) const { return left + (right - left) * value / x_max; }
  double y(double value) const { return bottom - (bottom - top) * value / y_max; }
};

void draw_axes(std::string& out, const frame& area, const line_plot& plot) {
  double step = tick_step(area.y_max);
  for (double at = 0; at <= area.y_max * 1.001; at += step)
    out += fmt::format("<path class='grid' d='M{:.1f} {:.1f}H{:.1f}'/><text x='{:.1f}' y='{:.1f}' "
                       "text-anchor='end'>{}</text>",
                       area.left, area.y(at), area.right, area.left - 6, area.y(at) + 4, tick_text(at));
  step = tick_step(area.x_max);
  for (double at = 0; at <= area.x_max * 1.001; at += step)
    out += fmt::format("<path class='grid' d='M{:.1f} {:.1f}v5'/><text x='{:.1f}' y='{:.1f}' "
                       "text-anchor='middle'>{}</text>",
                       area.x(at), area.bottom, area.x(at), area.bottom + 18, tick_text(at));
  out += fmt::format("<text x='{:.1f}' y='{:.1f}' text-anchor='end'>{}</text><text x='0' y='10'>{}</text>",
                     area.right, area.bottom + 34, escape(plot.x_label), escape(plot.y_label));
}

} // namespace

std::string escape(std::string_view text) {
  using nlohmann::json; // which knows what UTF-8 is
  auto valid = json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
  std::string out;
  for (char c : valid) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t')
      out += "\xef\xbf\xbd";
    else
      out += c;
  }
  return out;
}

std::string draw(const line_plot& plot) {
  frame area;
  area.x_max = std::max(plot.x_max, 1e-9);
  double most = 0;
  for (const auto& line : plot.lines)
    for (const auto& [x, y] : line.points) most = std::max(most, y);
  area.y_max = most > 0 ? std::ceil(most / tick_step(most) - 1e-9) * tick_step(most) : 1;
  auto out = fmt::format("<svg viewBox='0 0 {} 238' role='img'>", width);
  draw_axes(out, area, plot);
  for (const auto& each : plot.marks)
    out += fmt::format("<path class='mark' d='M{:.1f} {}v8'><title>{}</title></path>", area.x(each.x),
                       area.top - 11, escape(each.text));
  for (std::size_t n = 0; n < plot.lines.size(); ++n) {
    if (plot.lines[n].points.empty()) continue;
    std::string path;
    for (const auto& [x, y] : plot.lines[n].points)
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? 'M' : 'L', area.x(x), area.y(y));
    out += fmt::format("<path class='line c{}' d='{}'><title>{}</title></path>", n % colours, path,
                       escape(plot.lines[n].name));
  }
  return out + "</svg>";
}

std::string draw(const std::vector<bar_row>& rows) {
  constexpr double text_room = 165, name_height = 20, bar_height = 13, gap = 3;
  double most = 0;
  double height = 0;
  for (const auto& row : rows) {
    height += name_height + static_cast<double>(row.bars.size()) * (bar_height + gap) + gap;
    for (const auto& each : row.bars) most = std::max(most, each.value);
  }
  auto out = fmt::format("<svg viewBox='0 0 {} {}' role='img'>", width, height);
  double y = 0;
  for (const auto& row : rows) {
    out += fmt::format("<text class='name' x='0' y='{}'>{}</text>", y + 14, escape(row.name));
    y += name_height;
    for (std::size_t n = 0; n < row.bars.size(); ++n, y += bar_height + gap) {
      double length = most > 0 ? (width - text_room) * row.bars[n].value / most : 0;
      out += fmt::format("<rect class='c{}' x='0' y='{}' width='{:.1f}' height='{}'/><text x='{:.1f}' "
                         "y='{}'>{}</text>",
                         n % colours, y, std::max(length, 1.0), bar_height, length + 6, y + 11,
                         escape(row.bars[n].text));
    }
    y += gap;
  }
  return out + "</svg>";
}

std::string legend(const std::vector<std::string>& names) {
  std::string out = "<p class='legend'>";
  for (std::size_t n = 0; n < names.size(); ++n)
    out += fmt::format("<span><i class='key c{}'></i>{}</span> ", n % colours, escape(names[n]));
  return out + "</p>";
}

} // namespace argentum::sim
