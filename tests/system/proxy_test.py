# SPDX-License-Identifier: Apache-2.0
"""A proxy that came by a full copy has keys without values: it fetches them from a replica, once, and answers
what it has when all others are gone."""

import shutil
import unittest

import redis
from support import TreeTest, wait_until

KEYS = 300
SIZE = 32 * 1024


class ProxyTest(TreeTest):
    UP = ("--instances", "default", "--log-bytes", "1MiB", "--replicas", "2")

    def setUp(self):
        super().setUp()
        self.tree.stop("proxy-1")
        shutil.rmtree(self.tree.data_dir("proxy-1"))
        index = self.write_bulk(KEYS, SIZE, "key")
        self.tree.wait_index(index, self.tree.names("intermediate", "replica"))
        for name in self.tree.names("intermediate"):
            wait_until(lambda name=name: self.tree.metric(name, "log_base_index") > 0, f"the log of {name} is cut")
        self.tree.start("proxy-1")
        with self.tree.redis("root") as client:
            self.values = client.mget([f"key-{i}" for i in range(KEYS)])

    def test_misses_are_fetched_once_and_kept(self):
        self.assertEqual(self.tree.metric("proxy-1", "snapshots_received_total"), 1)
        with self.tree.redis("proxy-1") as client:
            self.assertEqual((client.dbsize(), client.exists("key-0"), client.get("absent")), (KEYS, 1, None))
            self.assertEqual(self.tree.metric("proxy-1", "misses_total"), 0)
            self.assertEqual(client.get("key-0"), self.values[0])
            wait_until(lambda: self.tree.metric("proxy-1", "fills_total") == 1, "it is cached")
            self.assertEqual(client.mget([f"key-{i}" for i in range(KEYS)] + ["absent"]), self.values + [None])
            self.assertEqual(self.tree.metric("proxy-1", "misses_total"), KEYS)
            wait_until(lambda: self.tree.metric("proxy-1", "fills_total") == KEYS, "all are cached")
            self.assertEqual(client.mget([f"key-{i}" for i in range(KEYS)]), self.values)
            self.assertEqual(self.tree.metric("proxy-1", "misses_total"), KEYS, "hits fetch nothing")
        self.assert_all_equal()

    def test_what_is_here_is_answered_when_all_others_are_dead(self):
        with self.tree.redis("proxy-1") as client:
            self.assertEqual(client.get("key-1"), self.values[1])
            wait_until(lambda: self.tree.metric("proxy-1", "fills_total") == 1, "it is cached")
            for name in self.tree.names("root", "intermediate", "replica"):
                self.tree.kill(name)
            self.assertEqual(client.get("key-1"), self.values[1])
            self.assertEqual((client.get("absent"), client.exists("key-2")), (None, 1))
            with self.assertRaisesRegex(redis.ResponseError, "TRYAGAIN"):
                client.get("key-2")
            self.tree.start("replica-2", ready=False)
            self.assertEqual(wait_until(lambda: client.get("key-2"), "a replica is back"), self.values[2])

    def test_a_replica_that_dies_is_replaced_by_the_other(self):
        self.tree.kill("replica-1")
        with self.tree.redis("proxy-1") as client:
            for i in range(0, KEYS, 10):
                self.assertEqual(client.get(f"key-{i}"), self.values[i])

    def test_a_proxy_gets_new_values_with_the_log(self):
        self.tree.wait_index(self.write(fresh=b"1"), ["proxy-1"])
        with self.tree.redis("proxy-1") as client:
            self.assertEqual(client.get("fresh"), b"1")
        self.assertEqual(self.tree.metric("proxy-1", "misses_total"), 0)


if __name__ == "__main__":
    unittest.main()
