# SPDX-License-Identifier: Apache-2.0
"""The process itself: command line, data directory lock, signals, memory of an idle node."""

import os
import re
import signal
import socket
import subprocess
import time
import unittest

from support import BINARY, TreeTest, wait_until

MIB = 1 << 20
TEN = ",".join(f"instance-{i}" for i in range(10))


def run(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, check=False, timeout=60,
                          stdin=subprocess.DEVNULL)


class ProcessTest(TreeTest):
    UP = ("--instances", "default", "--intermediates", "0", "--replicas", "1", "--proxies", "0")

    def test_a_second_start_on_the_same_data_is_refused(self):
        second = run("--config", self.tree.nodes["root"].config_path)
        self.assertEqual(second.returncode, 1)
        line = second.stderr.strip().splitlines()[-1]
        self.assertIn(self.tree.data_dir("root"), line)
        self.assertIn("in use", line)
        self.assertEqual(self.write(still=b"here"), 1)

    def test_a_port_in_use_is_named(self):
        config = self.tree.nodes["replica-1"].config_path
        second = run("--config", config, "--data-dir", os.path.join(self.tree.dir, "elsewhere"))
        self.assertEqual(second.returncode, 1)
        self.assertRegex(second.stderr, "127.0.0.1:.*in use")

    def test_wrong_configs_name_file_and_line(self):
        config = self.tree.nodes["replica-1"].config_path
        self.assertEqual(run("--config", config, "--check").returncode, 0)
        for old, new, text in (('role = "leaf"', 'role = "tree"', "root"), ("[tree]", "[trees]", "trees"),
                               ("data_dir", "data_dri", "data_dri"), ("upstreams = ", "#upstreams = ", "upstream"),
                               ('role = "replica"', 'role = 1', "replica")):
            self.tree.edit_config("replica-1", old, new)
            result = run("--config", config, "--check")
            self.tree.edit_config("replica-1", new, old)
            self.assertEqual(result.returncode, 2, new)
            self.assertRegex(result.stderr, re.escape(config) + r":\d+: .*" + text, new)
        self.assertEqual(run("--config", "/nowhere").returncode, 2)
        self.assertEqual(run("--nonsense").returncode, 2)
        self.assertRegex(run("--version").stdout, r"argentum-node \d+\.\d+\.\d+")

    def test_sigterm_ends_within_ten_seconds_under_load_and_loses_nothing(self):
        self.tree.stop("root")
        for name in ("root", "replica-1"):
            if name in self.tree.pids():
                self.tree.stop(name)
            child = self.tree.start(name)
            with self.tree.redis("root") as client:
                pipeline = client.pipeline(transaction=False)
                for i in range(2000):
                    pipeline.set(f"{name}-{i}", "x" * 100)
                pipeline.execute()
                head = client.execute_command("INDEX")
                begin = time.monotonic()
                os.kill(child.pid, signal.SIGTERM)
                self.assertEqual(child.wait(timeout=20), 0)
                self.assertLess(time.monotonic() - begin, 10)
            self.tree.start(name)
            self.assertEqual(self.tree.head(), head)
        self.assert_all_equal()

    def test_who_waits_for_an_index_holds_up_no_stop_and_is_forgotten_when_it_leaves(self):
        def waiters():
            text = self.tree.get_http("replica-1", "/metrics")[1]
            return int(float(re.search(r"^argentum_index_waiters\{.*\} (\S+)$", text, re.M)[1]))

        host, port = self.tree.nodes["replica-1"].client.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as leaving:
            leaving.sendall(b"WAITINDEX 1000000 0\r\nGET behind-it\r\n")
            wait_until(lambda: waiters() == 1, "somebody waits")
        wait_until(lambda: waiters() == 0, "nobody waits")
        self.tree.stop("replica-1")
        child = self.tree.start("replica-1")
        with socket.create_connection((host, int(port))) as waiting:
            waiting.sendall(b"WAITINDEX 1000000 0\r\n")
            wait_until(lambda: waiters() == 1, "somebody waits")
            begin = time.monotonic()
            os.kill(child.pid, signal.SIGTERM)
            self.assertEqual(waiting.recv(1), b"")
            self.assertEqual(child.wait(timeout=20), 0)
            self.assertLess(time.monotonic() - begin, 6)  # what is in flight would be waited for 8 s
        self.tree.start("replica-1")

    def test_health_readiness_and_metrics(self):
        for name in self.tree.names():
            self.assertEqual(self.tree.get_http(name, "/healthz")[0], 200)
            self.assertEqual(self.tree.get_http(name, "/nowhere")[0], 404)
            self.assertIn("# TYPE argentum_applied_index gauge", self.tree.get_http(name, "/metrics")[1])
        self.tree.wait_index(self.write(key=b"1"))
        wait_until(lambda: self.tree.status("replica-1")["lag_entries"] == 0, "no lag")
        wait_until(lambda: self.tree.status("root")["downstream_durable"] == self.tree.head(), "all on disk")
        self.assertEqual(self.tree.status("root")["downstreams"], 1)
        self.assertEqual(self.tree.status("root")["downstream_lag_entries"], 0)


class IdleTest(TreeTest):
    UP = ("--instances", TEN)

    def test_ten_empty_instances_stay_under_150_mib(self):
        for name in self.tree.names():
            self.assert_memory_below(150 * MIB, self.tree.resident_bytes(name), f"{name} uses")


if __name__ == "__main__":
    unittest.main()
