// SPDX-License-Identifier: Apache-2.0
// The rules that a run is measured by, told what happens at known times.
#include "apps/sim/report/measures.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace std::chrono_literals;

namespace {

actors::node_config node(const std::string& name, node_role role, instance_role kind = instance_role::replica,
                         const std::string& datacenter = {}) {
  actors::node_config made;
  made.name = name;
  made.role = role;
  made.datacenter = datacenter;
  auto& instance = made.instances.emplace_back();
  instance.name = "main";
  instance.role = kind;
  return made;
}

constexpr std::size_t root = 0, mid = 1, leaf = 2;

/// root <- mid <- leaf, and ten entries at 100 ms, 200 ms, ...
sim::propagation known_tree() {
  sim::propagation tree{3};
  tree.follows(mid, root);
  tree.follows(leaf, mid);
  for (index_t n = 1; n <= 10; ++n) tree.logged(n, static_cast<long>(n) * 100ms, 50, n > 5 ? 20 : 0);
  return tree;
}

} // namespace

TEST_CASE("a delay counts from the root's apply to the place's, by depth") {
  auto tree = known_tree();
  for (index_t n = 1; n <= 10; ++n) {
    auto at = static_cast<long>(n) * 100ms;
    tree.applied(mid, n, at + 7ms);
    tree.applied(leaf, n, at + 12ms);
  }
  CHECK(tree.by_depth()[1].count() == 10);
  CHECK(tree.by_depth()[1].quantile(0.999) == 7000);
  CHECK(tree.by_depth()[2].min() == 12'000);
  CHECK(tree.by_depth()[2].max() == 12'000);
}

TEST_CASE("a batch counts each of its entries") {
  auto tree = known_tree();
  tree.applied(mid, 3, 310ms); // 210, 110 and 10 ms after the root
  CHECK(tree.by_depth()[1].count() == 3);
  CHECK(tree.by_depth()[1].min() == 10'000);
  CHECK(tree.by_depth()[1].max() == 210'000);
}

TEST_CASE(
    "what is found when joining, comes by a full copy, again after a crash, or by no known way counts nothing") {
  auto tree = known_tree();
  tree.opened(mid, 8);
  tree.opened(mid, 4); // power was lost
  for (index_t n = 5; n <= 8; ++n) tree.applied(mid, n, 5s);
  CHECK(tree.by_depth()[1].count() == 0);
  tree.applied(mid, 10, 5s);
  CHECK(tree.by_depth()[1].count() == 2);
  sim::propagation late{3};
  for (index_t n = 1; n <= 3; ++n) late.logged(n, 1s, 1, 0);
  late.follows(mid, root);
  late.logged(4, 2s, 1, 0);
  late.applied(mid, 4, 2s + 5ms);
  CHECK(late.by_depth()[1].count() == 1);
  CHECK(late.by_depth()[1].max() == 5000);
  sim::propagation unknown{3};
  unknown.logged(1, 1s, 1, 0);
  unknown.applied(leaf, 1, 2s);
  for (const auto& each : unknown.by_depth()) CHECK(each.count() == 0);
}

TEST_CASE("depth follows the upstreams, also around a circle") {
  auto tree = known_tree();
  CHECK(tree.depth(root) == 0);
  CHECK(tree.depth(leaf) == 2);
  tree.follows(leaf, root);
  CHECK(tree.depth(leaf) == 1);
  tree.follows(mid, leaf);
  CHECK(tree.depth(mid) == 2);
  tree.follows(leaf, mid);
  CHECK(tree.depth(mid) == sim::propagation::depth_max);
}

TEST_CASE("lag is the entries that are missing and the age of the oldest of them") {
  auto tree = known_tree();
  tree.applied(mid, 7, 1s);
  auto lag = tree.lag_of(mid, 2s);
  CHECK(lag.entries == 3);
  CHECK(lag.time == 2s - 800ms);
  tree.applied(mid, 10, 2s);
  CHECK(tree.lag_of(mid, 3s).entries == 0);
  CHECK(tree.lag_of(mid, 3s).time == 0s);
}

TEST_CASE("bytes of a log and of a history are those of its entries") {
  auto tree = known_tree();
  const auto& entries = tree.entries();
  CHECK(entries.log_bytes(0, 10) == 500);
  CHECK(entries.log_bytes(4, 6) == 100);
  CHECK(entries.history_bytes(0, 10) == 100);
  CHECK(entries.history_bytes(8, 10) == 40);
}

TEST_CASE("the root's last entries can be lost, and its oldest are forgotten") {
  sim::entry_times entries;
  for (index_t n = 1; n <= 5; ++n) entries.add(n, static_cast<long>(n) * 1s, 10, 0);
  entries.add(4, 9s, 100, 0);
  CHECK(entries.head() == 4);
  CHECK(entries.applied_at(4) == 9s);
  CHECK(entries.log_bytes(0, 4) == 130);
  for (index_t n = 5; n <= sim::entry_times::remembered_max + 2; ++n) entries.add(n, 10s, 1, 0);
  CHECK_FALSE(entries.applied_at(2));
  CHECK(entries.applied_at(3) == 3s);
}

TEST_CASE("a long run keeps as many samples as a short one, and its peaks") {
  sim::timeline line;
  for (int n = 1; n <= 5000; ++n) {
    sim::time_sample sample;
    sample.when = n * 1s;
    sample.lag_entries_max = n == 1234 ? 77 : 1;
    line.add(sample);
  }
  CHECK(line.samples().size() <= sim::timeline::samples_max);
  CHECK(line.samples().size() > sim::timeline::samples_max / 2);
  CHECK(line.samples().back().when == 5000s);
  auto peaks = std::count_if(line.samples().begin(), line.samples().end(),
                             [](const auto& each) { return each.lag_entries_max == 77; });
  CHECK(peaks == 1);
}

TEST_CASE("nodes are grouped by kind, and by the leaves of their datacenter where there are any") {
  auto proxy = instance_role::proxy;
  auto replica = instance_role::replica;
  std::vector<actors::node_config> nodes{node("root", node_role::root), node("a", node_role::leaf),
                                         node("b", node_role::leaf, proxy)};
  sim::tree_places plain{nodes};
  REQUIRE(plain.groups.size() == 3);
  CHECK(plain.groups[2].name == "proxies");
  CHECK(plain.find("b") == 2);
  CHECK(plain.find("c") == 3);
  nodes.push_back(node("x1", node_role::leaf, proxy, "x"));
  nodes.push_back(node("y1", node_role::leaf, proxy, "y"));
  nodes.push_back(node("y2", node_role::leaf, replica, "y"));
  sim::tree_places places{nodes};
  auto group_of = [&](const std::string& name) {
    return places.groups[places.nodes[places.find(name)].group].name;
  };
  CHECK(group_of("x1") == "proxies, datacenters of 1 leaf");
  CHECK(group_of("y1") == "proxies, datacenters of 2 leaves");
  CHECK(group_of("y2") == "replicas, datacenters of 2 leaves");
  for (int size = 3; size <= 7; ++size)
    for (int n = 0; n < size; ++n)
      nodes.push_back(node("z" + std::to_string(10 * size + n), node_role::leaf, proxy, std::to_string(size)));
  sim::tree_places many{nodes};
  CHECK(many.groups[many.nodes[many.find("z52")].group].name == "proxies, datacenters of 4 to 7 leaves");
  CHECK(many.groups[many.nodes[many.find("z52")].group].datacenters == 4);
}

TEST_CASE("reads, messages, marks and samples come out as they were told") {
  std::vector<actors::node_config> nodes{node("root", node_role::root, instance_role::replica, "here"),
                                         node("p", node_role::leaf, instance_role::proxy, "there"),
                                         node("q", node_role::leaf, instance_role::proxy, "there")};
  sim::measures all{sim::tree_places{nodes}};
  all.read(1, sim::read_end::local, 6);
  all.read(1, sim::read_end::fetched, 1);
  all.read(2, sim::read_end::failed);
  all.read(2, sim::read_end::absent, 100);
  CHECK(sim::hit_rate(all.reads_of(sim::tree_kind::proxy)) == doctest::Approx(0.75));
  all.message(0, 1, 3, 50);
  all.message(0, 2, 3, 70);
  all.message(1, 2, 4, 5);
  auto rows = all.traffic_rows();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].between_datacenters);
  CHECK(rows[0].by_kind[3].bytes == 120);
  CHECK_FALSE(rows[1].between_datacenters);
  CHECK(rows[1].all.messages == 1);
  all.follows(1, 0, 0);
  all.logged(0, 1, 1s, 1, 0);
  all.logged(0, 2, 2s, 1, 0);
  all.applied(1, 0, 1, 2s);
  all.sample(3s, {true, true, false}); // who does not serve is not asked for its lag
  CHECK(all.samples().back().lag_entries_max == 1);
  CHECK(all.worst_lag().time == 1s);
  CHECK(all.samples().back().down == 1);
  for (std::size_t n = 0; n < sim::measures::marks_max + 3; ++n) all.happened(1s, "fault");
  CHECK(all.marks().size() == sim::measures::marks_max);
  CHECK(all.marks_left_out() == 3);
}
