# SPDX-License-Identifier: Apache-2.0
"""Working sets of a real node: what it says itself, what tools/working_set prints of it, and what arrives in a real
ClickHouse (package clickhouse-server; without it those tests are skipped)."""

import json
import os
import random
import socket
import subprocess
import time
import unittest

import clickhouse
from support import REPOSITORY, TreeTest, wait_until

TOOL = os.path.join(REPOSITORY, "tools", "working_set")
KEYS = 20_000
READ = 6_000
VALUE = 200
ONE_KEY_IN = 4


class WorkingSetCase(TreeTest):
    UP = ("--instances", "default", "--intermediates", "0", "--replicas", "0", "--proxies", "0")

    def sample(self, *lines):
        """Starts the root anew with these lines under [working_set]."""
        self.tree.stop("root")
        with open(self.tree.nodes["root"].config_path, "a", encoding="utf-8") as file:
            file.write("\n[working_set]\n" + "\n".join([f"one_key_in = {ONE_KEY_IN}", *lines]) + "\n")
        self.tree.start("root")

    def fill(self):
        self.seed = random.randrange(1 << 30)
        print(f"seed {self.seed}", flush=True)
        with self.tree.redis("root") as client:
            for first in range(0, KEYS, 1000):
                client.mset({self.key(i): b"v" * VALUE for i in range(first, first + 1000)})

    def key(self, number):
        return f"key-{self.seed}-{number:06}"

    def read_all(self, count=READ):
        """Each of the first `count` keys once, by all ways of reading one; and keys that do not exist."""
        with self.tree.redis("root") as client:
            for first in range(0, count, 1000):
                pipeline = client.pipeline(transaction=False)
                for i in range(first, first + 250):
                    pipeline.get(self.key(i))
                    pipeline.get(f"absent-{i}")
                    pipeline.exists(self.key(i + 250))
                    pipeline.strlen(self.key(i + 500))
                pipeline.mget([self.key(i) for i in range(first + 750, first + 1000)])
                pipeline.execute()

    def working_set(self):
        status, body = self.tree.get_http("root", "/working_set.json")
        self.assertEqual(status, 200, body)
        return json.loads(body)["instances"][0]

    def wait_reads(self, reads):
        """Until the report knows of so many, but for the last that no sample has told of yet."""
        return wait_until(lambda: (now := self.working_set()).get("reads", 0) > reads - 40 * ONE_KEY_IN and now,
                          "the reads are in the report")

    def tool(self, *arguments, code=0):
        result = subprocess.run([TOOL, *arguments], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stdout if code == 0 else result.stderr

    def assert_estimate(self, window):
        # Five standard deviations.
        self.assertAlmostEqual(window["keys"], READ, delta=5 * window["error"] * READ)
        size = READ * (VALUE + len(self.key(0)))
        self.assertAlmostEqual(window["bytes"], size, delta=5 * window["error"] * size)


class WorkingSetTest(WorkingSetCase):
    def test_a_node_that_does_not_sample_says_so(self):
        self.assertEqual(self.tree.get_http("root", "/working_set.json")[0], 404)
        self.assertIn("one_key_in", self.tool("--http", self.tree.nodes["root"].http, code=1))

    def test_a_node_estimates_what_is_read_and_the_tool_prints_it(self):
        self.sample()
        self.fill()
        self.read_all()
        self.read_all()
        found = self.wait_reads(2 * READ)
        self.assertLessEqual(found["reads"], 2 * READ)
        self.assertEqual(found["keys"], KEYS)
        self.assert_estimate(found["windows"][0])
        self.assertEqual(found["windows"][0]["keys"], found["windows"][-1]["keys"])
        # The second round hits in a cache that takes all of it, and in no smaller one.
        self.assertAlmostEqual(found["curve"][-1]["hit_rate"], 0.5, delta=0.05)
        half = [point for point in found["curve"] if point["cache_bytes"] < READ * VALUE / 2]
        self.assertLess(max((point["hit_rate"] for point in half), default=0), 0.05)
        text = self.tool("--http", self.tree.nodes["root"].http)
        self.assertIn("instance default: 20,000 keys", text)
        share, = [line.split()[3] for line in text.splitlines() if line.startswith("      1 h")]
        self.assertAlmostEqual(float(share.rstrip("%")), 100 * READ / KEYS, delta=4)
        self.assertEqual(json.loads(self.tool("--http", self.tree.nodes["root"].http, "--json"))[0]["keys"], KEYS)
        self.assertEqual(self.tree.metric("root", "node_samples_dropped_total"), 0)

    def test_an_export_that_nobody_answers_holds_up_neither_reads_nor_the_end(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.sample(f'clickhouse = "http://127.0.0.1:{silent.getsockname()[1]}"')
            self.fill()
            self.read_all()
            with silent.accept()[0] as taken:
                self.assertIn(b"CREATE TABLE", taken.recv(4096) + taken.recv(4096))
                self.read_all()
                self.wait_reads(2 * READ)
                self.assertEqual(self.tree.metric("root", "node_samples_exported_total"), 0)
                before = time.monotonic()
                self.tree.stop("root")
                self.assertLess(time.monotonic() - before, 8)

    def test_an_export_that_is_refused_is_counted_and_told_once(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        self.sample(f'clickhouse = "http://127.0.0.1:{port}"')
        self.fill()
        self.read_all()
        wait_until(lambda: self.tree.metric("root", "node_exports_failed_total") >= 2, "two batches failed")
        self.assertEqual(self.tree.log("root").count("cannot export samples: ClickHouse at"), 1)


@unittest.skipIf(clickhouse.BINARY is None, "clickhouse-server is not installed: apt-get install clickhouse-server")
class ClickHouseTest(WorkingSetCase):
    def setUp(self):
        super().setUp()
        self.store = clickhouse.ClickHouse(os.path.join(self.tree.dir, "clickhouse"))
        self.addCleanup(self.store.stop)

    def export(self, *lines):
        self.sample(f'clickhouse = "{self.store.url}"', 'table = "reads"', f'user = "{clickhouse.USER}"',
                    f'password_file = "{self.store.password_file}"', *lines)

    def wait_exported(self, reads):
        wait_until(lambda: int(self.store.ask("SELECT sum(reads) FROM reads")) > reads - 40 * ONE_KEY_IN,
                   "the reads are in ClickHouse")

    def test_samples_arrive_and_the_tool_estimates_from_them(self):
        self.store.start()
        self.export()
        self.fill()
        self.read_all()
        self.read_all()
        taken = self.wait_reads(2 * READ)["samples"]
        wait_until(lambda: self.tree.metric("root", "node_samples_exported_total") == taken, "all are exported")
        self.assertEqual(int(self.store.ask("SELECT count() FROM reads")), taken)
        self.assertEqual(self.store.ask("SELECT DISTINCT node, instance, key, one_key_in FROM reads"),
                         f"root\tdefault\t\t{ONE_KEY_IN}")
        arguments = ("--clickhouse", self.store.url, "--table", "reads", "--user", clickhouse.USER,
                     "--password-file", self.store.password_file)
        found, = json.loads(self.tool(*arguments, "--json"))
        self.assert_estimate(found["windows"][0])
        own = self.working_set()
        self.assertEqual(found["reads"], own["reads"])
        self.assertEqual(len(own["curve"]), len(found["curve"]))
        for mine, theirs in zip(own["curve"], found["curve"]):
            self.assertEqual(mine["cache_bytes"], theirs["cache_bytes"])
            self.assertAlmostEqual(mine["hit_rate"], theirs["hit_rate"], delta=0.02)
        self.assertIn("20,000 keys",
                      self.tool(*arguments, "--http", self.tree.nodes["root"].http))
        self.assertNotIn(clickhouse.PASSWORD, self.tree.log("root"))

    def test_keys_in_clear_if_the_config_allows_it(self):
        self.store.start()
        self.export("clear_keys = true")
        self.seed = 0
        odd = [bytes([i]) + b"\t\\\n'\xff\0" + bytes([i]) for i in range(256)]
        with self.tree.redis("root") as client:
            client.mset({key: b"v" for key in odd})
            client.mget(odd)
        wait_until(lambda: self.tree.metric("root", "node_samples_exported_total") > 0, "they are exported")
        stored = {bytes.fromhex(line) for line in self.store.ask("SELECT hex(key) FROM reads").split()}
        self.assertTrue(stored)
        self.assertLess(len(stored), 256)
        self.assertLessEqual(stored, set(odd))

    def test_an_export_goes_on_when_the_server_is_back(self):
        self.export()
        self.fill()
        self.read_all()
        wait_until(lambda: self.tree.metric("root", "node_exports_failed_total") > 0, "the export fails")
        self.store.start()
        self.wait_exported(READ)
        self.store.ask("DROP TABLE reads")
        self.read_all()
        self.wait_exported(READ)
        self.assertIn("the export goes on", self.tree.log("root"))


if __name__ == "__main__":
    unittest.main()
