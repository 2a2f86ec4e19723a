// SPDX-License-Identifier: Apache-2.0
// What a run is measured by. It is told what happens and never asks; the reports read it at the end. Its memory
// depends on the tree and not on the length of the run.
#pragma once

#include "apps/sim/report/propagation.hpp"
#include "apps/sim/report/timeline.hpp"
#include "apps/sim/report/traffic.hpp"

#include <string>
#include <vector>

namespace argentum::sim {

/// How a read of one key ended.
enum class read_end : std::uint8_t {
  local,   ///< a value that was there
  absent,  ///< no such key: never leaves the node
  fetched, ///< a value that another node had
  failed,  ///< an error
};

/// Keys that were read, by node.
struct read_counts {
  std::uint64_t local = 0;
  std::uint64_t absent = 0;
  std::uint64_t fetched = 0;
  std::uint64_t failed = 0;
  void add(const read_counts& other);
};
/// Part of the values read that were on the node itself, 0 to 1; 1 if none was read.
double hit_rate(const read_counts& reads) noexcept;

/// Something that people should see in a plot: a fault, its end, a scripted step.
struct mark {
  vtime when{0};
  std::string text;
};

class measures {
 public:
  /// Marks kept; more could not be told apart in a plot.
  static constexpr std::size_t marks_max = 1000;

  explicit measures(tree_places places);

  const tree_places& places() const noexcept { return places_; }

  // What happens. Nodes and instances by number, as in the scenario.
  void logged(std::size_t instance, index_t index, vtime now, std::uint64_t bytes, std::uint64_t superseded) {
    instances_[instance].logged(index, now, bytes, superseded);
  }
  void applied(std::size_t node, std::size_t instance, index_t index, vtime now) {
    instances_[instance].applied(node, index, now);
  }
  void opened(std::size_t node, std::size_t instance, index_t index) { instances_[instance].opened(node, index); }
  void follows(std::size_t node, std::size_t instance, std::size_t upstream) {
    instances_[instance].follows(node, upstream);
  }
  void read(std::size_t node, read_end how, std::uint64_t keys = 1);
  /// A fetch from another node was answered.
  void fetched_in(std::size_t node, vtime took);
  void message(std::size_t from, std::size_t to, std::size_t kind, std::size_t bytes) {
    const auto& a = places_.nodes[from];
    const auto& b = places_.nodes[to];
    traffic_.add(a.kind, b.kind, a.datacenter != b.datacenter, kind, bytes);
  }
  /// A look at a store: bytes of all instances of that node.
  void stored(std::size_t node, std::uint64_t bytes) { stored_[node] = bytes; }
  void happened(vtime now, const std::string& text);
  /// Once a virtual second. `serves`: by node, whether clients get answers.
  void sample(vtime now, const std::vector<bool>& serves);

  // What it came to.
  const std::vector<propagation>& instances() const noexcept { return instances_; }
  /// All instances together, by depth.
  std::vector<histogram> delays() const;
  lag lag_of(std::size_t node, vtime now) const;
  const std::vector<time_sample>& samples() const noexcept { return timeline_.samples(); }
  /// The largest of all samples.
  lag worst_lag() const;
  const read_counts& reads(std::size_t node) const { return reads_[node]; }
  read_counts reads_of_group(std::size_t group) const;
  read_counts reads_of(tree_kind kind) const;
  /// Microseconds, by group.
  const histogram& fetch_times(std::size_t group) const { return fetch_times_[group]; }
  /// By node; 0 where nobody looked.
  const std::vector<std::uint64_t>& stored() const noexcept { return stored_; }
  std::vector<traffic_row> traffic_rows() const { return traffic_.rows(); }
  const std::vector<mark>& marks() const noexcept { return marks_; }
  std::uint64_t marks_left_out() const noexcept { return marks_left_out_; }

 private:
  std::vector<group_sample> sample_groups() const;

  tree_places places_;
  std::vector<propagation> instances_;
  std::vector<read_counts> reads_;
  std::vector<histogram> fetch_times_;
  std::vector<std::uint64_t> stored_;
  traffic traffic_;
  timeline timeline_;
  std::vector<mark> marks_;
  std::uint64_t marks_left_out_ = 0;
};

} // namespace argentum::sim
