# SPDX-License-Identifier: Apache-2.0
"""Where the hosts of a lab are, and what it costs there to follow whom."""

# Milliseconds there and back. As in the world, the direct way is not always the shortest: ams to sin goes via fra.
ROUND_TRIPS = {("ams", "fra"): 8, ("ams", "nyc"): 80, ("ams", "sin"): 150,
               ("fra", "nyc"): 86, ("fra", "sin"): 100, ("nyc", "sin"): 145}
PLACES = ("ams", "fra", "sin", "nyc")
WITHIN = 0.2
HOP_COST = 1  # limits::hop_cost
FAR_LINK_PART = 10  # limits::far_link_part


def round_trip(here, there):
    """Milliseconds."""
    if here == there:
        return WITHIN
    return ROUND_TRIPS[tuple(sorted((here, there)))]


def delays():
    """{(place, place): seconds one way}"""
    return {(a, b): round_trip(a, b) / 2000 for a in PLACES for b in PLACES}


def cost(path, place, places):
    """Of following the last of `path`, the names from the root to it, from `place`: as intermediates rank their
    upstreams (upstream_ranking.hpp), in milliseconds. `places`: {name: place}"""
    ways = [places[name] for name in path] + [place]
    delay = sum(round_trip(a, b) / 2 + HOP_COST for a, b in zip(ways, ways[1:]))
    return delay + round_trip(ways[-2], place) / FAR_LINK_PART


def cheapest(name, paths, places):
    """The cost of the best upstream that a node can have in the tree as it is: nobody below it. `paths`: {name:
    path from the root to it}"""
    return min(cost(path, places[name], places) for path in paths.values() if path and name not in path)
