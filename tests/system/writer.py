# SPDX-License-Identifier: Apache-2.0
"""Clients that write and read under faults, and remember what they were promised."""

import threading

import redis
from support import POLL_SECONDS

ERRORS = (redis.RedisError, OSError)


VALUE_BYTES = 4096  # enough that a commit takes longer than a turn of its writer


def value_of(n):
    return b"value of %d" % n + b"." * VALUE_BYTES


class Worker:
    """Runs `step` in a thread until stopped; a failed assertion there is raised by `stop`."""

    def __init__(self, connect):
        self.connect = connect
        self.ending = threading.Event()
        self.failure = None
        self.thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.ending.set()
        self.thread.join()
        if self.failure:
            raise self.failure

    def _run(self):
        client = None
        while not self.ending.is_set() and not self.failure:
            try:
                client = client or self.connect()
                self.step(client)
            except ERRORS:
                client = None  # the node is down: a new connection, as long as it takes
                self.ending.wait(POLL_SECONDS)
            except AssertionError as error:
                self.failure = error


class Writer(Worker):
    """Writes item:<name>:<n>, then counter:<name> = n, for n = 1, 2, 3 ...; `batch` of them in one pipeline."""

    def __init__(self, name, connect, batch):
        super().__init__(lambda: self.fresh(connect))
        self.name = name
        self.batch = batch
        self.tried = 0
        self.acknowledged = 0

    def fresh(self, connect):
        """Goes on after what is there: a write whose answer was lost with the root may have been done, and read by
        others."""
        client = connect()
        done = int(client.get(f"counter:{self.name}") or 0)
        assert done >= self.acknowledged, f"{self.acknowledged} of {self.name} were acknowledged, {done} are there"
        self.acknowledged = done
        return client

    def step(self, client):
        pipeline = client.pipeline(transaction=False)
        self.tried = self.acknowledged + self.batch
        for n in range(self.acknowledged + 1, self.tried + 1):
            pipeline.set(f"item:{self.name}:{n}", value_of(n))
            pipeline.set(f"counter:{self.name}", n)
        pipeline.execute()
        self.acknowledged = self.tried


class Reader(Worker):
    """Reads a writer's counter, which must never go back on a connection, and the item that came before it."""

    def __init__(self, name, connect):
        super().__init__(lambda: self.fresh(connect))
        self.name = name
        self.last = 0
        self.reads = 0

    def fresh(self, connect):
        self.last = 0
        return connect()

    def step(self, client):
        n = int(client.get(f"counter:{self.name}") or 0)
        assert n >= self.last, f"counter of {self.name} went back from {self.last} to {n}"
        if n > 0:
            item = client.get(f"item:{self.name}:{n}")
            assert item == value_of(n), f"item {n} of {self.name} is not there although its counter is"
        self.last = n
        self.reads += 1
