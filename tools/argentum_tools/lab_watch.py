# SPDX-License-Identifier: Apache-2.0
"""What the measures of a lab share: waiting, writing, how far behind nodes are, verdicts."""

import threading
import time

from . import resp

POLL_SECONDS = 0.1
PATIENCE_SECONDS = 180
WRITES_AT_ONCE = 20


class Overdue(Exception):
    """Something did not come about; a text for people."""


def on_time(good):
    return "ok" if good else "late"


def right(good):
    return "ok" if good else "wrong"


def wait_for(condition, what, seconds=PATIENCE_SECONDS):
    """Seconds that it took."""
    begin = time.monotonic()
    while not condition():
        if time.monotonic() - begin > seconds:
            raise Overdue(f"not within {seconds} s: {what}")
        time.sleep(POLL_SECONDS)
    return time.monotonic() - begin


class Writes:
    """A client of the root that writes small values at a steady rate until it is left."""

    def __init__(self, lab, per_second):
        self.connection = lab.root.connect()
        self.pause = WRITES_AT_ONCE / per_second
        self.ending = threading.Event()
        self.head = 0
        self.thread = threading.Thread(target=self._write, daemon=True)

    def _write(self):
        number = 0
        due = time.monotonic()
        while not self.ending.wait(max(0, due - time.monotonic())):
            due += self.pause
            keys = range(number, number + WRITES_AT_ONCE)
            self.connection.send(b"".join(resp.encode("SET", f"key-{n % 10_000}", n) for n in keys))
            for _ in keys:
                self.connection.read()
            number += WRITES_AT_ONCE
            self.head = self.connection.command("INDEX")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()
        self.connection.close()


def lags(hosts, head):
    """Entries that each is behind; who does not answer is left out."""
    found = [host.status() for host in hosts]
    return [head - status["index"] for status in found if status]


def worst_lag(hosts, writes, seconds):
    """Looked at often for so long."""
    worst = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        worst = max([worst, *lags(hosts, writes.head)])
        time.sleep(POLL_SECONDS)
    return worst


def tree_paths(lab):
    """{node: names from the root to it}, without the root."""
    return {host.name: host.path() for host in lab.hosts if host is not lab.root}


def all_members_known(lab):
    names = {host.name for host in lab.members}
    return all({each["node"] for each in host.known_members() if each["state"] == "alive"} == names - {host.name}
               for host in lab.members)
