# SPDX-License-Identifier: Apache-2.0
"""A link that a test can hold, cut and slow down: a TCP proxy that counts the bytes coming from the upstream's side
and stops, or breaks the connection, once so many have passed (to 64 KiB)."""

import collections
import socket
import threading
import time

CHUNK_BYTES = 64 * 1024


class DelayLine:
    """Bytes on their way to a socket: each comes out in its time, in order."""

    def __init__(self, sink):
        self.sink = sink
        self.lock = threading.Condition()
        self.waiting = collections.deque()  # (when it is due, data)
        self.ended = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def add(self, data, delay):
        with self.lock:
            self.waiting.append((time.monotonic() + delay, data))
            self.lock.notify()

    def end(self):
        """Returns when all is out, which needs no more time."""
        with self.lock:
            self.ended = True
            self.lock.notify()
        self.thread.join()

    def _run(self):
        while data := self._next():
            try:
                self.sink.sendall(data)
            except OSError:
                return

    def _next(self):
        with self.lock:
            while self.waiting or not self.ended:
                left = self.waiting[0][0] - time.monotonic() if self.waiting else None
                if left is not None and (left <= 0 or self.ended):
                    return self.waiting.popleft()[1]
                self.lock.wait(left)
        return b""


class TcpProxy:
    def __init__(self, target):
        """`target` as "host:port"; `address` is where to connect instead."""
        host, port = target.rsplit(":", 1)
        self.target = (host, int(port))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.lock = threading.Condition()
        self.passed = []  # bytes from the target, one count for each connection
        self.hold_at = None  # bytes of one connection after which nothing passes until released
        self.cut_at = None  # bytes of one connection after which it is broken
        self.held = False
        self.delay = 0  # seconds that bytes from the target take longer
        self.pairs = set()
        self.closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def hold_after(self, count):
        with self.lock:
            self.hold_at = count

    def cut_after(self, count):
        """Once: later connections pass."""
        with self.lock:
            self.cut_at = count

    def release(self):
        with self.lock:
            self.hold_at = None
            self.held = False
            self.lock.notify_all()

    def slow_down(self, seconds):
        """What comes from the target from now on takes so much longer; what was on its way before comes first."""
        with self.lock:
            self.delay = seconds

    def cut(self):
        """Breaks what is connected now."""
        with self.lock:
            pairs = list(self.pairs)
        for pair in pairs:
            self._break(pair)

    def close(self):
        with self.lock:
            self.closed = True
        self.release()
        self.listener.close()
        self.cut()

    def _break(self, pair):
        for side in pair:
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            side.close()
        with self.lock:
            self.pairs.discard(pair)

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self.target)
            except OSError:
                near.close()
                continue
            pair = (near, far)
            with self.lock:
                if self.closed:
                    near.close()
                    far.close()
                    return
                self.pairs.add(pair)
                self.passed.append(0)
                number = len(self.passed) - 1
            threading.Thread(target=self._pump, args=(near, far, pair, None), daemon=True).start()
            line = DelayLine(near)
            threading.Thread(target=self._pump, args=(far, line, pair, number), daemon=True).start()

    def _pump(self, source, sink, pair, number):
        """`number`: of the connection whose bytes count, None for the way to the target."""
        try:
            while data := source.recv(CHUNK_BYTES):
                if number is None:
                    sink.sendall(data)
                elif data := self._admit(number, data):
                    sink.add(data, self.delay)
                else:
                    break
        except OSError:
            pass
        if number is not None:
            sink.end()
        self._break(pair)

    def _admit(self, number, data):
        """What of the data may pass now; nothing: cut."""
        with self.lock:
            while self.hold_at is not None and self.passed[number] + len(data) > self.hold_at and not self.closed:
                self.held = True
                self.lock.wait()
            if self.cut_at is not None and self.passed[number] + len(data) > self.cut_at:
                self.cut_at = None
                return b""
            self.passed[number] += len(data)
            return data
