# SPDX-License-Identifier: Apache-2.0
"""What people and scripts see of a playground: tables, JSON, disk use, positions."""

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


def mib(size):
    return f"{size / (1 << 20):.1f} MiB"


def show_status(nodes, pids, ready, instance):
    rows = [("name", "kind", "client", "state", "pid", f"index of {instance}", "keys", "disk")]
    for node in nodes:
        state = "ready" if node.name in ready else "not ready" if node.name in pids else "stopped"
        index, keys = position(node, instance) if node.name in pids else ("-", "-")
        rows.append((node.name, node.kind, node.client, state, pids.get(node.name, "-"), index, keys,
                     mib(disk_bytes(os.path.join(node.dir, "data")))))
    print(table(rows))
