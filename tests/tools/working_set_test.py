# SPDX-License-Identifier: Apache-2.0
"""tools/working_set: the curve against a real cache, and what is printed."""

import os
import random
import sys
import unittest
from collections import OrderedDict

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(REPOSITORY, "tools"))
from argentum_tools import reuse, working_sets  # noqa: E402

SEED = int(os.environ.get("ARGENTUM_TEST_SEED", random.randrange(1 << 32)))


def lru_hit_rate(trace, cache_bytes):
    cache, used, hits = OrderedDict(), 0, 0
    for key, size in trace:
        if key in cache:
            hits += 1
            cache.move_to_end(key)
            continue
        cache[key] = size
        used += size
        while used > cache_bytes:
            used -= cache.popitem(last=False)[1]
    return hits / len(trace)


class CurveTest(unittest.TestCase):
    def test_it_is_that_of_a_cache(self):
        print(f"working_set curve: ARGENTUM_TEST_SEED={SEED}", flush=True)
        source = random.Random(SEED)
        sizes = [source.randrange(50, 500) for _ in range(1000)]
        keys = [min(int(source.paretovariate(0.8)), 1000) - 1 for _ in range(20_000)]
        trace = [(key, sizes[key]) for key in keys]
        points = reuse.curve([(key, size, 1) for key, size in trace], 1)
        for size, rate in points:
            self.assertAlmostEqual(rate, lru_hit_rate(trace, size), delta=1e-9)

    def test_reads_that_the_sample_lacks_are_hits(self):
        keys = list(range(1000))  # a hot key is not among them
        samples = [(key, 10, 2) for key in keys] + [(key, 10, 6) for key in keys]
        points = reuse.curve(samples, 2)
        self.assertAlmostEqual(points[-1][1], (8000 - 4000 + 2000) / 8000)
        self.assertGreaterEqual(points[0][0], 100 * 10, "caches of fewer keys are left out")
        self.assertEqual(reuse.curve([(1, 10, 1)], 1), [])


class TextTest(unittest.TestCase):
    SET = {"node": "leaf-1", "name": "dns", "keys": 1000, "one_key_in": 10, "samples": 40, "reads": 400,
           "watched_s": 1800, "windows": [{"span_s": 3600, "keys": 250, "bytes": 3 << 20, "error": 0.05}],
           "curve": [{"cache_bytes": 1024, "hit_rate": 0.5}, {"cache_bytes": 1218, "hit_rate": 0.75}],
           "curve_keys": 25}

    def test_for_people(self):
        lines = list(working_sets.text(self.SET))
        self.assertEqual(lines[0], "node leaf-1, instance dns: 1,000 keys")
        self.assertEqual(lines[3].split(), ["1", "h", "250", "25.0%", "3.0", "MiB", "5.0%"])
        self.assertEqual([line.split()[:3] for line in lines[5:]],
                         [["1.0", "KiB", "50.0%"], ["1.2", "KiB", "75.0%"]])

    def test_what_is_not_known(self):
        self.assertIn("-", list(working_sets.text({**self.SET, "keys": None}))[3])
        idle = {"node": "n", "name": "i", "keys": 5, "watched_s": 0}
        self.assertEqual(list(working_sets.text(idle))[1], "  no key in the sample was read yet")

    def test_spans_double(self):
        self.assertEqual(list(working_sets.spans(1)), [1])
        self.assertEqual(list(working_sets.spans(6)), [1, 2, 4, 6])


if __name__ == "__main__":
    unittest.main()
