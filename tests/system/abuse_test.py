# SPDX-License-Identifier: Apache-2.0
"""Clients that are many, slow or hostile: others go on being answered, and memory stays bounded.

How long others wait is measured by `argentum-bench abuse`; here they must be answered at all.
"""

import contextlib
import os
import resource
import socket
import struct
import sys
import threading
import time
import unittest

from support import BINARY, REPOSITORY, TreeTest, wait_until

sys.path.insert(0, os.path.join(REPOSITORY, "tools"))
from argentum_tools import processes, resp  # noqa: E402

MIB = 1 << 20
KEYS = 20_000
PATIENCE = 20  # seconds that a client which behaves waits for an answer: only a node that hangs takes so long
TOO_LONG = b"-ERR Protocol error: invalid bulk length\r\n"
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets the connection


def get(number):
    return resp.encode("GET", f"key-{number % KEYS}")


def receive(connection):
    try:
        return connection.recv(100)
    except ConnectionResetError:  # it was refused before it had sent its command
        return b"-ERR max number of clients reached\r\n"


class Bystander(threading.Thread):
    """A client that behaves: one GET after another, until it is told to stop."""

    def __init__(self, client):
        super().__init__()
        self.client = client
        self.stop = threading.Event()
        self.answers = 0
        self.failed = None

    def run(self):
        try:
            while not self.stop.is_set():
                number = self.answers % KEYS
                answer = self.client.get(f"key-{number}")
                if answer != b"value-%d" % number:
                    raise AssertionError(f"key-{number} is {answer!r}")
                self.answers += 1
        except Exception as error:  # told by the test, in its own thread
            self.failed = error
        finally:
            self.client.close()


class AbuseTest(TreeTest):
    UP = ("--instances", "default", "--intermediates", "0", "--replicas", "1", "--proxies", "1")
    NODES = ("replica-1", "proxy-1")

    def setUp(self):
        super().setUp()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.files = hard
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        with self.tree.redis("root") as root:
            root.mset({f"key-{i}": f"value-{i}" for i in range(KEYS)})
            root.set("large", b"x" * 60_000)
            self.tree.wait_index(root.execute_command("INDEX"))

    def connect(self, name):
        host, port = self.tree.nodes[name].client.rsplit(":", 1)
        made = socket.create_connection((host, int(port)), timeout=PATIENCE)
        self.addCleanup(made.close)
        return made

    @contextlib.contextmanager
    def others_are_served(self, name):
        """Before, while and after the block runs; and the node's memory returns."""
        bystander = Bystander(self.tree.redis(name, timeout=PATIENCE))
        bystander.start()
        before = self.tree.resident_bytes(name)
        try:
            wait_until(lambda: bystander.answers > 0 or bystander.failed, "the first answer")
            yield
            seen = bystander.answers
            wait_until(lambda: bystander.answers > seen + 10 or bystander.failed, "answers go on")
        finally:
            bystander.stop.set()
            bystander.join()
        self.assertIsNone(bystander.failed)
        self.wait_memory(name, before + 64 * MIB)

    def wait_memory(self, name, most):
        """Once what is not needed has gone back to the system."""
        try:
            wait_until(lambda: self.tree.resident_bytes(name) <= most, "memory is given back", seconds=20)
        except AssertionError:
            self.assert_memory_below(most, self.tree.resident_bytes(name), f"{name} keeps")

    def test_a_pipeline_of_100_000_commands(self):
        count = 100_000
        data = b"".join(map(get, range(count)))
        for name in self.NODES:
            with self.subTest(node=name), self.others_are_served(name):
                connection = self.connect(name)
                sender = threading.Thread(target=connection.sendall, args=(data,))
                sender.start()
                with connection.makefile("rb") as stream:
                    for i in range(count):
                        size = int(stream.readline()[1:])
                        self.assertEqual(stream.read(size + 2), b"value-%d\r\n" % (i % KEYS))
                sender.join()

    def test_an_mget_of_200_000_keys(self):
        count = 200_000
        for name in self.NODES:
            with self.subTest(node=name), self.others_are_served(name):
                with self.tree.redis(name) as client:
                    values = client.mget([f"key-{i % (2 * KEYS)}" for i in range(count)])
                self.assertEqual(values, [b"value-%d" % (i % (2 * KEYS)) if i % (2 * KEYS) < KEYS else None
                                          for i in range(count)])

    def test_an_mget_that_takes_many_turns_is_of_one_index(self):
        keys = [f"key-{i}" for i in range(KEYS)]
        stop = threading.Event()

        def write_all():
            turn = 0
            with self.tree.redis("root") as root:
                while not stop.is_set():
                    turn += 1
                    root.mset(dict.fromkeys(keys, turn))

        writer = threading.Thread(target=write_all)
        writer.start()
        try:
            for name in ("root", *self.NODES):
                with self.subTest(node=name), self.tree.redis(name) as client:
                    wait_until(lambda: client.get(keys[0]).isdigit(), "the first turn of the writer")
                    seen = [set(client.mget(keys)) for _ in range(10)]
                    self.assertEqual([len(each) for each in seen], [1] * 10)
                    self.assertGreater(len(set.union(*seen)), 1)
        finally:
            stop.set()
            writer.join()

    def test_10_000_idle_clients_cost_at_most_60_mib(self):
        count = min(10_000, self.files - 1000)
        for name in self.NODES:
            with self.subTest(node=name), contextlib.ExitStack() as stack:
                before = self.tree.resident_bytes(name)
                clients = [stack.enter_context(self.connect(name)) for _ in range(count)]
                for each in clients:
                    each.sendall(b"PING\r\n")
                for each in clients:
                    self.assertEqual(each.recv(100), b"+PONG\r\n")
                self.wait_memory(name, before + 60 * MIB)
                self.assertEqual(self.tree.metric(name, "node_clients"), count)

    def test_clients_that_fall_silent_keep_no_buffers(self):
        for name in self.NODES:
            with self.subTest(node=name), self.others_are_served(name):
                before = self.tree.resident_bytes(name)
                with contextlib.ExitStack() as stack:
                    clients = [stack.enter_context(self.connect(name)) for _ in range(2000)]
                    for each in clients:
                        each.sendall(b"GET large\r\n")
                    for each in clients:
                        with each.makefile("rb") as stream:
                            self.assertEqual(len(stream.read(60_000 + 10)), 60_010)
                    self.wait_memory(name, before + 64 * MIB)  # one buffer of each would be more

    def test_hundreds_of_clients_that_write_a_byte_at_a_time(self):
        for name in self.NODES:
            with self.subTest(node=name), self.others_are_served(name):
                clients = [self.connect(name) for _ in range(400)]
                for byte in get(7):
                    for each in clients:
                        each.sendall(bytes([byte]))
                for each in clients:
                    self.assertEqual(each.recv(100), b"$7\r\nvalue-7\r\n")
                    each.close()

    def test_a_storm_of_connections(self):
        for name in self.NODES:
            with self.subTest(node=name), self.others_are_served(name):
                for i in range(3000):
                    connection = self.connect(name)
                    connection.sendall(get(i)[:i % 20])
                    if i % 2 == 0:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    connection.close()
                wait_until(lambda: self.tree.metric(name, "node_clients") <= 1, "they are forgotten")

    def test_clients_that_never_read(self):
        data = resp.encode("GET", "large") * 10_000
        for name in self.NODES:
            with self.subTest(node=name), self.others_are_served(name):
                before = self.tree.resident_bytes(name)
                clients = [self.connect(name) for _ in range(20)]
                for each in clients:
                    each.setblocking(False)
                    with contextlib.suppress(BlockingIOError):
                        each.send(data)
                wait_until(lambda: self.tree.metric(name, "node_clients_paused_total") >= 20, "they are paused")
                self.assert_memory_below(before + 20 * 4 * MIB, self.tree.resident_bytes(name), f"{name} uses")
                for each in clients:
                    each.close()

    def test_values_that_are_only_announced(self):
        for name in self.NODES:
            with self.subTest(node=name), self.others_are_served(name):
                before = self.tree.resident_bytes(name)
                for size, answer in ((536_870_912, TOO_LONG), (16 << 20, None)):
                    clients = [self.connect(name) for _ in range(200)]
                    for each in clients:
                        each.sendall(b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$%d\r\nabc" % size)
                    for each in clients if answer else ():
                        self.assertEqual(each.recv(100), answer)
                        self.assertEqual(each.recv(100), b"")
                    self.assert_memory_below(before + 64 * MIB, self.tree.resident_bytes(name), f"{name} uses")
                    for each in clients:
                        each.close()

    def test_more_connections_than_files(self):
        name, files = "replica-1", 300
        self.tree.stop(name)
        wrapper = os.path.join(self.tree.dir, "few-files")
        with open(wrapper, "w", encoding="utf-8") as script:
            script.write(f'#!/bin/sh\nulimit -n {files}\nexec "{BINARY}" "$@"\n')
        os.chmod(wrapper, 0o700)
        self.tree.children.append(processes.start(self.tree.nodes[name], wrapper))
        self.tree.wait_ready(name)
        self.assertIn(f"may open {files} files (ulimit -Hn): clients_max is lowered from 20000 to {files // 2}",
                      self.tree.log(name))
        with self.others_are_served(name):
            clients = [self.connect(name) for _ in range(files)]
            for each in clients:
                with contextlib.suppress(ConnectionError):  # of one that was refused
                    each.sendall(b"PING\r\n")
            answers = [receive(each) for each in clients]
            self.assertEqual(answers.count(b"-ERR max number of clients reached\r\n"), files // 2 + 1)
            self.assertEqual(answers.count(b"+PONG\r\n"), files // 2 - 1)

    def test_a_node_without_a_free_file_goes_on_and_does_not_spin(self):
        name = "replica-1"
        pid = self.tree.pid(name)
        with self.others_are_served(name):
            limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (10, limits[1]))
            begin = time.monotonic()
            waiting = self.connect(name)
            waiting.sendall(b"PING\r\n")
            wait_until(lambda: self.tree.log(name).count("cannot accept") > 3, "it has tried again")
            tries, seconds = self.tree.log(name).count("cannot accept"), time.monotonic() - begin
            self.assertLessEqual(tries, seconds * 10 + 2)
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
            self.assertEqual(waiting.recv(100), b"+PONG\r\n")


if __name__ == "__main__":
    unittest.main()
