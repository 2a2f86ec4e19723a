# SPDX-License-Identifier: Apache-2.0
"""A tree of real nodes, each on a host of its own: a network namespace behind the lab's router."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import tempfile

from . import geography, plan, processes, resp
from .namespaces import Namespace
from .router import Router

INSTANCE = "default"


class Host:
    """One node and its network. It serves clients and HTTP on the host's loopback: what we ask is neither late nor
    lost."""

    def __init__(self, number, name, kind, place, directory):
        self.name, self.kind, self.place = name, kind, place
        self.address = f"10.77.{geography.PLACES.index(place)}.{number + 1}"
        self.node = plan.Node(name=name, kind=kind, client="127.0.0.1:7400", peer=f"{self.address}:7401",
                              admin="127.0.0.1:7402", http="127.0.0.1:7403", dir=os.path.join(directory, name),
                              datacenter=place)
        self.network = Namespace(self.address)
        self.child = None

    def start(self, binary):
        with self.network.inside():
            self.child = processes.start(self.node, binary)

    def signal(self, number):
        self.child.send_signal(number)

    def kill(self):
        self.child.kill()
        self.child.wait()

    def get(self, path):
        link = http.client.HTTPConnection(self.node.http, timeout=5)
        with self.network.inside(), contextlib.closing(link):
            link.request("GET", path)
            return link.getresponse().read().decode()

    def connect(self):
        with self.network.inside():
            return resp.Connection.to(self.node.client, timeout=30)

    def status(self):
        """The instance's part of /status.json; None while it does not answer."""
        try:
            every = json.loads(self.get("/status.json"))["instances"]
        except (OSError, http.client.HTTPException, ValueError):
            return None
        return next(each for each in every if each["name"] == INSTANCE)

    def path(self):
        """Names from the root to this node; none while it follows nobody."""
        status = self.status()
        if status is None or not status["upstream_connected"] or not status["path"]:
            return []
        return status["path"].split(" > ")

    def metrics(self):
        """{name without prefix and label: value} of the node and of the instance; empty if it does not answer."""
        found = {}
        try:
            lines = self.get("/metrics").splitlines()
        except (OSError, http.client.HTTPException):
            return found
        for line in lines:
            key, _, value = line.rpartition(" ")
            if key.startswith("argentum_"):
                found[key.removeprefix("argentum_").partition("{")[0]] = float(value)
        return found

    def known_members(self):
        """Those of /oracle.json; none while it does not answer."""
        try:
            return json.loads(self.get("/oracle.json"))["members"]
        except (OSError, http.client.HTTPException, ValueError):
            return []


def shape(places, intermediates, leaves):
    """(name, kind, place) of each node: the root in the first place; leaves of one place serve by turns as replicas
    and proxies."""
    yield "root", "root", places[0]
    for place in places:
        for i in range(intermediates):
            yield f"{place}-{i + 1}", "intermediate", place
    for place in places:
        for i in range(leaves):
            kind = ("replica", "proxy")[i % 2]
            yield f"{place}-{kind}-{i // 2 + 1}", kind, place


class Lab:
    """Hosts, router and data; all gone after `close`."""

    def __init__(self, binary, places, intermediates, leaves, loss, seed):
        self.binary = binary
        self.loss = loss
        self.directory = tempfile.mkdtemp(prefix="argentum-lab-")
        self.hosts = []
        self.router = None
        try:
            for number, (name, kind, place) in enumerate(shape(places, intermediates, leaves)):
                self.hosts.append(Host(number, name, kind, place, self.directory))
            self.router = Router({socket.inet_aton(host.address): (host.network.packets, host.place)
                                  for host in self.hosts}, geography.delays(), loss, seed)
        except BaseException:
            self.close()
            raise
        self._write_configs()

    def _write_configs(self):
        nodes = [host.node for host in self.hosts]
        options = plan.Options(instances=[INSTANCE])
        for node in nodes:
            os.makedirs(node.dir)
            with open(node.config_path, "w", encoding="utf-8") as file:
                file.write(plan.config_text(node, options, nodes))

    def start(self):
        for host in self.hosts:
            host.start(self.binary)

    def of(self, *kinds):
        return [host for host in self.hosts if host.kind in kinds]

    @property
    def root(self):
        return self.hosts[0]

    @property
    def members(self):
        return self.of("root", "intermediate")

    def host(self, name):
        return next(host for host in self.hosts if host.name == name)

    def total(self, metric):
        return sum(host.metrics().get(metric, 0) for host in self.hosts)

    def close(self):
        for host in self.hosts:
            if host.child and host.child.poll() is None:
                host.signal(signal.SIGCONT)
        processes.stop([host.node for host in self.hosts])
        for host in self.hosts:
            if host.child:
                host.child.wait()
            host.network.close()
        if self.router:
            self.router.close()
        shutil.rmtree(self.directory, ignore_errors=True)
