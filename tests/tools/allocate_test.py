# SPDX-License-Identifier: Apache-2.0
"""tools/allocate: what holds for any plan, on random ones; what is wrong with a plan; configs that a node takes."""

import json
import os
import random
import subprocess
import sys
import tempfile
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(REPOSITORY, "tools"))
from argentum_tools.allocation import Instance, PlanError, allocate  # noqa: E402

ALLOCATE = os.path.join(REPOSITORY, "tools", "allocate")
NODE = os.environ.get("ARGENTUM_NODE", os.path.join(REPOSITORY, "build", "release", "bin", "argentum-node"))
GB = 10 ** 9
SEEDS = [int(os.environ["ARGENTUM_SEED"])] if "ARGENTUM_SEED" in os.environ else []


def random_instances(dice):
    return [Instance(f"i{n}", GB, GB * dice.randint(1, 30)) for n in range(dice.randint(4, 12))]


def random_servers(dice, instances, count):
    every = sum(each.replica_bytes for each in instances)
    return {f"s{n}": int(every * dice.uniform(0.8, 1.4)) for n in range(count)}


def used(instances, replicas):
    return sum(each.replica_bytes if each.name in replicas else each.proxy_bytes for each in instances)


def changed(one, other):
    return sum(len(one[name] ^ other[name]) for name in one.keys() & other.keys())


class RandomPlansTest(unittest.TestCase):
    """Each with a seed; replay one with ARGENTUM_SEED=N python3 tests/tools/allocate_test.py RandomPlansTest"""

    def each_plan(self, count, check, servers=None):
        """What `check(dice, instances, servers)` says of each."""
        said = []
        for seed in SEEDS or range(count):
            dice = random.Random(seed)
            instances = random_instances(dice)
            with self.subTest(seed=seed):
                said.append(check(dice, instances, random_servers(dice, instances, servers or dice.randint(5, 20))))
        return said

    def test_every_promise_holds_or_the_plan_is_refused(self):
        def check(dice, instances, servers):
            servers = {name: size // dice.choice((1, 2, 3)) for name, size in servers.items()}
            least = dice.randint(1, 3)
            try:
                roles = allocate(servers, instances, least, 0.5, "x")
            except PlanError:
                return False
            self.assertEqual(roles.keys(), servers.keys())
            for name, size in servers.items():
                self.assertLessEqual(used(instances, roles[name]), size)
            for each in instances:
                self.assertGreaterEqual(sum(each.name in names for names in roles.values()), least)
            return True
        said = self.each_plan(300, check)
        if not SEEDS:
            self.assertGreater(said.count(True), 100)
            self.assertGreater(said.count(False), 0)

    def test_the_order_of_the_plan_means_nothing(self):
        def check(dice, instances, servers):
            names = dice.sample(list(servers), len(servers))
            self.assertEqual(allocate(servers, instances, 2, 0.5, "x"),
                             allocate({name: servers[name] for name in names},
                                      dice.sample(instances, len(instances)), 2, 0.5, "x"))
        self.each_plan(50, check)

    def test_disks_are_about_as_full_as_each_other(self):
        def check(_, instances, servers):
            roles = allocate(servers, instances, 2, 0.5, "x")
            full = [used(instances, roles[name]) / size for name, size in servers.items()]
            largest = max(each.extra_bytes for each in instances) / min(servers.values())
            self.assertLessEqual(max(full) - min(full), largest + 0.2)
        self.each_plan(100, check)

    def test_half_of_the_roles_are_replicas_where_disks_allow_it(self):
        def check(_, instances, servers):
            roles = allocate(servers, instances, 1, 0.5, "x")
            share = sum(map(len, roles.values())) / len(servers) / len(instances)
            self.assertGreaterEqual(share, 0.35)
            self.assertLessEqual(share, 0.501 + 0.5 / len(servers))
        self.each_plan(50, check)

    def test_a_server_more_or_less_moves_few_roles(self):
        def check(_, instances, servers):
            roles = allocate(servers, instances, 2, 0.5, "x")
            less = dict(servers)
            del less["s0"]
            moved = changed(roles, allocate(less, instances, 2, 0.5, "x")) / len(less) / len(instances)
            self.assertLessEqual(moved, 8 / len(servers))
            return moved
        for count in (5, 10, 30):
            moved = self.each_plan(30, check, count)
            mean = sum(moved) / len(moved)
            print(f"{count} servers, one leaves: {100 * mean:.0f}% of the others' roles change", file=sys.stderr)
            self.assertLessEqual(mean, 3.5 / count)


class PlacesTest(unittest.TestCase):
    def refused(self, servers, instances, least=2):
        with self.assertRaises(PlanError) as caught:
            allocate(servers, instances, least, 0, "ams")
        return str(caught.exception)

    def test_what_is_missing_is_said(self):
        one = [Instance("dns", 10, 100)]
        self.assertIn("need as many servers; there are 1", self.refused({"a": 1000}, one))
        self.assertIn("server b of ams: proxies of all instances take 10 bytes, 3 more",
                      self.refused({"a": 1000, "b": 7}, one))
        self.assertIn("1 of 2 replicas of instance dns have a place; the next takes 90 bytes more than a proxy, "
                      "and b, the emptiest of the other servers, lacks 20", self.refused({"a": 100, "b": 80}, one))

    def test_replicas_change_places_to_make_room(self):
        small, mid, large = Instance("small", 0, 2), Instance("mid", 0, 3), Instance("large", 0, 4)
        roles = allocate({"a": 5, "b": 4}, [small, mid, large], 1, 0, "x")
        self.assertEqual(sorted(map(sorted, roles.values())), [["large"], ["mid", "small"]])

    def test_without_a_split_there_are_no_more_than_there_must_be(self):
        roles = allocate({name: 1000 for name in "abcdef"}, [Instance("dns", 1, 10)], 2, 0, "x")
        self.assertEqual(sum(map(len, roles.values())), 2)


PLAN = {"upstreams": ["10.0.0.1:7401"], "root": "root.example:7400",
        "instance": [{"name": "dns", "keys": "1GiB", "values": "11GiB"},
                     {"name": "cdn", "keys": GB, "replica": 12 * GB, "proxy_share": "1%"}],
        "server": [{"name": f"{place}-{n}", "datacenter": place, "disk": "40GiB", "host": f"10.1.0.{n}"}
                   for place in ("ams", "sin") for n in range(1, 5)]}
TOML = """
upstreams = ["10.0.0.1:7401"]
[[instance]]
name = "dns"
keys = "1GiB"
values = "11GiB"
[[server]]
name = "ams-1"
datacenter = "ams"
disk = "40GiB"
[[server]]
name = "ams-2"
datacenter = "ams"
disk = "40GiB"
"""


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory()
        self.addCleanup(self.home.cleanup)

    def run_with(self, plan, *options):
        path = os.path.join(self.home.name, "plan")
        with open(path, "w", encoding="utf-8") as file:
            file.write(plan if isinstance(plan, str) else json.dumps(plan))
        return subprocess.run([sys.executable, "-B", ALLOCATE, path, *options], capture_output=True, text=True)

    def test_json_tells_roles_and_what_is_saved(self):
        found = json.loads(self.run_with(PLAN, "--json").stdout)
        self.assertEqual([each["name"] for each in found["servers"]], [each["name"] for each in PLAN["server"]])
        for server in found["servers"]:
            self.assertEqual(sorted(server["replica"] + server["proxy"]), ["cdn", "dns"])
        self.assertEqual(found["instances"][1]["proxy_bytes"], GB + 11 * GB // 100)
        for each in found["instances"]:
            self.assertEqual(each["replicas"], {"ams": 2, "sin": 2})
        for sums in found["datacenters"]:
            self.assertEqual(sums["all_replica_bytes"] - sums["used_bytes"], sums["saved_bytes"])
            self.assertGreater(sums["saved_bytes"], 0.3 * sums["all_replica_bytes"])

    def test_toml_and_a_table(self):
        done = self.run_with(TOML)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("ams: 24.0 GiB instead of 24.0 GiB with replicas only, 0% saved", done.stdout)

    def test_a_wrong_plan_is_one_line_and_nothing_is_written(self):
        configs = os.path.join(self.home.name, "configs")
        for plan, text in (("x = ", "Invalid value"), (TOML + "ports = 1\n", "server 2: ports is an unknown key"),
                           ("{", "Expecting"), ("{}", "instance is missing; expected at least one [[instance]]"),
                           (TOML.replace("11GiB", "11 GB"), "instance 1: values: '11 GB'; expected bytes"),
                           (TOML.replace('"dns"', '"12"'), "expected a name that is no number"),
                           (TOML.replace('values = "11GiB"', ""), "dns needs either values or replica"),
                           (TOML.replace("ams-2", "ams-1"), "server ams-1 is there twice"),
                           (TOML.replace("40GiB", "4GiB"), "0 of 2 replicas of instance dns have a place"),
                           (TOML, "server ams-1 has no host")):
            done = self.run_with(plan, "--write-configs", configs)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (1, "", 1), done.stderr)
            self.assertIn(text, done.stderr)
            self.assertFalse(os.path.exists(configs))

    def test_a_node_takes_the_configs(self):
        configs = os.path.join(self.home.name, "configs")
        self.assertEqual(self.run_with(PLAN, "--write-configs", configs).returncode, 0)
        self.assertEqual(sorted(os.listdir(configs)), sorted(f"{each['name']}.toml" for each in PLAN["server"]))
        for name in os.listdir(configs):
            done = subprocess.run([NODE, "--config", os.path.join(configs, name), "--check"], capture_output=True,
                                  text=True)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "ok\n", ""))


if __name__ == "__main__":
    unittest.main()
