# SPDX-License-Identifier: Apache-2.0
"""What people and scripts see of a playground: tables, JSON, disk use, positions."""

import contextlib
import http.client
import json
import os

from . import resp
from .plan import PORTS


def table(rows):
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def show(nodes, pids, as_json):
    if as_json:
        keys = ("name", "kind") + PORTS
        print(json.dumps({"nodes": [{key: getattr(node, key) for key in keys}
                                    | {"pid": pids.get(node.name), "dir": node.dir} for node in nodes]}))
        return
    print(table([("name", "kind") + PORTS + ("pid",)]
                + [(node.name, node.kind) + tuple(getattr(node, port) for port in PORTS)
                   + (pids.get(node.name, "-"),) for node in nodes]))


def disk_bytes(path):
    """Blocks in use, as du counts; files may vanish meanwhile."""
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                total += os.lstat(os.path.join(folder, name)).st_blocks * 512
            except FileNotFoundError:
                pass
    return total


def position(node, instance):
    """(index, keys) of an instance at a node; dashes if it doesn't answer."""
    try:
        with resp.Connection.to(node.client, timeout=5) as connection:
            connection.command("SELECT", instance)
            return connection.command("INDEX"), connection.command("DBSIZE")
    except (OSError, resp.ReplyError):
        return "-", "-"


def followed(node, instance):
    """The name of the node that an instance follows; a dash for a root, and for one that follows nobody."""
    try:
        with contextlib.closing(http.client.HTTPConnection(node.http, timeout=5)) as connection:
            connection.request("GET", "/status.json")
            every = json.loads(connection.getresponse().read())["instances"]
    except (OSError, http.client.HTTPException, ValueError):
        return "-"
    mine = next((each for each in every if each["name"] == instance), {"upstream_connected": False})
    return mine["upstream"] if mine["upstream_connected"] else "-"


def mib(size):
    return f"{size / (1 << 20):.1f} MiB"


def show_status(nodes, pids, ready, instance):
    rows = [("name", "kind", "datacenter", "client", "state", "pid", "follows", f"index of {instance}", "keys",
             "disk")]
    for node in nodes:
        state = "ready" if node.name in ready else "not ready" if node.name in pids else "stopped"
        index, keys = position(node, instance) if node.name in pids else ("-", "-")
        upstream = followed(node, instance) if node.name in pids else "-"
        rows.append((node.name, node.kind, node.datacenter or "-", node.client, state, pids.get(node.name, "-"),
                     upstream, index, keys, mib(disk_bytes(os.path.join(node.dir, "data")))))
    print(table(rows))
