# SPDX-License-Identifier: Apache-2.0
"""The little of the Redis protocol that the tools speak: commands out, replies in, nothing installed."""

import socket

RECEIVE_BYTES = 64 * 1024


class ReplyError(Exception):
    """An error reply of the node."""


def encode(*words):
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        if isinstance(word, str):
            word = word.encode()
        elif isinstance(word, int):
            word = b"%d" % word
        parts += (b"$%d\r\n" % len(word), word, b"\r\n")
    return b"".join(parts)


class Connection:
    def __init__(self, host, port, timeout=30):
        self.socket = socket.create_connection((host, int(port)), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb", RECEIVE_BYTES)

    @classmethod
    def to(cls, address, timeout=30):
        host, port = address.rsplit(":", 1)
        return cls(host.strip("[]"), port, timeout)

    def close(self):
        self.stream.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        self.socket.sendall(data)

    def read(self):
        """The next reply (RESP2). An error reply is returned as a ReplyError, not raised."""
        line = self.stream.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the node closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            return ReplyError(rest.decode(errors="replace"))
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return self.read_bytes(int(rest))
        if kind == b"*":
            return None if rest == b"-1" else [self.read() for _ in range(int(rest))]
        raise ConnectionError(f"not a Redis reply: {line[:40]!r}")

    def read_bytes(self, length):
        if length < 0:
            return None
        data = self.stream.read(length + 2)
        if len(data) != length + 2:
            raise ConnectionError("the node closed the connection")
        return data[:-2]

    def command(self, *words):
        self.send(encode(*words))
        reply = self.read()
        if isinstance(reply, ReplyError):
            raise reply
        return reply
