# SPDX-License-Identifier: Apache-2.0
"""Writes records into a node with a bounded pipeline of SET commands, one reply for each record.

One SET a record, not MSET: a refusal then names its line, and the root commits what waits in groups anyway.
"""

import collections
import time

from . import resp

# Bounds of what is sent and not yet answered. The replies of a full window fit into the socket's buffers, so
# neither side can wait for the other.
WINDOW_COMMANDS = 1024
WINDOW_BYTES = 8 * 1024 * 1024
SEND_BYTES = 256 * 1024


class Refused(Exception):
    """The node takes no writes at all."""


class Loader:
    """`reject(line number, reason)` is called for every record that was not stored, as soon as that is known."""

    def __init__(self, connection, reject):
        self.connection = connection
        self.reject = reject
        self.waiting = collections.deque()  # (line number, key and value bytes) of commands without a reply
        self.waiting_bytes = 0
        self.unsent = []
        self.unsent_bytes = 0
        self.stored = 0
        self.stored_bytes = 0
        self.rejected = 0

    def refuse(self, number, reason):
        self.rejected += 1
        self.reject(number, reason)

    def put(self, number, key, value):
        command = resp.encode(b"SET", key, value)
        self.unsent.append(command)
        self.unsent_bytes += len(command)
        self.waiting.append((number, len(key) + len(value)))
        self.waiting_bytes += len(key) + len(value)
        if self.unsent_bytes >= SEND_BYTES or len(self.waiting) >= WINDOW_COMMANDS:
            self.flush()
        if len(self.waiting) >= WINDOW_COMMANDS or self.waiting_bytes >= WINDOW_BYTES:
            self.read_replies(len(self.waiting) // 2)

    def flush(self):
        self.connection.send(b"".join(self.unsent))
        self.unsent.clear()
        self.unsent_bytes = 0

    def read_replies(self, leave):
        """Until at most `leave` commands wait for their reply."""
        if self.unsent:
            self.flush()
        while len(self.waiting) > leave:
            reply = self.connection.read()
            number, size = self.waiting.popleft()
            self.waiting_bytes -= size
            if isinstance(reply, resp.ReplyError):
                if str(reply).startswith("READONLY"):
                    raise Refused(str(reply))
                self.refuse(number, str(reply))
            else:
                self.stored += 1
                self.stored_bytes += size

    def run(self, records, progress):
        for record in records:
            if len(record) == 2:
                self.refuse(*record)
            else:
                self.put(*record)
            progress(self)
        self.read_replies(0)


class Bar:
    """Progress on a terminal: share and time left if the input's size is known, always count and rate."""

    INTERVAL_SECONDS = 0.1
    WIDTH = 24

    def __init__(self, out, total_bytes, position):
        self.out = out
        self.total_bytes = total_bytes
        self.position = position
        self.begin = time.monotonic()
        self.shown = 0.0

    def __call__(self, loader):
        now = time.monotonic()
        if now - self.shown >= self.INTERVAL_SECONDS:
            self.shown = now
            self.out.write("\r" + self.text(loader.stored, now - self.begin) + "\x1b[K")
            self.out.flush()

    def text(self, stored, seconds):
        rate = stored / seconds if seconds > 0 else 0
        text = f"{stored:,} records, {rate:,.0f}/s"
        if not self.total_bytes:
            return text
        share = min(self.position() / self.total_bytes, 1.0)
        left = seconds / share - seconds if share > 0 else 0
        bar = ("#" * round(share * self.WIDTH)).ljust(self.WIDTH, ".")
        return f"[{bar}] {share:4.0%}  {text}, {left:.0f} s left"

    def clear(self):
        self.out.write("\r\x1b[K")
        self.out.flush()
