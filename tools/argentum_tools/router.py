# SPDX-License-Identifier: Apache-2.0
"""The network between the hosts of a lab: a process that carries IP packets from device to device, each after the
delay between its ends, but for those that get lost and those to and from a place that is cut off."""

import heapq
import multiprocessing
import os
import random
import select
import signal
import time

PACKET_BYTES = 2048
BURST = 64                # packets taken from one device before it is another one's turn
UNDER_WAY_MAX = 100_000   # what comes beyond is lost, as in a full queue
ADDRESS = slice(16, 20)   # of the receiver, in the header of IPv4


class Ways:
    """Of packets: {address of 4 bytes: (file, place)} and what happens between places."""

    def __init__(self, hosts, delays, loss, seed):
        self.by_address = hosts
        self.places = {file: place for file, place in hosts.values()}
        self.delays = delays
        self.loss = loss
        self.random = random.Random(seed)
        self.cut = frozenset()

    def way_of(self, source, packet):
        """(file, delay), or None for a packet that does not arrive."""
        if packet[0] >> 4 != 4 or packet[ADDRESS] not in self.by_address:
            return None
        file, there = self.by_address[packet[ADDRESS]]
        here = self.places[source]
        if here != there and (here in self.cut or there in self.cut):
            return None
        if self.random.random() < self.loss:
            return None
        return file, self.delays[here, there]


def _read_some(file):
    for _ in range(BURST):
        try:
            yield os.read(file, PACKET_BYTES)
        except BlockingIOError:
            return


def _write(file, packet):
    try:
        os.write(file, packet)
    except OSError:
        pass  # lost: the device takes no more


def _carry(hosts, control):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the lab, which closes `control`
    under_way = []
    number = 0
    files = list(hosts.places) + [control]
    while True:
        wait = max(0, under_way[0][0] - time.monotonic()) if under_way else None
        ready = select.select(files, [], [], wait)[0]
        now = time.monotonic()
        for file in ready:
            if file is control:
                try:
                    hosts.cut = control.recv()
                except EOFError:
                    return
                continue
            for packet in _read_some(file):
                way = hosts.way_of(file, packet)
                if way and len(under_way) < UNDER_WAY_MAX:
                    number += 1
                    heapq.heappush(under_way, (now + way[1], number, way[0], packet))
        while under_way and under_way[0][0] <= now:
            _, _, file, packet = heapq.heappop(under_way)
            _write(file, packet)


class Router:
    """`hosts`: {address of 4 bytes: (file, place)}; `delays`: {(place, place): seconds}, both ways and within."""

    def __init__(self, hosts, delays, loss, seed):
        fork = multiprocessing.get_context("fork")
        ours, self.control = fork.Pipe(duplex=False)
        self.process = fork.Process(target=self._run, args=(Ways(hosts, delays, loss, seed), ours), daemon=True)
        self.process.start()
        ours.close()

    def _run(self, hosts, control):
        self.control.close()
        _carry(hosts, control)

    def cut(self, *places):
        """These are cut off from all others; nobody else is."""
        self.control.send(frozenset(places))

    def close(self):
        self.control.close()
        self.process.join()
