# SPDX-License-Identifier: Apache-2.0
"""kill -9 of each kind of node under write load, and its restart: nothing acknowledged is lost, order is kept."""

import unittest

from support import TreeTest, wait_until
from writer import Reader, Writer, value_of

# Pipelines of each writer: one write at a time, and enough of them that a kill meets some in every stage.
BATCHES = {"w0": 1, "w1": 10, "w2": 100}


class KillTest(TreeTest):
    def test_each_kind_of_node_is_killed_under_load(self):
        writers = [Writer(name, lambda: self.tree.redis("root", timeout=10), batch).start()
                   for name, batch in BATCHES.items()]
        readers = [Reader(writer, lambda name=name: self.tree.redis(name, timeout=10)).start()
                   for name, writer in zip(self.tree.names(), list(BATCHES) * 2)]
        workers = writers + readers
        try:
            for name in ("root", "intermediate-1", "root", "replica-1", "root", "proxy-1", "root"):
                self.let_all_advance(workers)
                self.tree.kill(name)
                if name != "root":
                    self.let_all_advance(writers)
                self.tree.start(name)
            self.let_all_advance(workers)
        finally:
            for worker in workers:
                worker.stop()
        self.check_promises(writers)
        self.assert_all_equal()

    def let_all_advance(self, workers, steps=15):
        def progress(worker):
            return worker.acknowledged if isinstance(worker, Writer) else worker.reads

        goals = [(worker, progress(worker) + steps) for worker in workers]
        wait_until(lambda: any(worker.failure for worker in workers)
                   or all(progress(worker) >= goal for worker, goal in goals), "all workers get on")

    def check_promises(self, writers):
        self.tree.wait_index(self.tree.head())
        for name in self.tree.names():
            with self.tree.redis(name) as client:
                for writer in writers:
                    counter = int(client.get(f"counter:{writer.name}"))
                    self.assertGreaterEqual(counter, writer.acknowledged, (name, writer.name))
                    self.assertLessEqual(counter, writer.tried, (name, writer.name))
                    keys = [f"item:{writer.name}:{n}" for n in range(1, writer.acknowledged + 1)]
                    expected = [value_of(n) for n in range(1, writer.acknowledged + 1)]
                    for i in range(0, len(keys), 500):
                        self.assertEqual(client.mget(keys[i:i + 500]), expected[i:i + 500], (name, writer.name))


if __name__ == "__main__":
    unittest.main()
