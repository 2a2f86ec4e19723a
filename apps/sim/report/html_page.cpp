// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/html_page.hpp"

#include "apps/sim/report/svg_plot.hpp"

#include <fmt/format.h>

namespace argentum::sim {

namespace {

constexpr const char* style = R"(
:root { --ink: #1c2733; --soft: #5d6b7a; --rule: #dfe5ec; --paper: #fff; }
* { box-sizing: border-box; }
body { margin: 0; background: #f4f6f9; color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { margin: 0; font-size: 26px; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 0; font-size: 16px; }
p { margin: 4px 0; }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
.soft, figcaption p { color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
.result { display: inline-block; margin-left: 10px; padding: 2px 10px; border-radius: 12px; color: #fff;
  font-size: 14px; vertical-align: 4px; background: #1a7f4b; }
.result.broken { background: #b3261e; }
.broken-box { margin-top: 12px; padding: 10px 14px; border-left: 4px solid #b3261e; background: #fdecea;
  overflow-wrap: anywhere; }
.tiles, .figures { display: grid; gap: 14px; margin-top: 18px; }
.tiles { grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); }
.figures { grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); }
.tile, figure { background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; }
.tile { padding: 10px 14px; }
.tile b { display: block; font-size: 21px; font-weight: 600; line-height: 1.3; }
.tile span { color: var(--soft); font-size: 13px; }
figure { margin: 0; padding: 14px 16px; min-width: 0; }
figure.wide { grid-column: 1 / -1; }
figcaption { margin-bottom: 10px; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: var(--soft); }
svg text.name { fill: var(--ink); font-size: 13px; }
svg.tree { max-height: 1000px; }
svg.tree text { font-size: 13px; fill: var(--ink); paint-order: stroke; stroke: var(--paper);
  stroke-width: 4; stroke-linejoin: round; }
.grid { stroke: var(--rule); stroke-width: 1; fill: none; }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.mark { stroke: #b3261e; stroke-width: 1.5; opacity: .55; }
.edge { fill: none; stroke: #9aa8b7; stroke-width: 1; opacity: .6; }
.legend { font-size: 13px; }
.legend span { margin-right: 14px; white-space: nowrap; }
.key { display: inline-block; width: 12px; height: 12px; margin-right: 5px; border-radius: 2px;
  vertical-align: -1px; }
rect.c0 { fill: #0072b2; } .line.c0 { stroke: #0072b2; } .key.c0 { background: #0072b2; }
rect.c1 { fill: #e69f00; } .line.c1 { stroke: #e69f00; } .key.c1 { background: #e69f00; }
rect.c2 { fill: #cc4b37; } .line.c2 { stroke: #cc4b37; } .key.c2 { background: #cc4b37; }
rect.c3 { fill: #009e73; } .line.c3 { stroke: #009e73; } .key.c3 { background: #009e73; }
rect.c4 { fill: #56b4e9; } .line.c4 { stroke: #56b4e9; } .key.c4 { background: #56b4e9; }
rect.c5 { fill: #cc79a7; } .line.c5 { stroke: #cc79a7; } .key.c5 { background: #cc79a7; }
rect.c6 { fill: #7a6a00; } .line.c6 { stroke: #7a6a00; } .key.c6 { background: #7a6a00; }
rect.c7 { fill: #7f8c99; } .line.c7 { stroke: #7f8c99; } .key.c7 { background: #7f8c99; }
path.root, .key.root { fill: #1c2733; background: #1c2733; }
path.intermediate, .key.intermediate { fill: #0072b2; background: #0072b2; }
path.replica, .key.replica { fill: #009e73; background: #009e73; }
path.proxy, .key.proxy { fill: #e69f00; background: #e69f00; }
.down { stroke: #b3261e; stroke-width: 3; }
.key.replica { border-radius: 50%; }
.key.root { transform: rotate(45deg) scale(.85); }
.key.proxy { clip-path: polygon(50% 0, 100% 100%, 0 100%); }
details { margin-top: 8px; font-size: 13px; }
summary { color: #0b62a8; cursor: pointer; }
.scroll { max-height: 380px; overflow: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 14px 3px 0; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
th { position: sticky; top: 0; background: var(--paper); font-weight: 600; }
th:first-child, td:first-child { text-align: left; }
@media (max-width: 620px) { main { padding: 16px 8px; } figure { padding: 12px 10px; }
  .drawing { overflow-x: auto; } svg.tree { min-width: 620px; } }
@media print { body { background: #fff; } figure { break-inside: avoid; } .scroll { max-height: none; } }
)";

} // namespace

std::string draw(const table& what) {
  std::string out = "<div class='scroll'><table><thead><tr>";
  for (const auto& each : what.columns) out += "<th>" + escape(each) + "</th>";
  out += "</tr></thead><tbody>";
  for (const auto& row : what.rows) {
    out += "<tr>";
    for (const auto& each : row) out += "<td>" + escape(each) + "</td>";
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>";
}

std::string draw(const figure& what) {
  std::string tables;
  for (const auto& each : what.numbers) tables += draw(each);
  return fmt::format("<figure{}><figcaption><h2>{}</h2><p>{}</p></figcaption>\n<div class='drawing'>{}</div>\n"
                     "<details><summary>The numbers</summary>{}</details></figure>\n",
                     what.wide ? " class='wide'" : "", escape(what.title), escape(what.note), what.html, tables);
}

std::string page(const std::string& title, const std::string& html) {
  return fmt::format("<!DOCTYPE html>\n<html xmlns='http://www.w3.org/1999/xhtml' lang='en'>\n<head>"
                     "<meta charset='utf-8'/>\n<meta name='viewport' content='width=device-width, "
                     "initial-scale=1'/>\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n{}"
                     "</main>\n</body>\n</html>\n",
                     escape(title), style, html);
}

} // namespace argentum::sim
