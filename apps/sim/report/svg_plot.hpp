// SPDX-License-Identifier: Apache-2.0
// Two kinds of plots as inline SVG, in the colours c0, c1, ... of the page's style. A plot is drawn 480 units wide
// and scales with its place on the page.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace argentum::sim {

/// For XML text and attributes. Bytes that are no UTF-8 and characters that XML does not allow are replaced.
std::string escape(std::string_view text);

struct plot_line {
  std::string name;
  std::vector<std::pair<double, double>> points; ///< in order of x
};
struct plot_mark {
  double x = 0;
  std::string text; ///< shown when pointed at
};
struct line_plot {
  std::string x_label;
  std::string y_label;
  double x_max = 0; ///< x begins at 0
  std::vector<plot_line> lines;
  std::vector<plot_mark> marks;
};
std::string draw(const line_plot& plot);

struct bar {
  double value = 0;
  std::string text; ///< at its end
};
struct bar_row {
  std::string name;
  std::vector<bar> bars; ///< one for each of the series
};
/// Bars from left to right, all on one scale.
std::string draw(const std::vector<bar_row>& rows);

/// The names of a plot's colours, as HTML.
std::string legend(const std::vector<std::string>& names);

} // namespace argentum::sim
