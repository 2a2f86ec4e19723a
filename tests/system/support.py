# SPDX-License-Identifier: Apache-2.0
"""Real trees for the system tests: tools/playground in a directory of their own, taken down whatever happens.

`wait_until` is the only place where a test lets time pass: it polls a condition and fails at a deadline.
"""

import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import redis

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(REPOSITORY, "tools"))
from argentum_tools import plan, processes  # noqa: E402

PLAYGROUND = os.path.join(REPOSITORY, "tools", "playground")
BINARY = os.environ.get("ARGENTUM_NODE", os.path.join(REPOSITORY, "build", "release", "bin", "argentum-node"))
POLL_SECONDS = 0.02
SANITIZED = "ARGENTUM_SANITIZED" in os.environ  # set by builds with a sanitizer
SANITIZER_REPORTS = ("Sanitizer: ", "runtime error: ")
SECONDS = 60  # of patience: a shared machine can be slow, and a test that passes never waits this long
# Below the ports that the system gives to outgoing connections, so that a node that is down finds its port again.
PORT_BASES = range(10_000, 30_000, 100)


def wait_until(condition, what, seconds=SECONDS):
    """The first true value of condition(); errors of a node that is not there (yet) count as false."""
    deadline = time.monotonic() + seconds
    last = None
    while True:
        try:
            last = condition()
            if last:
                return last
        except (OSError, redis.RedisError, http.client.HTTPException) as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}; last: {last!r}")
        time.sleep(POLL_SECONDS)


def random_bytes(count):
    """Does not compress, so that sizes on the wire are what they seem."""
    return os.urandom(count)


class Tree:
    """A playground. Nodes are named as there: root, intermediate-1, replica-1, proxy-1, ..."""

    def __init__(self, *up_arguments):
        self.dir = os.path.realpath(tempfile.mkdtemp(prefix="argentum-system-"))
        self.up_arguments = up_arguments
        self.nodes = {}
        self.children = []  # processes that the test started itself

    def up(self):
        for base in random.sample(PORT_BASES, len(PORT_BASES)):
            result = subprocess.run([PLAYGROUND, "up", "--json", "--dir", self.dir, "--binary", BINARY,
                                     "--port-base", str(base), *self.up_arguments], check=False, text=True,
                                    capture_output=True, stdin=subprocess.DEVNULL)
            if result.returncode == 0:
                break
            if "already in use" not in result.stderr:
                raise AssertionError(result.stderr)
        self.nodes = {node.name: node for node in plan.load(self.dir)[1]}
        return self

    def down(self):
        """Stops all, also stopped (SIGSTOP) ones, and removes the data. Fails if a sanitizer found something."""
        for pid in self.pids().values():
            os.kill(pid, signal.SIGCONT)
        processes.stop(list(self.nodes.values()))
        for child in self.children:
            child.wait()
        logs = {name: self.log(name) for name in self.nodes if SANITIZED}
        shutil.rmtree(self.dir, ignore_errors=True)
        for name, log in logs.items():
            places = [place for place in map(log.find, SANITIZER_REPORTS) if place >= 0]
            assert not places, f"{name}: {log[max(0, min(places) - 200):][:8000]}"

    def names(self, *kinds):
        return [node.name for node in self.nodes.values() if not kinds or node.kind in kinds]

    def pids(self):
        return processes.running(list(self.nodes.values()))

    def pid(self, name):
        return self.pids()[name]

    # -- life of a node ---------------------------------------------------------------------------------------
    def start(self, name, ready=True):
        """The process; `ready`: wait until it says so."""
        child = processes.start(self.nodes[name], BINARY)
        self.children.append(child)
        if ready:
            self.wait_ready(name)
        return child

    def wait_ready(self, name):
        wait_until(lambda: processes.is_ready(self.nodes[name]), f"{name} is ready")

    def stop(self, name, number=signal.SIGTERM):
        """Sends the signal and waits until the process is gone."""
        pid = self.pid(name)
        os.kill(pid, number)
        wait_until(lambda: processes.is_gone(pid), f"{name} is gone after signal {number}")

    def kill(self, name):
        self.stop(name, signal.SIGKILL)

    def restart(self, edit, not_ready=()):
        """Stops all, calls `edit`, and starts them again, upstreams first; some of them are not to become ready."""
        processes.stop(list(self.nodes.values()))
        edit()
        for name in self.nodes:
            self.start(name, ready=name not in not_ready)

    def edit_config(self, name, old, new):
        path = self.nodes[name].config_path
        with open(path, encoding="utf-8") as file:
            text = file.read()
        assert old in text, (old, text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))

    def data_dir(self, name):
        return os.path.join(self.nodes[name].dir, "data")

    def log(self, name):
        with open(self.nodes[name].log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def resident_bytes(self, name):
        with open(f"/proc/{self.pid(name)}/status", encoding="ascii", errors="replace") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:")) * 1024

    # -- what a node says -------------------------------------------------------------------------------------
    def redis(self, name, instance=None, timeout=SECONDS):
        """One connection; values are bytes."""
        host, port = self.nodes[name].client.rsplit(":", 1)
        client = redis.Redis(host, int(port), socket_timeout=timeout, socket_connect_timeout=5,
                             single_connection_client=True)
        if instance is not None:
            client.execute_command("SELECT", instance)
        return client

    def get_http(self, name, path):
        """(status, body)"""
        with contextlib.closing(http.client.HTTPConnection(self.nodes[name].http, timeout=10)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def status(self, name, instance="default"):
        """The instance's part of /status.json."""
        every = json.loads(self.get_http(name, "/status.json")[1])["instances"]
        return next(each for each in every if each["name"] == instance)

    def metric(self, name, metric, instance="default"):
        """A value from /metrics, of the instance or, if there is no such line, of the node."""
        for line in self.get_http(name, "/metrics")[1].splitlines():
            key, _, value = line.rpartition(" ")
            if key in (f'argentum_{metric}{{instance="{instance}"}}', f"argentum_{metric}"):
                return float(value)
        raise AssertionError(f"{name} has no metric argentum_{metric}")

    def digest(self, name, instance=None):
        with self.redis(name, instance) as client:
            flat = client.execute_command("DIGEST")
        return {key.decode(): value for key, value in zip(flat[::2], flat[1::2])}

    def head(self, instance=None):
        with self.redis("root", instance) as client:
            return client.execute_command("INDEX")

    def wait_index(self, index, names=None, instance=None):
        for name in names or self.names():
            with self.redis(name, instance, timeout=SECONDS + 10) as client:
                client.execute_command("WAITINDEX", index, SECONDS * 1000)


class TreeTest(unittest.TestCase):
    """A test with a tree; UP are the arguments of `playground up`. Who follows whom is known, but for tests of the
    oracle."""

    UP = ("--instances", "default")
    ORACLE = False

    def setUp(self):
        self.tree = Tree(*self.UP, *(() if self.ORACLE else ("--lists",)))
        self.addCleanup(self.tree.down)
        self.tree.up()

    def write(self, name="root", **pairs):
        with self.tree.redis(name) as client:
            client.mset({key.encode(): value for key, value in pairs.items()})
            return client.execute_command("INDEX")

    def write_bulk(self, count, size, prefix="bulk"):
        """Random values under prefix-0, prefix-1, ...; returns the index of the last write."""
        with self.tree.redis("root") as client:
            done = 0
            while done < count:
                pipeline = client.pipeline(transaction=False)
                for i in range(done, min(count, done + max(1, (8 << 20) // size))):
                    pipeline.set(f"{prefix}-{i}", random_bytes(size))
                    done = i + 1
                pipeline.execute()
            return client.execute_command("INDEX")

    def assert_memory_below(self, most, used, what):
        """Bytes. With a sanitizer, whose own memory counts as the node's, they are not judged."""
        if not SANITIZED:
            self.assertLess(used, most, f"{what} {used >> 20} MiB")

    def assert_all_equal(self, instance=None):
        """Every node is at the root's index and has its keys; every replica its values too."""
        self.tree.wait_index(self.tree.head(instance), instance=instance)
        expected = self.tree.digest("root", instance)
        for name in self.tree.names():
            digest = self.tree.digest(name, instance)
            if self.tree.nodes[name].kind == "proxy":
                digest["value_digest"] = expected["value_digest"]
            self.assertEqual(digest, expected, name)
