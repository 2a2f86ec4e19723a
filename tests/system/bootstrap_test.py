# SPDX-License-Identifier: Apache-2.0
"""A leaf whose upstreams' logs no longer reach back gets a full copy: old data serves meanwhile, a cut link
resumes it, a restart too."""

import unittest

from support import TreeTest, wait_until
from tcp_proxy import TcpProxy

MIB = 1 << 20
# What may be on its way when a link is cut: credit, and what the receiver has not yet imported.
IN_FLIGHT_BYTES = 12 * MIB


class CopyTest(TreeTest):
    UP = ("--instances", "default", "--log-bytes", "1MiB", "--intermediates", "1", "--proxies", "0")
    COPY_BYTES = 48 * MIB

    def setUp(self):
        super().setUp()
        self.write(old=b"1", gone=b"1")
        self.tree.wait_index(self.tree.head())
        self.link = TcpProxy(self.tree.nodes["intermediate-1"].peer)
        self.addCleanup(self.link.close)
        self.tree.stop("replica-1")
        self.tree.edit_config("replica-1", self.tree.nodes["intermediate-1"].peer, self.link.address)
        self.tree.edit_config("replica-1", f', "{self.tree.nodes["root"].peer}"', "")
        with self.tree.redis("root") as client:
            client.set("old", "2")
            client.delete("gone")
        self.write_bulk(self.COPY_BYTES // MIB, MIB)
        self.tree.wait_index(self.tree.head(), ["intermediate-1"])
        wait_until(lambda: self.tree.metric("intermediate-1", "log_base_index") > 3, "the log is cut")

    def old_data(self):
        with self.tree.redis("replica-1") as client:
            return client.mget("old", "gone", "bulk-0")

    def assert_resumed_after(self, received):
        """What came after the interruption is what was missing then."""
        self.assertEqual(self.tree.metric("replica-1", "snapshots_received_total"), 1)
        again = sum(self.link.passed[1:])
        self.assertGreater(again, (self.COPY_BYTES - received) // 2, self.link.passed)
        self.assertLess(again, self.COPY_BYTES - received + IN_FLIGHT_BYTES, self.link.passed)


class BootstrapTest(CopyTest):
    def test_old_data_serves_until_the_copy_is_complete(self):
        self.link.hold_after(self.COPY_BYTES // 3)
        self.tree.start("replica-1", ready=False)
        wait_until(lambda: self.link.held, "the copy is under way")
        wait_until(lambda: self.tree.metric("replica-1", "bootstrapping") == 1, "the leaf says so")
        self.assertEqual(self.old_data(), [b"1", b"1", None])
        self.assertEqual(self.tree.get_http("replica-1", "/readyz")[0], 503)
        self.link.release()
        self.tree.wait_ready("replica-1")
        self.assert_all_equal()
        self.assertEqual(self.old_data()[:2], [b"2", None])
        self.assertEqual(self.tree.metric("replica-1", "snapshots_received_total"), 1)
        index = self.write(after=b"the copy")
        self.tree.wait_index(index, ["replica-1"])
        self.assert_all_equal()

    def test_a_cut_link_resumes_the_copy(self):
        self.link.cut_after(self.COPY_BYTES // 2)
        self.tree.start("replica-1")
        self.assert_all_equal()
        self.assert_resumed_after(self.COPY_BYTES // 2)


class KilledCopyTest(CopyTest):
    """A killed leaf goes on from the last file that it had imported; files have 64 MiB."""

    COPY_BYTES = 160 * MIB

    def test_a_killed_leaf_resumes_the_copy(self):
        self.link.hold_after(100 * MIB)
        self.tree.start("replica-1", ready=False)
        wait_until(lambda: self.link.held, "the copy is under way")
        self.tree.kill("replica-1")
        self.link.release()
        self.tree.start("replica-1")
        self.assert_all_equal()
        self.assert_resumed_after(64 * MIB)


if __name__ == "__main__":
    unittest.main()
