# SPDX-License-Identifier: Apache-2.0
"""Written at the root, read at every node; refused elsewhere; roles mixed on one node."""

import subprocess
import unittest

import redis
from support import TreeTest, random_bytes, wait_until

VALUES = {b"plain": b"value", b"empty": b"", b"binary \0\r\n\xff key": bytes(range(256)), b"": b"the empty key",
          b"k" * 4096: b"longest key", b"large": random_bytes(16 << 20)}


class ReadEverywhereTest(TreeTest):
    UP = ("--instances", "default,dns")

    def test_every_kind_of_value_at_every_node(self):
        with self.tree.redis("root") as client:
            for key, value in VALUES.items():
                self.assertTrue(client.set(key, value))
            index = client.execute_command("INDEX")
        self.assertEqual(index, len(VALUES))
        for name in self.tree.names():
            with self.tree.redis(name) as client:
                self.assertGreaterEqual(client.execute_command("WAITINDEX", index, 30_000), index)
                for key, value in VALUES.items():
                    self.assertEqual(client.get(key), value, (name, key[:20]))
                self.assertEqual(client.mget(list(VALUES)), list(VALUES.values()), name)
                self.assertEqual(client.strlen("large"), 16 << 20)
                self.assertIsNone(client.get("absent"))
                self.assertEqual((client.dbsize(), client.exists("plain", "absent")), (len(VALUES), 1))
                self.assertEqual(sorted(client.scan_iter(count=2)), sorted(VALUES))
            with self.tree.redis(name, "dns") as client:
                self.assertEqual((client.dbsize(), client.execute_command("INDEX")), (0, 0), name)
        self.assert_all_equal()

    def test_overwrite_delete_and_create_again(self):
        with self.tree.redis("root") as client:
            client.mset({"a": 1, "b": 1, "c": 1})
            self.assertEqual(client.delete("a", "b", "nothing"), 2)
            client.mset({"a": 2, "c": 2})
            before = client.execute_command("INDEX")
            client.mset({"a": 2, "c": 2})
            self.assertEqual(client.delete("nothing"), 0)
            self.assertEqual(self.tree.head(), before, "a write that changes nothing adds no entry")
        self.tree.wait_index(before)
        for name in self.tree.names():
            with self.tree.redis(name) as client:
                self.assertEqual(client.mget("a", "b", "c"), [b"2", None, b"2"], name)
        self.assert_all_equal()

    def test_writes_elsewhere_name_the_root(self):
        for name in self.tree.names("intermediate", "replica", "proxy"):
            with self.tree.redis(name) as client:
                for words in (("SET", "a", "b"), ("DEL", "a"), ("MSET", "a", "b")):
                    with self.assertRaises(redis.exceptions.ReadOnlyError) as caught:
                        client.execute_command(*words)
                    self.assertIn(self.tree.nodes["root"].client, str(caught.exception))

    def test_waitindex_gives_up_in_time(self):
        with self.tree.redis("replica-1") as client:
            with self.assertRaisesRegex(redis.ResponseError, "TIMEOUT"):
                client.execute_command("WAITINDEX", 1000, 100)

    def test_redis_cli_reads_what_it_wrote(self):
        def cli(name, *words):
            port = self.tree.nodes[name].client.rsplit(":", 1)[1]
            result = subprocess.run(["redis-cli", "-p", port, *words], capture_output=True, text=True, check=True)
            return result.stdout.strip()

        self.assertEqual(cli("root", "SET", "hello", "world"), "OK")
        wait_until(lambda: cli("proxy-1", "GET", "hello") == "world", "the proxy has it")
        self.assertIn("READONLY", cli("proxy-1", "SET", "hello", "world"))
        self.assertIn("default:db=0,role=proxy", cli("proxy-1", "INFO", "argentum"))

    def test_roles_mixed_on_one_node_share_one_link(self):
        self.tree.stop("proxy-1")
        self.tree.edit_config("proxy-1", 'name = "dns"\nrole = "proxy"', 'name = "dns"\nrole = "replica"')
        # A role is chosen when the data is made.
        self.tree.edit_config("proxy-1", self.tree.data_dir("proxy-1"), self.tree.data_dir("proxy-1") + "-mixed")
        self.tree.start("proxy-1")
        for instance in ("default", "dns"):
            with self.tree.redis("root", instance) as client:
                client.set("key", instance)
            self.assert_all_equal(instance)
            with self.tree.redis("proxy-1", instance) as client:
                self.assertEqual(client.get("key"), instance.encode())
        digests = [self.tree.digest(name, "dns") for name in ("root", "proxy-1")]
        self.assertEqual(*digests)
        # One to the upstream for both instances, one to the replica that answers misses.
        self.assertEqual(self.tree.metric("proxy-1", "node_links"), 2)


if __name__ == "__main__":
    unittest.main()
