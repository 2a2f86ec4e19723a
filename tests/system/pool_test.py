# SPDX-License-Identifier: Apache-2.0
"""Clients of a proxy that asks three replicas for every value do not notice when one of them is killed, comes back,
stops or is slow: no error, and a p99.9 that is printed for each half second (timings are shown, not judged)."""

import os
import shutil
import signal
import statistics
import time
import unittest

from steady_reader import SteadyReaders, windows
from support import TreeTest, wait_until
from tcp_proxy import TcpProxy

KEYS = 3000
SIZE = 1024
READERS = 4
PHASE_SECONDS = 5
SETTLED_SECONDS = 2
SLOW_SECONDS = 0.5
# Over its hard limit from the start: nothing that is fetched is kept, so every read is a miss.
FULL = 'role = "proxy"\nwindow_span = "0s"\nwindow_entries = 20\nsoft_limit = "1KiB"\nhard_limit = "2KiB"\n'


class PoolTest(TreeTest):
    UP = ("--instances", "default", "--log-bytes", "1MiB", "--intermediates", "1", "--replicas", "3")

    def setUp(self):
        super().setUp()
        self.tree.stop("proxy-1")
        shutil.rmtree(self.tree.data_dir("proxy-1"))
        index = self.write_bulk(KEYS, SIZE, "key")
        self.tree.wait_index(index, self.tree.names("intermediate", "replica"))
        wait_until(lambda: self.tree.metric("intermediate-1", "log_base_index") > 0, "its log is cut")
        self.slow = TcpProxy(self.tree.nodes["replica-3"].peer)
        self.addCleanup(self.slow.close)
        with open(self.tree.nodes["proxy-1"].config_path, encoding="utf-8") as file:
            replicas = next(line for line in file if line.startswith("replicas = "))
        self.tree.edit_config("proxy-1", replicas, replicas.replace(self.slow_target(), self.slow.address))
        self.tree.edit_config("proxy-1", 'role = "proxy"\n', FULL)
        self.tree.start("proxy-1")
        wait_until(lambda: self.tree.metric("proxy-1", "admission") == 2, "nothing is kept any more")
        wait_until(lambda: [each["state"] for each in self.pool()] == ["linked"] * 3, "all replicas are linked")

    def slow_target(self):
        return self.tree.nodes["replica-3"].peer

    def pool(self):
        return self.tree.status("proxy-1")["pool"]["replicas"]

    def phases(self):
        """(what happens, how) in turn"""
        pid = self.tree.pid("replica-2")
        return [("all is well", lambda: None),
                ("replica-1 is killed", lambda: self.tree.kill("replica-1")),
                ("replica-1 is started", lambda: self.tree.start("replica-1", ready=False)),
                ("replica-2 is stopped", lambda: os.kill(pid, signal.SIGSTOP)),
                ("replica-2 goes on", lambda: os.kill(pid, signal.SIGCONT)),
                ("replica-3 is slow by 500 ms", lambda: self.slow.slow_down(SLOW_SECONDS)),
                ("replica-3 is quick again", lambda: self.slow.slow_down(0))]

    def test_a_sick_replica_is_no_matter_for_clients(self):
        misses = self.tree.metric("proxy-1", "misses_total")
        readers = SteadyReaders(self.tree.nodes["proxy-1"].client, [(b"key-%d" % i, SIZE) for i in range(KEYS)],
                                READERS)
        began = []
        for what, happen in self.phases():
            began.append((what, time.monotonic()))
            happen()
            end = began[-1][1] + PHASE_SECONDS
            wait_until(lambda end=end: time.monotonic() > end, what)
            print(what, [(each["address"], each["state"], each["reason"], round(each["share"], 2))
                         for each in self.pool()])
        began.append(("end", time.monotonic()))
        answers, wrong = readers.stop()
        self.show(answers, began)
        self.assertEqual(wrong, [])
        self.assertGreaterEqual(self.tree.metric("proxy-1", "misses_total") - misses, len(answers))
        self.assertEqual(self.tree.metric("proxy-1", "lookups_failed_total"), 0)

    def show(self, answers, began):
        for (what, begin), (_, end) in zip(began, began[1:]):
            rows = windows(answers, begin, end)
            settled = [tail for at, _, tail, _ in rows if at >= SETTLED_SECONDS]
            median = statistics.median(settled)
            print(f"{what}: p99.9 after {SETTLED_SECONDS} s {median:.1f} ms (median of windows)")
            for at, count, tail, longest in rows:
                print(f"  {at:4.1f} s  {count:6} reads  p99.9 {tail:8.1f} ms  longest {longest:8.1f} ms")
        names = ("hedges", "hedges_won", "lookup_retries", "replicas_isolated", "misses_shed")
        print({name: int(self.tree.metric("proxy-1", name + "_total")) for name in names})


if __name__ == "__main__":
    unittest.main()
