# SPDX-License-Identifier: Apache-2.0
"""Clients that read all the time, one value at a time, each in a process of its own, and time every answer."""

import array
import multiprocessing
import random
import socket
import time

WINDOW_SECONDS = 0.5


def request_of(key):
    return b"*2\r\n$3\r\nGET\r\n$%d\r\n%s\r\n" % (len(key), key)


def read(address, keys, stop, done, result):
    """Reads random keys until told to stop; sends [(start, seconds), ...] flat, and what was wrong."""
    host, port = address.rsplit(":", 1)
    times = array.array("d")
    wrong = []
    with socket.create_connection((host, int(port))) as link, link.makefile("rb") as answers:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while not stop.is_set():
            key, size = random.choice(keys)
            start = time.monotonic()
            link.sendall(request_of(key))
            line = answers.readline()
            if line != b"$%d\r\n" % size:
                wrong.append(line)
                if not line.startswith(b"-"):
                    break
                continue
            answers.read(size + 2)
            times.extend((start, time.monotonic() - start))
            done.value += 1
    result.send((times.tobytes(), wrong))


class SteadyReaders:
    def __init__(self, address, keys, count):
        """`keys`: [(key, bytes of its value), ...]"""
        context = multiprocessing.get_context("fork")
        self.stopping = context.Event()
        self.counts = [context.Value("Q", 0) for _ in range(count)]
        self.results, self.processes = [], []
        for done in self.counts:
            receiver, sender = context.Pipe(duplex=False)
            self.results.append(receiver)
            self.processes.append(context.Process(target=read, daemon=True,
                                                  args=(address, keys, self.stopping, done, sender)))
        for process in self.processes:
            process.start()

    def done(self):
        """Answers so far."""
        return sum(count.value for count in self.counts)

    def stop(self):
        """(answers as (start, seconds), sorted; wrong answers)"""
        self.stopping.set()
        answers, wrong = [], []
        for receiver in self.results:
            flat = array.array("d")
            raw, bad = receiver.recv()
            flat.frombytes(raw)
            answers.extend(zip(flat[::2], flat[1::2]))
            wrong.extend(bad)
        for process in self.processes:
            process.join()
        return sorted(answers), wrong


def windows(answers, begin, end):
    """[(seconds after begin, answers, p99.9 in ms, longest in ms), ...] of the windows between two times."""
    found = []
    while begin + WINDOW_SECONDS * (len(found) + 1) <= end:
        start = begin + WINDOW_SECONDS * len(found)
        took = sorted(seconds for at, seconds in answers if start <= at < start + WINDOW_SECONDS)
        tail = took[min(len(took) - 1, int(len(took) * 0.999))] if took else float("inf")
        found.append((start - begin, len(took), tail * 1000, (took[-1] if took else tail) * 1000))
    return found
