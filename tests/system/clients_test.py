# SPDX-License-Identifier: Apache-2.0
"""Redis' own tools, hiredis and python3-redis, each on every kind of node. Node.js: node_clients_test.py."""

import os
import re
import subprocess
import unittest

import redis

from support import REPOSITORY, TreeTest

HIREDIS_CLIENT = os.environ.get("HIREDIS_CLIENT",
                                os.path.join(REPOSITORY, "build", "release", "bin", "hiredis_client"))
KEYS = [f"key-{i}" for i in range(1000)]


class ClientsTest(TreeTest):
    UP = ("--instances", "default", "--intermediates", "0", "--replicas", "1", "--proxies", "1")
    NODES = ("root", "replica-1", "proxy-1")

    def setUp(self):
        super().setUp()
        with self.tree.redis("root") as root:
            root.mset({key: key for key in KEYS})
            root.set("big", "x" * 5000)
            self.tree.wait_index(root.execute_command("INDEX"))

    def address(self, name):
        return self.tree.nodes[name].client.rsplit(":", 1)

    def run_tool(self, name, tool, *words, data=None):
        """What it prints; fails if it fails."""
        host, port = self.address(name)
        result = subprocess.run([tool, "-h", host, "-p", port, *words], input=data or b"", capture_output=True,
                                check=False, timeout=60)
        self.assertEqual((result.returncode, result.stderr), (0, b""), (name, words))
        return result.stdout.decode()

    def test_redis_cli_scans(self):
        for name in self.NODES:
            with self.subTest(node=name):
                self.assertEqual(sorted(self.run_tool(name, "redis-cli", "--scan").split()), sorted([*KEYS, "big"]))
                self.assertEqual(self.run_tool(name, "redis-cli", "--scan", "--pattern", "key-99*").split(),
                                 ["key-99", *(f"key-99{i}" for i in range(10))])
                found = self.run_tool(name, "redis-cli", "--bigkeys")
                self.assertIn('Biggest string found \'"big"\' has 5000 bytes', found)
                self.assertIn("Sampled 1001 keys in the keyspace", found)

    def test_redis_cli_shows_statistics(self):
        for name in self.NODES:
            with self.subTest(node=name):
                host, port = self.address(name)
                with subprocess.Popen(["redis-cli", "-h", host, "-p", port, "-i", "0.1", "--stat"], text=True,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as watcher:
                    self.addCleanup(watcher.kill)
                    lines = [watcher.stdout.readline() for _ in range(5)]
                    watcher.kill()
                for line in lines[2:]:  # keys, memory, clients, blocked, requests, connections
                    self.assertRegex(line, r"^1001 +\d+\.\d+[KMG] +\d+ +0 +\d+ \(\+\d+\) +\d+")

    def test_redis_cli_measures_latency(self):
        for name in self.NODES:
            with self.subTest(node=name):
                out = self.run_tool(name, "redis-cli", "--raw", "-i", "0.3", "--latency")
                least, most, mean, samples = out.split()
                self.assertGreater(int(samples), 1)
                self.assertTrue(0 <= float(least) <= float(mean) <= float(most))

    def test_redis_cli_pipes(self):
        commands = b"".join(b"GET key-%d\r\n" % (i % 1000) for i in range(20_000))
        for name in self.NODES:
            with self.subTest(node=name):
                out = self.run_tool(name, "redis-cli", "--pipe", data=commands)
                self.assertIn("errors: 0, replies: 20000", out)
        writes = b"".join(b"SET piped-%d %d\r\n" % (i, i) for i in range(20_000))
        self.assertIn("errors: 0, replies: 20000", self.run_tool("root", "redis-cli", "--pipe", data=writes))
        with self.tree.redis("root") as root:
            self.assertEqual(root.mget("piped-0", "piped-19999"), [b"0", b"19999"])

    def test_redis_benchmark_runs_without_a_warning(self):
        for name in self.NODES:
            with self.subTest(node=name):
                tests = "ping,get,set,mset,incr" if name == "root" else "ping,get"
                out = self.run_tool(name, "redis-benchmark", "-n", "2000", "-c", "20", "-P", "4", "-q", "-t", tests)
                self.assertNotRegex(out, "WARNING|rror")
                ping_twice = len(tests.split(",")) + 1
                self.assertEqual(len(re.findall("requests per second", out)), ping_twice)

    def test_hiredis(self):
        for name in self.NODES:
            with self.subTest(node=name):
                mode = "writes" if name == "root" else "reads-only"
                result = subprocess.run([HIREDIS_CLIENT, *self.address(name), mode], capture_output=True, text=True,
                                        check=False, timeout=60, stdin=subprocess.DEVNULL)
                self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_python_redis(self):
        for name in self.NODES:
            with self.subTest(node=name):
                host, port = self.address(name)
                with redis.Redis(host, int(port), client_name="tester", decode_responses=True) as client:
                    self.assertEqual(client.client_getname(), "tester")
                    self.assertEqual(client.mget(KEYS), KEYS)
                    self.assertEqual(sorted(client.scan_iter(match="key-1*", count=50)),
                                     sorted(key for key in KEYS if key.startswith("key-1")))
                    with client.pipeline(transaction=False) as pipe:
                        for key in KEYS * 10:
                            pipe.get(key)
                        self.assertEqual(pipe.execute(), KEYS * 10)
                    self.assertEqual(client.info("server")["redis_version"], "7.0.15")
                    self.assertEqual(client.role()[0], "master" if name == "root" else "slave")
                    if name != "root":
                        self.assertRaises(redis.ReadOnlyError, client.set, "a", "b")


if __name__ == "__main__":
    unittest.main()
