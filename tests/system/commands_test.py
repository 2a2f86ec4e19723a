# SPDX-License-Identifier: Apache-2.0
"""Commands with a tree behind them: WAIT, GETAT, RANGE, transactions on every kind of node; Redis' own tools."""

import shutil
import subprocess
import unittest

import redis

from support import SECONDS, TreeTest, wait_until

NODES = ("root", "replica-1", "proxy-1")


def pairs_of(reply):
    """RANGE's pairs."""
    flat = reply[2]
    return list(zip(flat[::2], flat[1::2]))


class CommandsTest(TreeTest):
    UP = ("--instances", "default", "--intermediates", "0", "--replicas", "1", "--proxies", "1")

    def test_wait_counts_the_downstreams_that_keep_the_write_on_disk(self):
        with self.tree.redis("root") as root:
            root.set("k", "v")
            self.assertEqual(root.execute_command("WAIT", 2, SECONDS * 1000), 2)
            index = root.execute_command("INDEX")
        for name in NODES[1:]:
            wait_until(lambda: self.tree.status(name)["durable"] >= index, f"{name} has it on disk")
        self.tree.kill("replica-1")
        wait_until(lambda: self.tree.status("root")["downstreams"] == 1, "the root misses the replica")
        with self.tree.redis("root") as root:
            root.set("k", "w")
            self.assertEqual(root.execute_command("WAIT", 1, SECONDS * 1000), 1)
            self.assertEqual(root.execute_command("WAIT", 2, 100), 1)

    def test_the_past_is_read_on_replicas_and_refused_by_proxies(self):
        first = self.write(k="1")
        last = self.write(k="2")
        self.tree.wait_index(last)
        for name in NODES[:2]:
            with self.tree.redis(name) as node:
                self.assertEqual(node.execute_command("GETAT", "k", first), b"1")
                self.assertEqual(node.execute_command("GETAT", "k", last), b"2")
                self.assertIsNone(node.execute_command("GETAT", "k", first - 1))
        with self.tree.redis("proxy-1") as proxy, self.assertRaisesRegex(redis.ResponseError, "ask a replica"):
            proxy.execute_command("GETAT", "k", first)

    def test_a_range_is_the_same_on_every_node_page_by_page(self):
        keys = {f"range:{i:04}": f"value {i}" for i in range(500)}
        with self.tree.redis("root") as root:
            root.mset(keys)
            root.set("rangf", "outside")
            self.tree.wait_index(root.execute_command("INDEX"))
        for name in NODES:
            with self.tree.redis(name) as node:
                got, start = [], b"range:"
                while start is not None:
                    reply = node.execute_command("RANGE", start, "range;", "LIMIT", 77)
                    got += pairs_of(reply)
                    start = reply[1]
            self.assertEqual(got, [(k.encode(), v.encode()) for k, v in keys.items()], name)

    def test_transactions_read_everywhere_and_write_at_the_root(self):
        with self.tree.redis("root") as root, root.pipeline() as pipe:
            replies = pipe.set("a", 1).incr("a").mset({"b": 1, "c": 2}).mget("a", "b").execute()
            self.assertEqual(replies, [True, 2, True, [b"2", b"1"]])
            self.tree.wait_index(root.execute_command("INDEX"))
        for name in NODES[1:]:
            with self.tree.redis(name) as node, node.pipeline() as pipe:
                self.assertEqual(pipe.get("a").strlen("b").exists("c", "d").execute(), [b"2", 1, 1])
                with self.assertRaises(redis.RedisError):
                    pipe.set("a", 9).execute()

    def test_tools_of_redis_run(self):
        host, port = self.tree.nodes["root"].client.rsplit(":", 1)
        if shutil.which("redis-benchmark") is None:
            self.skipTest("redis-tools is not installed")
        benchmark = subprocess.run(["redis-benchmark", "-h", host, "-p", port, "-n", "200", "-q", "-t",
                                    "ping,set,get,incr,mset"], capture_output=True, text=True, check=True)
        self.assertNotIn("WARNING", benchmark.stdout + benchmark.stderr)
        self.tree.wait_index(self.tree.head())
        for name in NODES:
            host, port = self.tree.nodes[name].client.rsplit(":", 1)
            for option in ("--bigkeys", "--memkeys", "--scan"):
                result = subprocess.run(["redis-cli", "-h", host, "-p", port, option], capture_output=True,
                                        text=True, check=True)
                self.assertIn("counter:__rand_int__", result.stdout, (name, option))


if __name__ == "__main__":
    unittest.main()
