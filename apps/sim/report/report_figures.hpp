// SPDX-License-Identifier: Apache-2.0
// The plots of a report, each with the numbers behind it.
#pragma once

#include "apps/sim/report/html_page.hpp"
#include "apps/sim/report/run_report.hpp"

namespace argentum::sim {

figure propagation_figure(const run_report& report);
figure lag_entries_figure(const run_report& report);
figure lag_time_figure(const run_report& report);
figure hit_rate_figure(const run_report& report);
figure disk_figure(const run_report& report);
figure traffic_figure(const run_report& report);
figure tree_figure(const run_report& report);

} // namespace argentum::sim
