# SPDX-License-Identifier: Apache-2.0
"""Starts, finds and stops the processes of a playground.

A node's process is found by its command line (`--config <its config file>`), not by a stored pid: pids are
reused, files about them go stale, and a node started by hand with the same config belongs to the tree too.
"""

import contextlib
import http.client
import os
import signal
import subprocess
import time

from .plan import PlaygroundError, taken_ports

POLL_SECONDS = 0.02
STOP_SECONDS = 10
LOG_TAIL_LINES = 20


def command_line(pid):
    """Empty for a process that is gone or only waits for its parent (a zombie)."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().decode(errors="replace").split("\0")
    except OSError:
        return []


def is_gone(pid):
    """The command line goes first when a process ends, its ports later: with its last thread. What is left of it
    until its parent has taken notice (a zombie) holds nothing."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            state = file.read().rpartition(")")[2].split()[0]
        return state in "ZX" and len(os.listdir(f"/proc/{pid}/task")) == 1
    except OSError:
        return True


def running(nodes):
    """{node name: pid} of the nodes that have a process."""
    names = {node.config_path: node.name for node in nodes}
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        words = command_line(entry)
        for flag, path in zip(words, words[1:]):
            if flag == "--config" and path in names:
                found[names[path]] = int(entry)
    return found


def start(node, binary):
    """Detached: in a session of its own, without our input, writing to the node's log."""
    for kind in ("client", "peer", "admin", "http"):
        port = int(getattr(node, kind).rsplit(":", 1)[1])
        if taken_ports(port, 1):
            raise PlaygroundError(f"{node.name}: {kind} port {port} is already in use by another program")
    with open(node.log_path, "ab") as log:
        try:
            return subprocess.Popen([binary, "--config", node.config_path], stdin=subprocess.DEVNULL, stdout=log,
                                    stderr=log, start_new_session=True, cwd=node.dir)
        except OSError as error:
            raise PlaygroundError(f"cannot start {binary}: {error.strerror}; build it with tools/build, or name it "
                                  "with --binary") from None


def is_ready(node):
    try:
        with contextlib.closing(http.client.HTTPConnection(node.http, timeout=2)) as connection:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False


def log_tail(node):
    try:
        with open(node.log_path, "rb") as file:
            file.seek(max(0, os.path.getsize(node.log_path) - 65536))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return "(no log)"
    return "\n".join(f"  {node.name} | {line}" for line in lines[-LOG_TAIL_LINES:])


def wait_ready(nodes, children, seconds):
    """Until every node answers /readyz; `children` are the processes started just now, by node name."""
    deadline = time.monotonic() + seconds
    waiting = list(nodes)
    while waiting:
        waiting = [node for node in waiting if not is_ready(node)]
        for node in nodes:
            child = children.get(node.name)
            if child is not None and child.poll() is not None:
                raise PlaygroundError(f"{node.name} ended with exit code {child.returncode}; "
                                      f"the end of its log ({node.log_path}):\n{log_tail(node)}")
        if waiting and time.monotonic() > deadline:
            node = waiting[0]
            names = ", ".join(each.name for each in waiting)
            raise PlaygroundError(f"not ready after {seconds:g} s: {names}; the end of "
                                  f"the log of {node.name} ({node.log_path}):\n{log_tail(node)}")
        if waiting:
            time.sleep(POLL_SECONDS)


def send_signal(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def stop(nodes):
    """SIGTERM to all, SIGKILL to those that are still there after STOP_SECONDS. Returns (stopped, killed) names.

    Leaves stop first, so that they don't look for another upstream meanwhile."""
    found = running(nodes)
    for node in reversed(nodes):
        if node.name in found:
            send_signal(found[node.name], signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    left = set(found)
    while left and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        left = {name for name in left if not is_gone(found[name])}
    killed = set(left)
    while left:
        for name in left:
            send_signal(found[name], signal.SIGKILL)
        time.sleep(POLL_SECONDS)
        left = {name for name in left if not is_gone(found[name])}
    return set(found), killed
