# SPDX-License-Identifier: Apache-2.0
"""The same commands to a root and to a real Redis server: byte for byte the same replies."""

import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import parity_inputs
from support import REPOSITORY, TreeTest

sys.path.insert(0, os.path.join(REPOSITORY, "tools"))
from argentum_tools import resp  # noqa: E402

OK = b"+OK\r\n"
ALLOW_FLUSH = "[commands]\nflush = true\n\n[tree]"


def read_raw(stream):
    """The bytes of one reply, of either protocol."""
    line = stream.readline()
    if not line.endswith(b"\r\n"):
        raise ConnectionError(f"the server closed the connection after {line!r}")
    kind, rest = line[:1], line[1:-2]
    if kind in b"$=" and rest != b"-1":
        return line + stream.read(int(rest) + 2)
    if kind in b"*~%>" and rest != b"-1":
        return line + b"".join(read_raw(stream) for _ in range(int(rest) * (2 if kind == b"%" else 1)))
    return line


class RedisParityTest(TreeTest):
    UP = ("--instances", "default", "--intermediates", "0", "--replicas", "0", "--proxies", "0")

    def setUp(self):
        super().setUp()
        self.tree.edit_config("root", "[tree]", ALLOW_FLUSH)
        self.tree.stop("root")
        self.tree.start("root")
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

    def ask(self, connection, words):
        connection.send(resp.encode(*words))
        return read_raw(connection.stream)

    def compare(self, text, protocol):
        ours, theirs = self.connect(self.node_address), self.connect(self.redis_address)
        if protocol == 3:
            for connection in (ours, theirs):
                self.ask(connection, ["HELLO", "3"])
        for words in parity_inputs.commands(text):
            with self.subTest(protocol=protocol, command=words):
                self.assertEqual(self.ask(ours, words), self.ask(theirs, words))

    def test_replies_are_those_of_redis(self):
        for protocol in (2, 3):
            for text in (parity_inputs.STRINGS, parity_inputs.SET_OPTIONS, parity_inputs.APPENDS,
                         parity_inputs.COUNTERS, parity_inputs.TRANSACTIONS, parity_inputs.CONNECTION,
                         parity_inputs.SERVER):
                self.compare(text, protocol)

    def test_random_commands_on_few_keys_are_answered_as_by_redis(self):
        """Whatever the state: every command that takes a key, with arguments good and bad. Not WATCH: for Redis
        a key that is written as it was has changed, for us it has not."""
        seed = int(os.environ.get("ARGENTUM_TEST_SEED", random.randrange(1 << 32)))
        print(f"ARGENTUM_TEST_SEED={seed}", file=sys.stderr)
        draw = random.Random(seed)
        ours, theirs = self.connect(self.node_address), self.connect(self.redis_address)
        for step in range(3000):
            words = parity_inputs.random_command(draw)
            self.assertEqual(self.ask(ours, words), self.ask(theirs, words), (step, words))

    def test_what_differs_is_declared(self):
        ours, theirs = self.connect(self.node_address), self.connect(self.redis_address)
        for command, expected in parity_inputs.DIFFERENT:
            words = parity_inputs.words(command)
            with self.subTest(command=command):
                self.assertEqual(self.ask(ours, words), expected)
                theirs_too = self.ask(theirs, words)
                if expected != OK:
                    self.assertNotEqual(theirs_too, expected)

    def test_malformed_input_is_refused_as_by_redis(self):
        for data in parity_inputs.MALFORMED:
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
