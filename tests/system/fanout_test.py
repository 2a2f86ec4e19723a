# SPDX-License-Identifier: Apache-2.0
"""Ten downstreams at ten positions: what they cost their upstream does not depend on how far behind they are."""

import unittest

from support import TreeTest, wait_until

MIB = 1 << 20
LEAVES = 10
STEP_BYTES = 8 * MIB
VALUE_BYTES = 64 * 1024
# Credit of ten links and one batch each, plus what RocksDB's caches and buffers take.
GROWTH_MAX = 200 * MIB


class FanoutTest(TreeTest):
    UP = ("--instances", "default", "--intermediates", "0", "--replicas", str(LEAVES), "--proxies", "0")

    def test_ten_downstreams_at_ten_positions_catch_up_in_bounded_memory(self):
        leaves = self.tree.names("replica")
        for name in leaves:
            self.tree.kill(name)
            head = self.write_bulk(STEP_BYTES // VALUE_BYTES, VALUE_BYTES, name)
        before = self.tree.resident_bytes("root")
        peak = before
        for name in leaves:
            self.tree.start(name, ready=False)

        def all_level():
            nonlocal peak
            peak = max(peak, self.tree.resident_bytes("root"))
            return all(self.tree.status(name)["index"] == head for name in leaves)
        wait_until(all_level, "all have caught up")
        self.assert_memory_below(GROWTH_MAX, peak - before, "root grew by")
        self.assertEqual(self.tree.metric("root", "downstreams"), LEAVES)
        self.assertEqual(self.tree.metric("root", "snapshots_sent_total"), 0)
        self.assert_all_equal()


if __name__ == "__main__":
    unittest.main()
