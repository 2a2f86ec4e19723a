# SPDX-License-Identifier: Apache-2.0
"""The hit rate that a cache of any size would have, from sampled reads in their order; as the node computes it
(actors/working_set/reuse_curve.hpp), but of a trace that is there as a whole."""

import math

STEPS = 4  # sizes for each power of two
CACHED_KEYS_MIN = 100  # of the sample: smaller caches are left out


class PrefixSums:
    def __init__(self, places):
        self.tree = [0] * (places + 1)
        self.total = 0

    def add(self, place, number):
        self.total += number
        place += 1
        while place < len(self.tree):
            self.tree[place] += number
            place += place & -place

    def behind(self, place):
        """Sum of all places behind this one."""
        total, place = self.total, place + 1
        while place > 0:
            total -= self.tree[place]
            place -= place & -place
        return total


def curve(samples, one_key_in):
    """[(cache bytes, hit rate)] of a list of (hash, bytes or 0 if unknown, reads that the sample stands for)."""
    order = PrefixSums(len(samples))
    last = {}  # hash -> (place, bytes)
    hits = {}  # step of size -> samples
    for place, (key, size, _) in enumerate(samples):
        if key in last:
            before, known = last.pop(key)
            needed = max(order.behind(before) * one_key_in + known, 1)
            step = math.ceil(math.log2(needed) * STEPS)
            hits[step] = hits.get(step, 0) + 1
            order.add(before, -known)
            size = size or known
        size = size or (order.total // len(last) if last else 0)
        last[key] = (place, size)
        order.add(place, size)
    reads = sum(each[2] for each in samples)
    if not hits or not reads:
        return []
    # Reads that the sample has too few of are those of hot keys, and hit; of too many, the same.
    found, rate, points = reads - len(samples) * one_key_in, 0.0, []
    smallest = CACHED_KEYS_MIN * order.total / len(last) * (one_key_in - 1)
    for step in range(min(hits), max(hits) + 1):
        found += hits.get(step, 0) * one_key_in
        rate = min(max(found / reads, rate), 1.0)
        if 2 ** (step / STEPS) >= smallest:
            points.append((2 ** (step / STEPS), rate))
    return points
