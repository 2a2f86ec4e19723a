// SPDX-License-Identifier: Apache-2.0
// The frame of a report's page, and the pieces that it is made of. Text that is given as such is escaped here;
// `html` is put in as it is.
#pragma once

#include <string>
#include <vector>

namespace argentum::sim {

struct table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// What a plot shows, and the numbers behind it.
struct figure {
  std::string title;
  std::string note; ///< how it was measured
  std::string html; ///< legend and drawing
  std::vector<table> numbers;
  bool wide = false;
};

std::string draw(const figure& what);
std::string draw(const table& what);
/// Well-formed as HTML and as XML.
std::string page(const std::string& title, const std::string& html);

} // namespace argentum::sim
