#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Last part of tools/quickstart: waits until every node has the root's data, reads a record everywhere with
redis-cli, shows the disk that each node uses, and says how to go on."""

import json
import os
import subprocess
import sys
import time

TOOLS = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, TOOLS)
from argentum_tools import plan, report, resp  # noqa: E402  (runs as a script too)

SAMPLE_KEY = "redis-tools"
CATCH_UP_MILLISECONDS = 60_000


def read_with_redis_cli(node):
    """The command as one can repeat it, and a short form of its answer."""
    words = ["redis-cli", "-p", node.client.rsplit(":", 1)[1], "GET", SAMPLE_KEY]
    answer = subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()
    try:
        record = json.loads(answer)
        answer = f"{record['Version']}: {record['Description']}"
    except (ValueError, KeyError):
        pass
    return " ".join(words), answer[:60]


def main():
    nodes = plan.load(os.path.join(os.path.dirname(TOOLS), "data", "playground"))[1]
    root = nodes[0]
    with resp.Connection.to(root.client) as connection:
        head = connection.command("INDEX")
    begin = time.monotonic()
    for node in nodes:
        with resp.Connection.to(node.client, CATCH_UP_MILLISECONDS / 1000 + 5) as connection:
            connection.command("WAITINDEX", head, CATCH_UP_MILLISECONDS)
    seconds = time.monotonic() - begin
    rows = [("node", "index", "keys", "disk", "read it yourself", "answer (shortened)")]
    for node in nodes:
        disk = report.mib(report.disk_bytes(os.path.join(node.dir, "data")))
        rows.append((node.name, *report.position(node, 0), disk, *read_with_redis_cli(node)))
    print(report.table(rows))
    print(f"All {len(nodes)} nodes had index {head} {seconds:.1f} s after the load.\n")
    print(f"""Go on:  redis-cli -p {root.client.rsplit(':', 1)[1]} SET hello world    write at the root
        redis-cli -p {nodes[-1].client.rsplit(':', 1)[1]} GET hello          read at {nodes[-1].name}
        tools/playground status              who runs, how far each is
Stop:   tools/playground down                all nodes; data stays, --purge removes it""")
    return 0


if __name__ == "__main__":
    sys.exit(main())
