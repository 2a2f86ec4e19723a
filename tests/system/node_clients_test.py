# SPDX-License-Identifier: Apache-2.0
"""The npm packages redis and ioredis on every kind of node. The packages come from the npm registry, in the
versions of node/package-lock.json; without it the test is skipped and says so."""

import os
import shutil
import subprocess
import tempfile
import unittest

from support import TreeTest

SOURCES = os.path.join(os.path.dirname(os.path.realpath(__file__)), "node")
INSTALL_SECONDS = 120


class NodeClientsTest(TreeTest):
    UP = ("--instances", "default", "--intermediates", "0", "--replicas", "1", "--proxies", "1")

    def setUp(self):
        if not shutil.which("node") or not shutil.which("npm"):
            self.skipTest("Node.js or npm is not installed")
        self.dir = tempfile.mkdtemp(prefix="argentum-node-clients-")
        self.addCleanup(shutil.rmtree, self.dir)
        for name in os.listdir(SOURCES):
            shutil.copy(os.path.join(SOURCES, name), self.dir)
        try:
            installed = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=self.dir,
                                       capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                                       timeout=INSTALL_SECONDS)
        except subprocess.TimeoutExpired:
            self.skipTest(f"the npm registry does not answer within {INSTALL_SECONDS} s")
        if installed.returncode != 0:
            self.skipTest(f"npm cannot install from its registry: {installed.stderr.strip()[-500:]}")
        super().setUp()

    def test_redis_and_ioredis(self):
        with self.tree.redis("root") as root:
            root.mset({f"key-{i}": f"key-{i}" for i in range(1000)})
            self.tree.wait_index(root.execute_command("INDEX"))
        for name, mode in (("root", "writes"), ("replica-1", "reads-only"), ("proxy-1", "reads-only")):
            with self.subTest(node=name):
                result = subprocess.run(["node", "clients.js", *self.tree.nodes[name].client.rsplit(":", 1), mode],
                                        cwd=self.dir, capture_output=True, text=True, check=False, timeout=60,
                                        stdin=subprocess.DEVNULL)
                self.assertEqual((result.returncode, result.stdout + result.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
