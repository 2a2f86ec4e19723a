# SPDX-License-Identifier: Apache-2.0
"""The same commands to a root and to a real Redis server: byte for byte the same replies."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

from support import REPOSITORY, TreeTest

sys.path.insert(0, os.path.join(REPOSITORY, "tools"))
from argentum_tools import resp  # noqa: E402

COMMANDS = [
    ["PING"], ["PING", "text"], ["ECHO", "x"], ["ECHO"], ["GET", "a"], ["SET", "a", "1"], ["GET", "a"],
    ["get", "a"], ["SET", "a"], ["SET", "a", "2", "NONSENSE"], ["SET", b"\0\r\n", b"\xff"],
    ["GET", b"\0\r\n"], ["SET", "", ""], ["GET", ""], ["MSET", "b", "2", "c", "3"], ["MSET", "b"],
    ["MSET", "b", "2", "c"], ["MGET", "a", "x", "c"], ["MGET"], ["EXISTS", "a", "a", "x"], ["STRLEN", "a"],
    ["STRLEN", "x"], ["DBSIZE"], ["DEL", "a", "a", "x"], ["DEL"], ["TYPE", "b"], ["TYPE", "x"], ["SELECT", "0"],
    ["SELECT", "99"], ["SCAN", "0", "COUNT", "1000", "MATCH", "b*"], ["SCAN", "x"], ["SCAN", "0", "COUNT", "0"],
    ["SCAN", "0", "NONSENSE"], ["CLIENT", "SETNAME", "me"], ["CLIENT", "GETNAME"], ["CLIENT", "NONSENSE"],
    ["HELLO", "9"], ["NONSENSE", "a", "b"], ["GET", "a", "b"],
]
MALFORMED = [b"*1\r\n$-5\r\n", b"*1\r\n+PING\r\n", b"*x\r\n", b"*1\r\n$99999999999\r\n", b"SET \"a\r\n",
             b"x" * (70 * 1024)]


class RepliesTest(TreeTest):
    UP = ("--instances", "default", "--intermediates", "0", "--replicas", "0", "--proxies", "0")

    def setUp(self):
        super().setUp()
        self.dir = tempfile.mkdtemp(prefix="argentum-redis-")
        self.addCleanup(shutil.rmtree, self.dir)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        server = subprocess.Popen(["redis-server", "--port", str(port), "--save", "", "--dir", self.dir],
                                  executable="/usr/bin/redis-check-rdb", stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE)
        self.addCleanup(server.communicate)
        self.addCleanup(server.kill)
        while b"Ready to accept" not in (line := server.stdout.readline()):
            self.assertTrue(line, "redis-server ended")
        self.redis_address = f"127.0.0.1:{port}"
        self.node_address = self.tree.nodes["root"].client

    def connect(self, address):
        connection = resp.Connection.to(address, timeout=10)
        self.addCleanup(connection.close)
        return connection

    def test_replies_are_those_of_redis(self):
        ours, theirs = self.connect(self.node_address), self.connect(self.redis_address)
        for words in COMMANDS:
            with self.subTest(command=words):
                for connection in (ours, theirs):
                    connection.send(resp.encode(*words))
                self.assertEqual(repr(ours.read()), repr(theirs.read()))

    def test_malformed_input_is_refused_as_by_redis(self):
        for data in MALFORMED:
            with self.subTest(data=data[:30]):
                answers = []
                for address in (self.node_address, self.redis_address):
                    connection = self.connect(address)
                    connection.send(data)
                    answers.append(connection.stream.read())  # until it hangs up
                self.assertEqual(*answers)

    def test_a_pipeline_keeps_its_order(self):
        count = 5000
        connection = self.connect(self.node_address)
        connection.send(b"".join(resp.encode("SET", f"k{i % 7}", i) + resp.encode("GET", f"k{i % 7}")
                                 for i in range(count)))
        for i in range(count):
            self.assertEqual((connection.read(), connection.read()), ("OK", b"%d" % i))


if __name__ == "__main__":
    unittest.main()
