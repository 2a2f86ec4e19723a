# SPDX-License-Identifier: Apache-2.0
"""Nodes that know no more than two seeds and the name of their datacenter: they find each other, follow another
when one is killed, and keep out who lacks the key."""

import json
import unittest

from support import TreeTest, wait_until
from writer import Writer

MEMBERS = {"root", "intermediate-1", "intermediate-2", "intermediate-3"}
PLACES = {"ams": "1", "sin": "2"}  # which number the nodes there have


class OracleTest(TreeTest):
    UP = ("--instances", "default", "--intermediates", "3", "--replicas", "2", "--proxies", "2",
          "--datacenters", ",".join(PLACES))
    ORACLE = True

    def members(self, name):
        """Those that a member knows to be alive, itself among them."""
        status, text = self.tree.get_http(name, "/oracle.json")
        known = json.loads(text) if status == 200 else {"members": [], "own": {"node": None}}
        return {each["node"] for each in known["members"] if each["state"] == "alive"} | {known["own"]["node"]}

    def wait_members(self, *names):
        for name in names:
            wait_until(lambda name=name: self.members(name) == set(names), f"{name} knows {names}")

    def upstream(self, name):
        """The name of the node that it follows."""
        status = self.tree.status(name)
        return status["upstream"] if status["upstream_connected"] else None

    def keep_leaves_below(self):
        """The root is full with its intermediates: leaves follow these."""
        self.tree.restart(lambda: self.tree.edit_config("root", "[tree]\n", "[tree]\ndownstreams_max = 3\n"))

    def pool(self, name):
        """(rank, address) of the replicas that a proxy can ask."""
        replicas = self.tree.status(name).get("pool", {"replicas": []})["replicas"]
        return {(each["rank"], each["address"]) for each in replicas if each["state"] == "linked"}

    def test_a_tree_builds_itself_and_its_proxies_find_replicas(self):
        self.wait_members(*MEMBERS)
        self.assert_all_equal()
        for name in self.tree.names("intermediate", "replica", "proxy"):
            self.assertIsNotNone(wait_until(lambda name=name: self.upstream(name), f"{name} follows"))
        own, other = (self.tree.nodes["replica-" + number].peer for number in PLACES.values())
        wait_until(lambda: {(0, own), (1, other)} <= self.pool("proxy-1"), "the nearest replica comes first")

    def test_a_killed_intermediate_is_replaced_under_writes(self):
        self.keep_leaves_below()
        dead = wait_until(lambda: self.upstream("replica-1"), "it follows")
        self.assertIn("intermediate", dead)
        writer = Writer("w", lambda: self.tree.redis("root"), batch=10).start()
        self.addCleanup(writer.ending.set)
        wait_until(lambda: writer.acknowledged > 100, "writes go on")
        self.tree.kill(dead)
        followers = [name for name in self.tree.names("replica", "proxy", "intermediate") if name != dead]
        wait_until(lambda: all(self.upstream(name) not in (None, dead) for name in followers), "all follow others")
        at = writer.acknowledged
        wait_until(lambda: writer.acknowledged > at + 100, "writes still go on")
        writer.stop()
        self.tree.wait_index(self.tree.head(), followers)
        self.assertEqual([self.tree.metric(name, "snapshots_received_total") for name in followers],
                         [0] * len(followers), "from where they were")
        wait_until(lambda: dead not in self.members("root"), "the root knows")
        self.tree.start(dead)
        self.wait_members(*MEMBERS)
        self.assert_all_equal()

    def test_a_leaf_remembers_who_there_was(self):
        self.keep_leaves_below()
        self.tree.wait_index(self.write(before=b"1"))
        self.tree.stop("replica-1")  # it keeps what it knows
        for name in ("root", "intermediate-1"):  # all of its seeds, and perhaps its upstream
            self.tree.kill(name)
        self.tree.start("replica-1", ready=False)
        wait_until(lambda: self.upstream("replica-1") in ("intermediate-2", "intermediate-3"), "it finds its way")
        self.tree.start("root")
        self.tree.wait_index(self.write(after=b"1"), ["replica-1"])

    def test_who_lacks_the_key_stays_outside(self):
        strangers = ("intermediate-3", "replica-2")

        def give_keys():
            for name, node in self.tree.nodes.items():
                path = node.dir + "/keys"
                with open(path, "w", encoding="ascii") as file:
                    file.write(f"a key that only {name} has\n" if name in strangers else "the key of this tree\n")
                self.tree.edit_config(name, "[oracle]\n", f'[oracle]\nkeys_file = "{path}"\n')

        self.tree.restart(give_keys, not_ready=strangers)
        inside = sorted(MEMBERS - set(strangers))
        self.wait_members(*inside)
        wait_until(lambda: self.tree.metric("root", "node_datagrams_unauthentic_total") > 10, "it knocks")
        self.tree.wait_index(self.write(key=b"1"), [name for name in self.tree.names() if name not in strangers])
        self.wait_members(*inside)
        for name in strangers:
            self.assertIsNone(self.upstream(name), name)


if __name__ == "__main__":
    unittest.main()
