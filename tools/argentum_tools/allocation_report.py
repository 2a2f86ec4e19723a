# SPDX-License-Identifier: Apache-2.0
"""What came of an allocation: figures, a table, JSON, and the config of each server."""

import json
import os

from .allocation import PlanError, allocate
from .plan import PORTS, toml
from .report import table

GIB = 1 << 30


class Allocation:
    def __init__(self, plan):
        self.plan = plan
        self.roles = {}  # server: names of its replicas
        for datacenter in plan.datacenters():
            usable = {each.name: plan.usable_bytes(each) for each in plan.servers if each.datacenter == datacenter}
            self.roles |= allocate(usable, plan.instances, plan.replicas, plan.split, datacenter)

    def role(self, server, instance):
        return "replica" if instance.name in self.roles[server.name] else "proxy"

    def names(self, server, role):
        return [each.name for each in self.plan.instances if self.role(server, each) == role]

    def used_bytes(self, server):
        return sum(each.replica_bytes if self.role(server, each) == "replica" else each.proxy_bytes
                   for each in self.plan.instances)

    def holders(self, datacenter, instance):
        """Servers that hold it as a replica."""
        return [each for each in self.plan.servers
                if each.datacenter == datacenter and instance.name in self.roles[each.name]]

    def sums(self, datacenter):
        servers = [each for each in self.plan.servers if each.datacenter == datacenter]
        full = len(servers) * sum(each.replica_bytes for each in self.plan.instances)
        used = sum(self.used_bytes(each) for each in servers)
        return {"datacenter": datacenter, "servers": len(servers), "all_replica_bytes": full, "used_bytes": used,
                "saved_bytes": full - used}

    def as_dict(self):
        datacenters = self.plan.datacenters()
        return {
            "servers": [{"name": each.name, "datacenter": each.datacenter, "disk_bytes": each.disk_bytes,
                         "used_bytes": self.used_bytes(each), "replica": self.names(each, "replica"),
                         "proxy": self.names(each, "proxy")} for each in self.plan.servers],
            "instances": [{"name": each.name, "replica_bytes": each.replica_bytes, "proxy_bytes": each.proxy_bytes,
                           "replicas": {name: len(self.holders(name, each)) for name in datacenters}}
                          for each in self.plan.instances],
            "datacenters": [self.sums(name) for name in datacenters]}


def gib(size):
    return f"{size / GIB:,.1f} GiB"


def percent(part, whole):
    return f"{100 * part / whole:.0f}%" if whole else "-"


def as_text(allocation):
    rows = [("server", "datacenter", "disk", "used", "", "replica", "proxy")]
    for server in allocation.plan.servers:
        used = allocation.used_bytes(server)
        rows.append((server.name, server.datacenter, gib(server.disk_bytes), gib(used),
                     percent(used, server.disk_bytes), ",".join(allocation.names(server, "replica")) or "-",
                     ",".join(allocation.names(server, "proxy")) or "-"))
    lines = [table(rows), ""]
    for sums in map(allocation.sums, allocation.plan.datacenters()):
        lines.append(f"{sums['datacenter']}: {gib(sums['used_bytes'])} instead of {gib(sums['all_replica_bytes'])} "
                     f"with replicas only, {percent(sums['saved_bytes'], sums['all_replica_bytes'])} saved")
    return "\n".join(lines)


def config_text(allocation, server):
    plan = allocation.plan
    # All others, whatever their roles are now: roles may change while nodes run, this list may not.
    replicas = [other.address("peer") for other in plan.servers
                if other.datacenter == server.datacenter and other is not server]
    lines = ["# Written by tools/allocate.", "[node]", f"name = {toml(server.name)}", 'role = "leaf"',
             f"datacenter = {toml(server.datacenter)}", f"data_dir = {toml(plan.data_dir)}", "", "[listen]"]
    lines += [f"{port} = {toml(server.address(port))}" for port in PORTS]
    lines += ["", "[tree]", f"upstreams = {toml(list(dict.fromkeys(server.upstreams + plan.upstreams)))}"]
    lines.append(f"replicas = {toml(replicas)}")
    if plan.root:
        lines.append(f"root = {toml(plan.root)}")
    for instance in plan.instances:
        lines += ["", "[[instance]]", f"name = {toml(instance.name)}",
                  f"role = {toml(allocation.role(server, instance))}"]
    return "\n".join(lines) + "\n"


def write_configs(allocation, directory):
    """One file a server, each replaced as a whole; nothing is written if something is missing."""
    plan = allocation.plan
    for server in plan.servers:
        if not server.host:
            raise PlanError(f"server {server.name} has no host; --write-configs needs one")
        if not server.upstreams and not plan.upstreams:
            raise PlanError(f"server {server.name} has no upstreams; --write-configs needs one")
    os.makedirs(directory, exist_ok=True)
    for server in plan.servers:
        path = os.path.join(directory, f"{server.name}.toml")
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(config_text(allocation, server))
        os.replace(file.name, path)


def as_json(allocation):
    return json.dumps(allocation.as_dict())
