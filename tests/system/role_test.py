# SPDX-License-Identifier: Apache-2.0
"""An instance changes its role and back, by command and by reload, while clients read from the node: no error, no
wrong answer, nothing that goes back in time."""

import os
import random
import signal
import threading
import unittest

import redis
from support import TreeTest, wait_until

KEYS = 1000
COUNTERS = 20


class Load:
    """Reads a node by some connections until it is ended, while a writer counts at the root."""

    def __init__(self, tree, name, values):
        self.tree, self.name, self.values = tree, name, values
        self.problems = []
        self.reads = 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.guard, args=(work,))
                        for work in [self.write] + 3 * [self.read]]
        for thread in self.threads:
            thread.start()

    def guard(self, work):
        try:
            work()
        except Exception as error:  # whatever a client sees of the change
            self.problems.append(repr(error))

    def write(self):
        with self.tree.redis("root") as client:
            while not self.over.wait(0.001):
                client.incr(f"counter-{random.randrange(COUNTERS)}")

    def read(self):
        seen = [0] * COUNTERS
        with self.tree.redis(self.name) as client:
            while not self.over.is_set():
                some = random.sample(range(KEYS), 5)
                number = random.randrange(COUNTERS)
                answers = client.mget([f"key-{i}" for i in some] + ["absent"])
                count = int(client.get(f"counter-{number}") or 0)
                one = client.get(f"key-{some[0]}")
                if answers != [self.values[i] for i in some] + [None] or one != answers[0] or count < seen[number]:
                    self.problems.append(f"keys {some}, counter {number}: {count} after {seen[number]}")
                seen[number] = count
                self.reads += 1

    def more_reads(self):
        """Waits until there were some since now."""
        before = self.reads
        wait_until(lambda: self.reads > before + 100 or self.problems, "clients read on")

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join()
        return self.problems


class RoleTest(TreeTest):
    UP = ("--instances", "default,other", "--log-bytes", "1MiB")

    def setUp(self):
        super().setUp()
        index = self.write_bulk(KEYS, 4096, "key")
        self.tree.wait_index(index)
        with self.tree.redis("root") as client:
            self.values = client.mget([f"key-{i}" for i in range(KEYS)])

    def admin(self, *command):
        host, port = self.tree.nodes["proxy-1"].admin.rsplit(":", 1)
        with redis.Redis(host, int(port), socket_timeout=10) as client:
            return client.execute_command(*command)

    def roles(self):
        status = self.tree.status("proxy-1")
        return status["role"], status["data_role"]

    def wait_role(self, role):
        wait_until(lambda: self.roles() == (role, role), f"it is a {role}")
        wait_until(lambda: f"default: is a {role} now" in self.tree.log("proxy-1").rsplit("becomes a ", 1)[-1],
                   "the other role's data are read no more")

    def reload(self, line):
        """Has the node read its config again and waits for what it says."""
        before = self.tree.log("proxy-1").count(line)
        os.kill(self.tree.pid("proxy-1"), signal.SIGHUP)
        wait_until(lambda: self.tree.log("proxy-1").count(line) > before, line)

    def test_by_command_under_load(self):
        load = Load(self.tree, "proxy-1", self.values)
        try:
            for role in ("replica", "proxy", "replica", "proxy"):
                load.more_reads()
                self.assertTrue(self.admin("INSTANCE", "ROLE", "default", role).startswith(b"OK"))
                self.wait_role(role)
                load.more_reads()
        finally:
            problems = load.end()
        self.assertEqual(problems, [])
        self.assertGreater(self.tree.metric("proxy-1", "misses_total"), 0)
        self.assert_all_equal()

    def test_a_replica_needs_nobody_and_a_restart_goes_by_the_config(self):
        self.assertEqual(self.admin("INSTANCE", "ROLE", "default", "replica"),
                         b"OK, but the config says proxy: a restart or reload makes default one again")
        self.wait_role("replica")
        for name in ("replica-1", "root"):
            self.tree.kill(name)
        with self.tree.redis("proxy-1") as client:
            self.assertEqual(client.mget([f"key-{i}" for i in range(KEYS)]), self.values)
        for name in ("root", "replica-1"):
            self.tree.start(name)
        self.tree.stop("proxy-1")
        self.tree.start("proxy-1")
        wait_until(lambda: self.roles() == ("proxy", "proxy"), "it is what the config says")

    def test_what_is_refused(self):
        for name, role, text in (("dns", "proxy", "no instance has this name"),
                                 ("default", "root", "the role is replica or proxy")):
            with self.assertRaisesRegex(redis.ResponseError, text):
                self.admin("INSTANCE", "ROLE", name, role)

    def test_by_reload(self):
        entry = 'name = "default"\nrole = '
        self.tree.edit_config("proxy-1", entry + '"proxy"', entry + '"replica"')
        self.reload("has taken the roles of")
        self.wait_role("replica")
        self.assertEqual(self.tree.status("proxy-1", "other")["role"], "proxy")
        self.assertEqual(self.admin("INSTANCE", "ROLE", "default", "replica"), b"OK")
        self.tree.edit_config("proxy-1", entry + '"replica"', entry + '"proxy"')
        self.tree.edit_config("proxy-1", "[tree]\n", '[limits]\nclients_max = 77\n\n[tree]\n')
        self.reload("limits.clients_max has changed; while the node runs only roles of instances may change")
        self.assertEqual(self.roles(), ("replica", "replica"), "nothing is taken over in part")
        self.tree.edit_config("proxy-1", "[limits]\nclients_max = 77\n\n", "")
        self.reload("has taken the roles of")
        self.wait_role("proxy")
        self.assertEqual(len(self.tree.pids()), len(self.tree.nodes))


if __name__ == "__main__":
    unittest.main()
