// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/tree_drawing.hpp"

#include "apps/sim/report/svg_plot.hpp"
#include "apps/sim/report/tree_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace argentum::sim {

namespace {

/// More slots than this stand in rings.
constexpr double row_slots_max = 26;
/// More shapes than this have no room for text.
constexpr std::size_t labels_max = 90;
/// More nodes than this that are no leaves have none either.
constexpr long inner_labels_max = 48;
/// Less room than this for each shape, and its name goes downwards.
constexpr double level_room_min = 75;
constexpr double width = 960;

struct point {
  double x = 0;
  double y = 0;
  double angle = 0; ///< degrees, of the text; 0 is to the right
};

/// Turns slots and depths into places on the page.
class projection {
 public:
  explicit projection(const tree_layout& tree) : tree_(tree), rings_(tree.slots > row_slots_max) {}

  bool rings() const { return rings_; }
  double height() const { return rings_ ? width : 80 + 110 * depth() + (room() > level_room_min ? 0 : 90); }
  /// Between two shapes side by side.
  double room() const {
    return rings_ ? 2 * std::numbers::pi * radius / std::max(tree_.slots, 1.0)
                  : (width - 80) / std::max(tree_.slots, 1.0);
  }
  point operator()(const tree_shape& shape) const {
    if (!rings_) return {40 + (shape.slot + 0.5) * room(), 40 + 110 * static_cast<double>(shape.depth), 90};
    double angle = 2 * std::numbers::pi * shape.slot / tree_.slots;
    double away = radius * std::pow(static_cast<double>(shape.depth) / depth(), 0.8);
    return {width / 2 + away * std::cos(angle), width / 2 + away * std::sin(angle), angle * 180 / std::numbers::pi};
  }

 private:
  static constexpr double radius = 400;
  double depth() const { return static_cast<double>(std::max<std::size_t>(tree_.depth, 1)); }

  const tree_layout& tree_;
  bool rings_;
};

double size_of(const tree_shape& shape, double room) {
  if (shape.kind == tree_kind::root) return 13;
  if (shape.kind == tree_kind::intermediate) return 8;
  auto most = std::clamp(room * 0.45, 2.0, 8.0);
  return std::min(most * std::sqrt(static_cast<double>(shape.count)), std::max(most, 14.0));
}

std::string outline(tree_kind kind, point at, double r) {
  switch (kind) {
  case tree_kind::root:
    return fmt::format("M{:.1f} {:.1f}l{r:.0f} {r:.0f} -{r:.0f} {r:.0f} -{r:.0f} -{r:.0f}z", at.x, at.y - r,
                       fmt::arg("r", r));
  case tree_kind::intermediate:
    return fmt::format("M{:.1f} {:.1f}h{d}v{d}h-{d}z", at.x - r, at.y - r, fmt::arg("d", 2 * r));
  case tree_kind::replica:
    return fmt::format("M{:.1f} {:.1f}a{r:.1f} {r:.1f} 0 1 0 {d:.1f} 0a{r:.1f} {r:.1f} 0 1 0 -{d:.1f} 0z", at.x - r,
                       at.y, fmt::arg("r", r), fmt::arg("d", 2 * r));
  case tree_kind::proxy:
    return fmt::format("M{:.1f} {:.1f}l{r:.1f} {d:.1f}h-{d:.1f}z", at.x, at.y - r, fmt::arg("r", r),
                       fmt::arg("d", 2 * r));
  }
  return {};
}

/// Beside a shape that has followers, else away from the tree.
std::string label(const tree_shape& shape, point at, double size, const projection& place) {
  auto text = escape(shape.label);
  bool beside = shape.depth == 0 || (!place.rings() && shape.has_followers);
  if (beside) return fmt::format("<text x='{:.1f}' y='{:.1f}'>{}</text>", at.x + size + 5, at.y - 3, text);
  if (!place.rings() && place.room() > level_room_min)
    return fmt::format("<text text-anchor='middle' x='{:.1f}' y='{:.1f}'>{}</text>", at.x, at.y + size + 16, text);
  bool left = place.rings() && at.angle > 90 && at.angle < 270;
  return fmt::format("<text text-anchor='{}' transform='translate({:.1f} {:.1f})rotate({:.0f})translate({:.1f} 4)'>"
                     "{}</text>",
                     left ? "end" : "start", at.x, at.y, left ? at.angle - 180 : at.angle,
                     left ? -size - 5 : size + 5, text);
}

} // namespace

std::string draw_tree(const std::vector<node_row>& nodes) {
  tree_layout tree{nodes};
  projection place{tree};
  auto inner = std::count_if(tree.shapes.begin(), tree.shapes.end(),
                             [](const auto& shape) { return shape.kind < tree_kind::replica; });
  std::string edges;
  std::string shapes;
  std::string labels;
  for (const auto& shape : tree.shapes) {
    auto at = place(shape);
    double size = size_of(shape, place.room());
    if (shape.parent != tree_shape::nobody) {
      auto up = place(tree.shapes[shape.parent]);
      edges += fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f}", up.x, up.y, at.x, at.y);
    }
    shapes += fmt::format("<path class='{}{}' d='{}'><title>{}</title></path>", to_string(shape.kind),
                          shape.down > 0 ? " down" : "", outline(shape.kind, at, size), escape(shape.title));
    if (tree.shapes.size() <= labels_max || (shape.kind < tree_kind::replica && inner <= inner_labels_max))
      labels += label(shape, at, size, place);
  }
  return fmt::format("<svg class='tree' viewBox='0 0 {} {:.0f}' role='img'><path class='edge' d='{}'/>{}{}</svg>",
                     width, place.height(), edges, shapes, labels);
}

} // namespace argentum::sim
