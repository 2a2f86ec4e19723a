# SPDX-License-Identifier: Apache-2.0
"""A leaf that is pointed at an upstream with other data refuses it, says so, and keeps what it has."""

import shutil
import unittest

from support import Tree, TreeTest, wait_until


class DivergenceTest(TreeTest):
    UP = ("--instances", "default", "--intermediates", "0", "--proxies", "0")

    def setUp(self):
        super().setUp()
        self.other = Tree("--instances", "default", "--intermediates", "0", "--replicas", "0", "--proxies", "0")
        self.addCleanup(self.other.down)
        self.other.up()

    def point_leaf_at_the_other(self):
        self.tree.edit_config("replica-1", self.tree.nodes["root"].peer, self.other.nodes["root"].peer)
        self.tree.start("replica-1", ready=False)

    def write_other(self, **pairs):
        with self.other.redis("root") as client:
            client.mset(pairs)

    def assert_refused(self, reason):
        """The leaf shows the reason, has kept its own data, and has taken nothing."""
        def last_error():
            status = self.tree.status("replica-1")
            return status["last_error"] if reason in status["last_error"] else None
        wait_until(last_error, f"the leaf names the reason: {reason}")
        self.assertEqual(self.tree.digest("replica-1"), self.tree.digest("root"))
        self.assertEqual(self.tree.metric("replica-1", "snapshots_received_total"), 0)
        self.assertEqual(self.tree.get_http("replica-1", "/readyz")[0], 503)
        with self.tree.redis("replica-1") as client:
            self.assertEqual(client.mget("shared", "mine", "theirs"), [b"1", b"1", None])

    def test_another_database_of_the_same_name(self):
        self.tree.wait_index(self.write(shared=b"1", mine=b"1"))
        self.tree.stop("replica-1")
        self.write_other(theirs=b"1")
        self.write_other(theirs=b"2")
        self.point_leaf_at_the_other()
        self.assert_refused("wrong_instance")

    def test_the_same_database_with_another_history(self):
        self.tree.wait_index(self.write(shared=b"1"))
        self.tree.stop("root")
        self.other.stop("root")
        shutil.rmtree(self.other.data_dir("root"))
        shutil.copytree(self.tree.data_dir("root"), self.other.data_dir("root"))
        self.tree.start("root")
        self.other.start("root")
        self.tree.wait_index(self.write(mine=b"1"))
        self.tree.stop("replica-1")
        for i in range(3):
            self.write_other(theirs=i)
        self.point_leaf_at_the_other()
        self.assert_refused("diverged")
        self.assertEqual(self.tree.metric("replica-1", "diverged"), 1)
        self.assertIn("diverged", self.tree.log("replica-1"))


if __name__ == "__main__":
    unittest.main()
