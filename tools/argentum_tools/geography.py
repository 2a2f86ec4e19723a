# SPDX-License-Identifier: Apache-2.0
"""Where the hosts of a lab are, and the best tree over them by the cost that nodes rank their upstreams by."""

import heapq

# Milliseconds there and back. As in the world, the direct way is not always the shortest: ams to sin goes via fra.
ROUND_TRIPS = {("ams", "fra"): 8, ("ams", "nyc"): 80, ("ams", "sin"): 150,
               ("fra", "nyc"): 86, ("fra", "sin"): 100, ("nyc", "sin"): 145}
PLACES = ("ams", "fra", "sin", "nyc")
WITHIN = 0.2
HOP_COST = 1  # limits::hop_cost


def round_trip(here, there):
    """Milliseconds."""
    if here == there:
        return WITHIN
    return ROUND_TRIPS[tuple(sorted((here, there)))]


def delays():
    """{(place, place): seconds one way}"""
    return {(a, b): round_trip(a, b) / 2000 for a in PLACES for b in PLACES}


def hop(here, there):
    """What one hop of the tree costs, in milliseconds (upstream_ranking.hpp)."""
    return round_trip(here, there) / 2 + HOP_COST


def best_costs(root, places):
    """{node: cost of its cheapest way to the root} over {node: place} of root and intermediates."""
    costs = {}
    queue = [(0, root)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node in costs:
            continue
        costs[node] = cost
        for other, place in places.items():
            if other not in costs:
                heapq.heappush(queue, (cost + hop(places[node], place), other))
    return costs


def path_cost(path, places):
    """Of the way from the root, the first, to the last of the path."""
    return sum(hop(places[a], places[b]) for a, b in zip(path, path[1:]))
