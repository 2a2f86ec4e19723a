# SPDX-License-Identifier: Apache-2.0
"""A leaf whose upstream dies goes on with the next of its list, from where it was."""

import unittest

from support import TreeTest, wait_until


class FailoverTest(TreeTest):
    def upstream(self, name):
        status = self.tree.status(name)
        return status["path"] if status["upstream_connected"] else None

    def test_the_next_upstream_takes_over(self):
        self.tree.wait_index(self.write(before=b"1"))
        self.assertIn("intermediate-1", wait_until(lambda: self.upstream("replica-1"), "connected"))
        self.tree.kill("intermediate-1")
        index = self.write(after=b"1")
        self.tree.wait_index(index, ["replica-1", "proxy-1", "intermediate-2"])
        wait_until(lambda: "intermediate-2" in (self.upstream("replica-1") or ""), "the path shows the new one")
        self.assertGreaterEqual(self.tree.metric("replica-1", "upstream_switches_total"), 1)
        self.assertEqual(self.tree.metric("replica-1", "snapshots_received_total"), 0)
        self.tree.start("intermediate-1")
        self.assert_all_equal()

    def test_with_every_upstream_dead_reads_go_on_and_say_how_old_they_are(self):
        self.tree.wait_index(self.write(before=b"1"))
        for name in ("root", "intermediate-1", "intermediate-2"):
            self.tree.kill(name)
        for name in ("replica-1", "proxy-1"):
            with self.tree.redis(name) as client:
                self.assertEqual(client.mget("before", "absent"), [b"1", None])
            wait_until(lambda name=name: not self.tree.status(name)["upstream_connected"], f"{name} knows")
            wait_until(lambda name=name: self.tree.status(name)["news_age_ms"] > 1500, f"{name} shows its age")
        for name in ("replica-1", "proxy-1"):
            self.tree.kill(name)
            self.tree.start(name, ready=False)
            answer = wait_until(lambda name=name: self.read(name), f"{name} answers after a restart")
            self.assertEqual(answer, [b"1", None])

    def read(self, name):
        with self.tree.redis(name) as client:
            return client.mget("before", "absent")


if __name__ == "__main__":
    unittest.main()
