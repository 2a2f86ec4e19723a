# SPDX-License-Identifier: Apache-2.0
"""tools/playground with a stand-in for the node: plan, configs, life cycle, errors."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import tomllib
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(REPOSITORY, "tools"))
from argentum_tools import plan, processes  # noqa: E402

PLAYGROUND = os.path.join(REPOSITORY, "tools", "playground")
FAKE_NODE = os.path.join(os.path.dirname(os.path.realpath(__file__)), "fake_node.py")


class PlanTest(unittest.TestCase):
    def plan(self, **options):
        return plan.make_nodes(plan.Options(**options), "/d")

    def config(self, name, **options):
        options = plan.Options(**options)
        nodes = plan.make_nodes(options, "/d")
        return tomllib.loads(plan.config_text(next(node for node in nodes if node.name == name), options, nodes))

    def test_a_node_knows_its_datacenter_and_two_seeds(self):
        nodes = {node.name: node for node in self.plan(intermediates=3, datacenters=["a", "b"])}
        self.assertEqual([node.datacenter for node in nodes.values()], ["a", "a", "b", "a", "a", "a"])
        config = self.config("intermediate-2", intermediates=3, datacenters=["a", "b"])
        self.assertEqual(config["node"]["datacenter"], "b")
        self.assertEqual(config["oracle"], {"seeds": [nodes["root"].peer, nodes["intermediate-1"].peer]})
        self.assertEqual(config["tree"], {"root": nodes["root"].client})
        self.assertEqual(self.config("proxy-1", intermediates=0)["oracle"], {"seeds": [nodes["root"].peer]})

    def test_with_lists_there_is_no_oracle(self):
        config = self.config("proxy-1", lists=True)
        self.assertNotIn("oracle", config)
        self.assertNotIn("datacenter", config["node"])
        self.assertEqual((len(config["tree"]["upstreams"]), len(config["tree"]["replicas"])), (3, 1))

    def test_in_lists_leaves_spread_over_the_intermediates_and_can_use_all_others(self):
        nodes = {node.name: node for node in self.plan(lists=True, intermediates=2, replicas=2, proxies=1)}
        first, second = nodes["intermediate-1"].peer, nodes["intermediate-2"].peer
        root = nodes["root"].peer
        self.assertEqual(nodes["root"].upstreams, [])
        self.assertEqual(nodes["intermediate-1"].upstreams, [root])
        self.assertEqual(nodes["replica-1"].upstreams, [first, second, root])
        self.assertEqual(nodes["replica-2"].upstreams, [second, first, root])
        self.assertEqual(nodes["proxy-1"].replicas, [nodes["replica-1"].peer, nodes["replica-2"].peer])

    def test_without_replica_leaves_a_proxy_asks_the_next_best(self):
        nodes = {node.name: node for node in self.plan(lists=True, intermediates=1, replicas=0)}
        self.assertEqual(nodes["proxy-1"].replicas, [nodes["intermediate-1"].peer])
        nodes = {node.name: node for node in self.plan(lists=True, intermediates=0, replicas=0)}
        self.assertEqual(nodes["proxy-1"].replicas, [nodes["root"].peer])

    def test_configs_are_toml_with_the_documented_keys(self):
        options = plan.Options(instances=["a", "b"], log_age="10s", log_bytes="64KiB")
        nodes = plan.make_nodes(options, "/tmp/a \"quoted\" dir")
        configs = {node.name: tomllib.loads(plan.config_text(node, options, nodes)) for node in nodes}
        self.assertEqual([configs[name]["node"]["role"] for name in ("root", "intermediate-1", "replica-1")],
                         ["root", "intermediate", "leaf"])
        self.assertEqual(configs["proxy-1"]["instance"], [{"name": "a", "role": "proxy"},
                                                          {"name": "b", "role": "proxy"}])
        self.assertEqual(configs["root"]["instance"][1],
                         {"name": "b", "role": "replica", "log_age": "10s", "log_bytes": "64KiB"})
        self.assertEqual(configs["root"]["node"]["data_dir"], "/tmp/a \"quoted\" dir/root/data")
        self.assertNotIn("upstreams", configs["root"]["tree"])

    def test_a_taken_port_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            with self.assertRaisesRegex(plan.PlaygroundError, f"port {port} is already in use"):
                plan.choose_port_base(port, 4)  # the first: its neighbours may be taken, too


class LifeTest(unittest.TestCase):
    def setUp(self):
        self.dir = os.path.realpath(tempfile.mkdtemp(prefix="argentum-playground-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.addCleanup(self.run_playground, "down")

    def run_playground(self, command, *more):
        if command == "up":
            more += ("--binary", FAKE_NODE)
        return subprocess.run([PLAYGROUND, command, "--dir", self.dir, *more], capture_output=True, text=True,
                              check=False, stdin=subprocess.DEVNULL, timeout=120)

    def nodes(self):
        return plan.load(self.dir)[1]

    def test_up_status_down(self):
        up = self.run_playground("up", "--json", "--instances", "a,b")
        self.assertEqual(up.returncode, 0, up.stderr)
        nodes = json.loads(up.stdout)["nodes"]
        self.assertEqual([node["kind"] for node in nodes],
                         ["root", "intermediate", "intermediate", "replica", "proxy"])
        self.assertEqual(set(nodes[0]), {"name", "kind", "client", "peer", "admin", "http", "pid", "dir"})
        self.assertEqual({node["name"]: node["pid"] for node in nodes}, processes.running(self.nodes()))

        again = self.run_playground("up")
        self.assertIn("Already running", again.stdout)
        self.assertEqual({node["name"]: node["pid"] for node in nodes}, processes.running(self.nodes()))
        self.assertIn("proxy-1", self.run_playground("status").stdout)
        self.assertEqual(self.run_playground("status", "--json").stdout, up.stdout)

        os.kill(nodes[1]["pid"], 9)
        self.assertEqual(self.run_playground("status").returncode, 1)
        self.assertIn("Started 1 of 5", self.run_playground("up").stdout)

        down = self.run_playground("down")
        self.assertEqual((down.returncode, processes.running(self.nodes())), (0, {}), down.stderr)
        self.assertTrue(os.path.exists(os.path.join(self.dir, "root", "config.toml")))
        self.assertEqual(self.run_playground("down", "--purge").returncode, 0)
        self.assertEqual(os.listdir(self.dir), ["lock"])

    def test_another_shape_in_the_same_directory_is_refused(self):
        self.assertEqual(self.run_playground("up", "--intermediates", "0", "--replicas", "0").returncode, 0)
        other = self.run_playground("up", "--intermediates", "1")
        self.assertEqual(other.returncode, 1)
        self.assertIn("another shape", other.stderr)

    def test_a_node_that_dies_is_shown_with_its_log_and_nothing_stays(self):
        up = self.run_playground("up", "--instances", "broken")
        self.assertEqual(up.returncode, 1)
        self.assertRegex(up.stderr, r"ended with exit code 3(.|\n)*the disk is on fire")
        self.assertEqual(processes.running(self.nodes()), {})

    def test_a_node_that_ignores_sigterm_is_killed(self):
        self.run_playground("up", "--intermediates", "0", "--replicas", "0", "--instances", "stubborn")
        down = self.run_playground("down")
        self.assertIn("killed after 10 s: proxy-1, root", down.stdout)
        self.assertEqual(processes.running(self.nodes()), {})

    def test_wrong_arguments_and_missing_things_are_one_clear_line(self):
        for arguments, text in ((("up", "--instances", "a,a"), "twice"),
                                (("up", "--instances", "a,7"), "no instance name"),
                                (("up", "--datacenters", "a,.b"), "no datacenter name"),
                                (("up", "--proxies", "-1"), "not a number"),
                                (("up", "--port-base", "70000"), "1..65535"), (("status",), "no playground")):
            result = self.run_playground(*arguments)
            self.assertNotEqual(result.returncode, 0)
            self.assertIn(text, result.stderr.splitlines()[-1])
        result = subprocess.run([PLAYGROUND, "up", "--dir", self.dir, "--binary", "/nowhere"], check=False,
                                capture_output=True, text=True)
        self.assertRegex(result.stderr, "cannot start /nowhere: No such file")


if __name__ == "__main__":
    unittest.main()
