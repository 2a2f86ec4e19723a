# SPDX-License-Identifier: Apache-2.0
"""A downstream that stops taking anything (SIGSTOP) slows nobody else and costs its upstream bounded memory."""

import os
import signal
import unittest

from support import TreeTest, random_bytes, wait_until

MIB = 1 << 20
WRITE_BYTES = 192 * MIB
VALUE_BYTES = 256 * 1024
# Credit, memory tail and outbox of one link, plus what RocksDB's write buffers and caches take while data grows.
GROWTH_MAX = 96 * MIB


class StallTest(TreeTest):
    UP = ("--instances", "default", "--intermediates", "1", "--replicas", "2", "--proxies", "0")

    def test_a_stopped_leaf_harms_nobody(self):
        self.write_everywhere("warm", 64 * MIB)
        before = self.tree.resident_bytes("intermediate-1")
        stopped = self.tree.pid("replica-2")
        os.kill(stopped, signal.SIGSTOP)
        index = self.write_everywhere("bulk", WRITE_BYTES)
        grown = self.tree.resident_bytes("intermediate-1") - before
        self.assert_memory_below(GROWTH_MAX, grown, "intermediate-1 grew by")
        # Credit bounds what is sent to it; without that the link's last defence would drop it.
        self.assertEqual(self.tree.metric("intermediate-1", "node_links_overloaded_total"), 0)
        os.kill(stopped, signal.SIGCONT)
        self.tree.wait_index(index, ["replica-2"])
        self.tree.wait_ready("replica-2")
        self.assert_all_equal()

    def write_everywhere(self, prefix, size):
        """The others follow while it is written: a second of silence between them is the most."""
        index = self.write_bulk(size // VALUE_BYTES, VALUE_BYTES, prefix)
        self.tree.wait_index(index, ["intermediate-1", "replica-1"])
        return index

    def test_a_silent_link_is_dropped_and_counted(self):
        stopped = self.tree.pid("replica-2")
        os.kill(stopped, signal.SIGSTOP)
        wait_until(lambda: self.tree.metric("intermediate-1", "node_links_silent_total") >= 1,
                   "the link is dropped")
        wait_until(lambda: self.tree.metric("intermediate-1", "downstreams") == 1, "and forgotten")
        index = self.write(key=random_bytes(10))
        self.tree.wait_index(index, ["replica-1"])
        os.kill(stopped, signal.SIGCONT)
        self.tree.wait_index(index, ["replica-2"])
        self.assert_all_equal()


if __name__ == "__main__":
    unittest.main()
