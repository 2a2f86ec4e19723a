# SPDX-License-Identifier: Apache-2.0
"""A proxy whose disk holds a part of the values: it stays within its budget, answers everything right, and lives
through kill -9 in the middle of its evictions and through a disk that is really full."""

import os
import random
import subprocess
import unittest

from support import TreeTest, random_bytes, wait_until

KEYS = 1500
SIZE = 16 * 1024  # 24 MiB of values
MIB = 1 << 20
BUDGET = 12 * MIB
# A window that is small, so that values may go; RocksDB's own buffers are part of what a proxy takes of the disk.
SMALL = 'role = "proxy"\nwindow_span = "0s"\nwindow_entries = 20\n'


def directory_bytes(path):
    total = 0
    for folder, _, files in os.walk(path):
        for file in files:
            try:
                total += os.stat(os.path.join(folder, file)).st_blocks * 512
            except FileNotFoundError:
                pass  # compacted away meanwhile
    return total


class EvictionTest(TreeTest):
    UP = ("--instances", "default", "--intermediates", "0", "--replicas", "1", "--proxies", "1")

    def configure(self, lines, storage='write_buffers = "4MiB"\nblock_cache = "16MiB"\n'):
        self.tree.stop("proxy-1")
        self.tree.edit_config("proxy-1", 'role = "proxy"\n', SMALL + lines)
        self.tree.edit_config("proxy-1", "[tree]", "[storage]\n" + storage + "\n[tree]")
        self.tree.start("proxy-1")

    def load(self):
        index = self.write_bulk(KEYS, SIZE, "key")
        self.tree.wait_index(index, ["replica-1", "proxy-1"])
        with self.tree.redis("root") as client:
            self.values = client.mget([f"key-{i}" for i in range(KEYS)])

    def read(self, number):
        """Hot keys more often than others, all of them right."""
        with self.tree.redis("proxy-1") as client:
            for _ in range(number):
                i = random.randrange(50) if random.random() < 0.7 else random.randrange(KEYS)
                self.assertEqual(client.get(f"key-{i}"), self.values[i])

    def disk_bytes(self):
        return self.tree.metric("proxy-1", "disk_bytes")

    def in_budget(self):
        return self.disk_bytes() < BUDGET and directory_bytes(self.tree.data_dir("proxy-1")) < BUDGET + 4 * MIB


class BudgetTest(EvictionTest):
    def setUp(self):
        super().setUp()
        self.configure('soft_limit = "12MiB"\nhard_limit = "20MiB"\n')
        self.load()

    def test_it_stays_within_its_budget_and_answers_all(self):
        wait_until(self.in_budget, "the proxy has evicted what is too much")
        self.read(3000)
        wait_until(self.in_budget, "and what came in by reads")
        self.assertGreater(self.tree.metric("proxy-1", "values_evicted_total"), 0)
        self.assertGreater(self.tree.metric("proxy-1", "upkeep_bytes_freed_total"), 4 * MIB)
        self.assertEqual(self.tree.metric("proxy-1", "version_mismatches_total"), 0)
        with self.tree.redis("proxy-1") as client:
            self.assertEqual((client.dbsize(), client.get("absent")), (KEYS, None))
        self.assert_all_equal()

    def test_kill_in_the_middle_of_evictions_loses_nothing(self):
        for _ in range(4):
            steps = self.tree.metric("proxy-1", "upkeep_steps_total")
            index = self.write_bulk(400, SIZE, f"more-{random.randrange(1 << 30)}")
            # As long as the pause after a pass in vain, and more.
            wait_until(lambda before=steps: self.tree.metric("proxy-1", "upkeep_steps_total") > before, "a step",
                       seconds=120)
            self.tree.kill("proxy-1")
            self.tree.start("proxy-1")
            self.tree.wait_index(index, ["proxy-1"])
            self.read(100)
        wait_until(self.in_budget, "the proxy has evicted what is too much")
        self.assert_all_equal()

    def test_status_shows_what_an_operator_needs(self):
        wait_until(self.in_budget, "the proxy has evicted what is too much")
        space = self.tree.status("proxy-1")["space"]
        self.assertGreater(space["volume_bytes"], space["volume_free_bytes"])
        self.assertGreater(space["value_bytes"], 0)
        self.assertIn(space["admission"], ("open", "selective", "closed"))
        self.assertFalse(space["alarm"])


@unittest.skipUnless(os.geteuid() == 0, "mounting a small tmpfs takes root")
class FullDiskTest(EvictionTest):
    """A volume of its own: ENOSPC is real. RocksDB recovers once a whole write buffer has room again."""

    def setUp(self):
        super().setUp()
        self.tree.stop("proxy-1")
        data = self.tree.data_dir("proxy-1")
        os.makedirs(data, exist_ok=True)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", data], check=False)
        if mounted.returncode != 0:
            self.skipTest("tmpfs cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", data], check=False)
        self.tree.start("proxy-1")

    def test_a_full_disk_answers_all_and_recovers_without_a_restart(self):
        self.configure("")
        pid = self.tree.pid("proxy-1")
        ballast = os.path.join(self.tree.data_dir("proxy-1"), "ballast")
        self.load()
        self.read(500)
        with open(ballast, "wb", buffering=0) as file:  # another program takes all there is
            try:
                while True:
                    file.write(random_bytes(64 * 1024))
            except OSError:
                pass
        index = self.write_bulk(300, SIZE, "late")
        self.tree.wait_index(index, ["replica-1"])
        wait_until(lambda: self.tree.metric("proxy-1", "admission") == 2, "no value is cached any more")
        self.read(200)  # everything is answered all the same
        os.remove(ballast)
        self.tree.wait_index(index, ["proxy-1"])
        wait_until(lambda: self.tree.metric("proxy-1", "admission") < 2, "values are cached again")
        self.read(500)
        self.assert_all_equal()
        self.assertEqual(self.tree.pid("proxy-1"), pid)


if __name__ == "__main__":
    unittest.main()
