#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an application does with python3-redis; started by resp_clients_test.cpp with the port of a fresh server."""
import sys
import unittest

import redis

PORT = int(sys.argv.pop(1))


class Client(unittest.TestCase):
    def setUp(self):
        self.db = redis.Redis("127.0.0.1", port=PORT, socket_timeout=30)
        self.addCleanup(self.db.close)

    def test_values(self):
        for value in (b"", b"x", bytes(range(256)), b"v" * (16 << 20)):
            self.assertTrue(self.db.set(b"k\x00\r\n", value))
            self.assertEqual(self.db.get(b"k\x00\r\n"), value)
        self.assertEqual(self.db.delete(b"k\x00\r\n", "none"), 1)

    def test_pipeline(self):
        with self.db.pipeline(transaction=False) as pipe:
            for i in range(10_000):
                pipe.set(f"p{i}", i)
                pipe.get(f"p{i}")
            replies = pipe.execute()
        self.assertEqual(replies[1::2], [str(i).encode() for i in range(10_000)])

    def test_many_keys_and_scan(self):
        keys = {f"s{i}": str(i) for i in range(1000)}
        self.assertTrue(self.db.mset(keys))
        self.assertEqual(self.db.mget(list(keys)), [v.encode() for v in keys.values()])
        self.assertEqual({k.decode() for k in self.db.scan_iter(match="s*", count=37)}, set(keys))

    def test_databases(self):
        other = redis.Redis("127.0.0.1", port=PORT, db=1, client_name="tester")
        self.db.set("where", "alpha")
        self.assertIsNone(other.get("where"))
        self.assertEqual(other.client_getname(), "tester")
        self.assertTrue(any(c["name"] == "tester" for c in other.client_list()))
        other.close()

    def test_counters_conditions_and_transactions(self):
        self.assertEqual([self.db.incr("n"), self.db.incr("n", 4), self.db.decr("n")], [1, 5, 4])
        self.assertEqual(self.db.incrbyfloat("n", 0.5), 4.5)
        self.assertTrue(self.db.set("once", "1", nx=True))
        self.assertIsNone(self.db.set("once", "2", nx=True))
        self.assertEqual(self.db.set("once", "3", xx=True, get=True), b"1")
        with self.db.pipeline() as pipe:
            replies = pipe.set("t", 1).incr("t").get("t").append("t", "x").delete("t").execute()
        self.assertEqual(replies, [True, 2, b"2", 2, 1])
        self.assertEqual(self.db.transaction(lambda pipe: (pipe.multi(), pipe.set("n", 7)), "n"), [True])
        with self.db.pipeline() as pipe:
            pipe.watch("n")
            self.db.set("n", "changed")
            pipe.multi()
            pipe.set("n", "lost")
            self.assertRaises(redis.WatchError, pipe.execute)
        self.assertEqual(self.db.get("n"), b"changed")

    def test_server_commands(self):
        self.assertEqual(self.db.config_get("save"), {"save": ""})
        self.assertEqual(self.db.role()[0], b"master")
        self.assertEqual(len(self.db.time()), 2)

    def test_errors_and_info(self):
        with self.assertRaisesRegex(redis.ResponseError, "not supported"):
            self.db.set("a", "b", ex=5)
        info = self.db.info()
        self.assertEqual(info["redis_version"], "7.0.15")
        self.assertIn("alpha", info)
        self.assertIn("get", self.db.command())


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
