# SPDX-License-Identifier: Apache-2.0
"""What tools/allocate is told: TOML, or JSON of the same shape. Unknown keys are errors, as in a node's config.

    replicas = 2              # of each instance in each datacenter, at least
    split = "50%"             # of a datacenter's servers hold an instance as a replica, where the disks allow it
    keep_free = "20%"         # of each disk: compactions, a full copy beside the data in use
    upstreams = ["10.0.0.1:7401"]  # for --write-configs; a server's own ones come before these
    root = "root.example:7400"     # for --write-configs, optional
    data_dir = "/var/lib/argentum"

    [[instance]]
    name = "dns"
    keys = "2GiB"
    values = "22GiB"          # or `replica`: bytes of a replica's directory
    proxy_share = "20%"       # of the values that a proxy holds

    [[server]]
    name = "ams-1"
    datacenter = "ams"
    disk = "100GiB"
    host = "10.1.0.1"         # for --write-configs: what others reach it by
    port = 7400               # the first of four: client, peer, admin, http
    upstreams = []
"""

import json
import re
import tomllib
from dataclasses import dataclass

from .allocation import Instance, PlanError

UNITS = {"": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
NAME = re.compile(r"(?!\.)[A-Za-z0-9_.-]{1,64}")
INSTANCES_MAX = 64
REQUIRED = object()


@dataclass(frozen=True)
class Server:
    name: str
    datacenter: str
    disk_bytes: int
    host: str
    port: int
    upstreams: list

    def address(self, which):
        """client, peer, admin or http: four ports in a row. The last two are for this machine only."""
        number = ("client", "peer", "admin", "http").index(which)
        return f"{self.host if number < 2 else '127.0.0.1'}:{self.port + number}"


@dataclass(frozen=True)
class Plan:
    replicas: int
    split: float
    keep_free: float
    upstreams: list
    root: str
    data_dir: str
    instances: list
    servers: list

    def datacenters(self):
        """Names in order."""
        return sorted({server.datacenter for server in self.servers})

    def usable_bytes(self, server):
        return int(server.disk_bytes * (1 - self.keep_free))


class Section:
    """Takes keys out of a table; each error names the key."""

    def __init__(self, table, where):
        if not isinstance(table, dict):
            raise PlanError(f"{where or 'the plan'} is no table")
        self.left = dict(table)
        self.where = where

    def wrong(self, key, value, expected):
        return PlanError(f"{self.where}{key}: {value!r}; expected {expected}")

    def take(self, key, expected, parse, default=REQUIRED):
        if key not in self.left:
            if default is REQUIRED:
                raise PlanError(f"{self.where}{key} is missing; expected {expected}")
            return default
        value = self.left.pop(key)
        parsed = parse(value)
        if parsed is None:
            raise self.wrong(key, value, expected)
        return parsed

    def name(self, key, default=REQUIRED):
        return self.take(key, "1 to 64 of A-Z a-z 0-9 _ . - and no leading dot", name, default)

    def text(self, key, default):
        return self.take(key, "a text", lambda value: value if isinstance(value, str) else None, default)

    def size(self, key, default=REQUIRED):
        return self.take(key, 'bytes, or a text such as "20GiB"', size, default)

    def share(self, key, default):
        return self.take(key, 'a share such as "20%"', share, default)

    def integer(self, key, default, least, most):
        return self.take(key, f"{least} to {most}", lambda value: value if type(value) is int
                         and least <= value <= most else None, default)

    def texts(self, key):
        return self.take(key, "a list of texts", lambda value: value if isinstance(value, list)
                         and all(isinstance(each, str) for each in value) else None, [])

    def sections(self, key):
        found = self.take(key, f"at least one [[{key}]]", lambda value: value if isinstance(value, list) and value
                          else None)
        return [Section(each, f"{key} {number + 1}: ") for number, each in enumerate(found)]

    def refuse_unknown(self):
        for key in self.left:
            raise PlanError(f"{self.where}{key} is an unknown key")


def name(value):
    return value if isinstance(value, str) and NAME.fullmatch(value) else None


def size(value):
    match = re.fullmatch(r"(\d{1,15})(\w*)", str(value)) if type(value) in (int, str) else None
    return int(match[1]) * UNITS[match[2]] if match and match[2] in UNITS else None


def share(value):
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)%", value) if isinstance(value, str) else None
    return float(match[1]) / 100 if match and float(match[1]) <= 100 else None


def read_instance(section):
    called = section.name("name")
    if called.isdigit():
        raise section.wrong("name", called, "a name that is no number")
    keys = section.size("keys")
    given = [key for key in ("values", "replica") if key in section.left]
    if len(given) != 1:
        raise PlanError(f"{section.where}{called} needs either values or replica")
    values = section.size(given[0]) - (keys if given[0] == "replica" else 0)
    if values < 0:
        raise PlanError(f"{section.where}{called} as a replica takes less than its keys")
    proxy = keys + int(values * section.share("proxy_share", 0.2))
    section.refuse_unknown()
    return Instance(called, proxy, keys + values)


def read_server(section):
    server = Server(section.name("name"), section.name("datacenter"), section.size("disk"),
                    section.text("host", ""), section.integer("port", 7400, 1, 65532), section.texts("upstreams"))
    section.refuse_unknown()
    return server


def once_each(what, items):
    seen = set()
    for item in items:
        if item.name in seen:
            raise PlanError(f"{what} {item.name} is there twice")
        seen.add(item.name)
    return items


def read_plan(table):
    top = Section(table, "")
    instances = once_each("instance", [read_instance(each) for each in top.sections("instance")])
    if len(instances) > INSTANCES_MAX:
        raise PlanError(f"{len(instances)} instances are too many; expected at most {INSTANCES_MAX}")
    plan = Plan(top.integer("replicas", 2, 1, 1000), top.share("split", 0.5), top.share("keep_free", 0.2),
                top.texts("upstreams"), top.text("root", ""), top.text("data_dir", "/var/lib/argentum"), instances,
                once_each("server", [read_server(each) for each in top.sections("server")]))
    top.refuse_unknown()
    return plan


def load_plan(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        return read_plan(json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text))
    except PlanError as error:
        raise PlanError(f"{path}: {error}") from None
    except ValueError as error:  # of both parsers
        raise PlanError(f"{path}: {error}") from None
