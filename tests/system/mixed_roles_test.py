# SPDX-License-Identifier: Apache-2.0
"""Instances of different roles on one leaf: they share one link to their upstream and stay apart in all else."""

import json
import shutil
import unittest

from support import TreeTest, wait_until


class MixedRolesTest(TreeTest):
    UP = ("--instances", "dns,cdn,waf", "--intermediates", "1", "--proxies", "0", "--log-bytes", "64KiB")

    def links(self, name):
        return json.loads(self.tree.get_http(name, "/status.json")[1])["links"]

    def test_a_replica_and_a_proxy_on_one_leaf(self):
        self.tree.stop("replica-1")
        shutil.rmtree(self.tree.data_dir("replica-1"))
        self.tree.edit_config("replica-1", 'name = "cdn"\nrole = "replica"', 'name = "cdn"\nrole = "proxy"')
        self.tree.edit_config("replica-1", "[tree]\n", f'[tree]\nreplicas = ["{self.tree.nodes["root"].peer}"]\n')
        values = {name: [f"{name}-{i}".encode() * 2000 for i in range(100)] for name in ("dns", "cdn")}
        for name, list_of in values.items():
            with self.tree.redis("root", name) as client:
                for i, value in enumerate(list_of):
                    client.set(f"key-{i}", value)
            wait_until(lambda name=name: self.tree.metric("intermediate-1", "log_base_index", name) > 0,
                       "the log is cut")
        self.tree.start("replica-1")
        roles = {name: self.tree.status("replica-1", name)["role"] for name in ("dns", "cdn", "waf")}
        self.assertEqual(roles, {"dns": "replica", "cdn": "proxy", "waf": "replica"})
        self.assertEqual(self.links("replica-1"), 2, "one to the upstream for all instances, one for misses")
        for name, list_of in values.items():
            with self.tree.redis("replica-1", name) as client:
                self.assertEqual(client.mget([f"key-{i}" for i in range(len(list_of))]), list_of)
                self.assertEqual(self.tree.metric("replica-1", "misses_total", name), 0 if name == "dns" else 100)
        with self.tree.redis("replica-1", "waf") as client:
            self.assertEqual((client.dbsize(), client.get("key-0")), (0, None))


if __name__ == "__main__":
    unittest.main()
