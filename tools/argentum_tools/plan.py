# SPDX-License-Identifier: Apache-2.0
"""The plan of a playground tree: which nodes, in which datacenters, on which ports; and the TOML of each node.

Nodes find each other by the oracle, whose seeds are the root and the first intermediate; or, with `lists`, each
is told whom to follow and whom to ask.

The plan is kept as tree.json in the playground's directory. Configs are written once: a later `up` starts what
is there, so that a config edited by hand stays as edited.
"""

import json
import os
import socket
from dataclasses import asdict, dataclass, field

PORTS = ("client", "peer", "admin", "http")
# Kinds of nodes that are started together, one group after the other.
START_ORDER = (("root",), ("intermediate",), ("replica", "proxy"))
DEFAULT_PORT_BASE = 7400
DEFAULT_INSTANCES = ("default", "dns", "cdn")
DEFAULT_DATACENTERS = ("here",)
PORT_BLOCKS_TRIED = 100


class PlaygroundError(Exception):
    """A text for people; the command ends with it and exit code 1."""


@dataclass
class Node:
    name: str
    kind: str  # root | intermediate | replica | proxy
    client: str
    peer: str
    admin: str
    http: str
    dir: str
    datacenter: str | None = None  # None: there is no oracle, but the lists below
    upstreams: list = field(default_factory=list)
    replicas: list = field(default_factory=list)

    @property
    def config_path(self):
        return os.path.join(self.dir, "config.toml")

    @property
    def log_path(self):
        return os.path.join(self.dir, "log")


@dataclass
class Options:
    """What the shape of a tree depends on; `up` with other ones than the stored is refused."""
    intermediates: int = 2
    replicas: int = 1
    proxies: int = 1
    instances: list = field(default_factory=lambda: list(DEFAULT_INSTANCES))
    datacenters: list = field(default_factory=lambda: list(DEFAULT_DATACENTERS))
    lists: bool = False
    port_base: int | None = None
    log_age: str | None = None
    log_bytes: str | None = None


def node_names(options):
    """(name, kind) in the order in which nodes are started: upstreams first."""
    yield "root", "root"
    for kind, count in (("intermediate", options.intermediates), ("replica", options.replicas),
                        ("proxy", options.proxies)):
        for i in range(count):
            yield f"{kind}-{i + 1}", kind


def port_is_free(port):
    with socket.socket() as probe:
        # As the node does: ports of connections that ended a moment ago count as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def taken_ports(base, count):
    return [port for port in range(base, base + count) if not port_is_free(port)]


def choose_port_base(wanted, count):
    """`wanted` must be free as a whole; without a wish, the first free block from DEFAULT_PORT_BASE on."""
    if wanted is not None:
        if not 1 <= wanted <= 65536 - count:
            raise PlaygroundError(f"--port-base {wanted}: {count} ports from there on must lie in 1..65535")
        if taken := taken_ports(wanted, count):
            raise PlaygroundError(f"port {taken[0]} is already in use (needed: {wanted}-{wanted + count - 1}); "
                                  "choose another --port-base")
        return wanted
    for block in range(PORT_BLOCKS_TRIED):
        base = DEFAULT_PORT_BASE + block * 100
        if base + count <= 65536 and not taken_ports(base, count):
            return base
    raise PlaygroundError(f"no {count} free ports in a row from {DEFAULT_PORT_BASE} on; choose a --port-base")


def make_nodes(options, directory):
    """The nodes of a new tree."""
    names = list(node_names(options))
    port = choose_port_base(options.port_base, len(names) * len(PORTS))
    nodes = []
    for name, kind in names:
        addresses = {p: f"127.0.0.1:{port + i}" for i, p in enumerate(PORTS)}
        nodes.append(Node(name=name, kind=kind, dir=os.path.join(directory, name), **addresses))
        port += len(PORTS)
    by_kind = {}
    for node in nodes:
        by_kind.setdefault(node.kind, []).append(node)
    if options.lists:
        fill_lists({kind: [node.peer for node in group] for kind, group in by_kind.items()}, nodes)
    else:
        for group in by_kind.values():
            for i, node in enumerate(group):
                node.datacenter = options.datacenters[i % len(options.datacenters)]
    return nodes


def fill_lists(peers, nodes):
    """Leaves spread over the intermediates and can fail over to all others."""
    middle = peers.get("intermediate", [])
    leaves = 0
    for node in nodes:
        if node.kind == "intermediate":
            node.upstreams = peers["root"]
        elif node.kind != "root":
            turn = leaves % len(middle) if middle else 0
            node.upstreams = middle[turn:] + middle[:turn] + peers["root"]
            leaves += 1
        if node.kind == "proxy":
            node.replicas = peers.get("replica") or middle or peers["root"]


def seeds(nodes):
    """The root and the first intermediate."""
    first = next((node.peer for node in nodes if node.kind == "intermediate"), None)
    return [nodes[0].peer] + ([first] if first else [])


def toml(value):
    """Strings and lists of strings: JSON's form of them is valid TOML."""
    return json.dumps(value, ensure_ascii=False)


def tree_lines(node, nodes):
    """Where it finds the others."""
    lines = ["", "[tree]", f"root = {toml(nodes[0].client)}"]
    if node.upstreams:
        lines.append(f"upstreams = {toml(node.upstreams)}")
    if node.replicas:
        lines.append(f"replicas = {toml(node.replicas)}")
    if node.datacenter:
        lines += ["", "[oracle]", f"seeds = {toml(seeds(nodes))}"]
    return lines


def config_text(node, options, nodes):
    role = node.kind if node.kind in ("root", "intermediate") else "leaf"
    lines = ["# Written by tools/playground; edit it and restart the node to try something.", "[node]",
             f"name = {toml(node.name)}", f"role = {toml(role)}"]
    if node.datacenter:
        lines.append(f"datacenter = {toml(node.datacenter)}")
    lines += [f"data_dir = {toml(os.path.join(node.dir, 'data'))}", "", "[listen]"]
    lines += [f"{port} = {toml(getattr(node, port))}" for port in PORTS]
    lines += tree_lines(node, nodes)
    for instance in options.instances:
        proxy = node.kind == "proxy"
        lines += ["", "[[instance]]", f"name = {toml(instance)}", f"role = {toml('proxy' if proxy else 'replica')}"]
        if options.log_age and not proxy:
            lines.append(f"log_age = {toml(options.log_age)}")
        if options.log_bytes and not proxy:
            lines.append(f"log_bytes = {toml(options.log_bytes)}")
    return "\n".join(lines) + "\n"


def plan_path(directory):
    return os.path.join(directory, "tree.json")


def load(directory):
    """(options, nodes) of an existing playground, or None."""
    try:
        with open(plan_path(directory), encoding="utf-8") as file:
            stored = json.load(file)
        return Options(**stored["options"]), [Node(**node) for node in stored["nodes"]]
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise PlaygroundError(f"{plan_path(directory)} is damaged ({error}); remove {directory} by hand") from None


def create(options, directory):
    """Chooses ports, writes every config, and tree.json last: a half-made playground is made again."""
    nodes = make_nodes(options, directory)
    for node in nodes:
        os.makedirs(node.dir, exist_ok=True)
        with open(node.config_path, "w", encoding="utf-8") as file:
            file.write(config_text(node, options, nodes))
    with open(plan_path(directory) + ".new", "w", encoding="utf-8") as file:
        json.dump({"options": asdict(options), "nodes": [asdict(node) for node in nodes]}, file, indent=1)
    os.replace(file.name, plan_path(directory))
    return options, nodes
