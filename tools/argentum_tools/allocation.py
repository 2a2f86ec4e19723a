# SPDX-License-Identifier: Apache-2.0
"""Which server holds which instance as a replica, and which as a proxy.

Each server holds every instance, so what proxies take is taken everywhere; the rest of the disks is for
replicas. Each instance ranks the servers by a hash of both names (rendezvous hashing, weighted by the room that
they have), so that a server that comes or goes changes little for the others. It takes the first that is not over
its fair share of the bytes of all replicas: first as often as it must, then up to the even split.
"""

import functools
import hashlib
import math
from dataclasses import dataclass, field


# Shares of a disk that are not worth a move.
UNEVEN = 0.1


class PlanError(Exception):
    """A text for people; the command ends with it and exit code 1."""


@dataclass(frozen=True)
class Instance:
    name: str
    proxy_bytes: int  # keys, and the share of the values that is in use
    replica_bytes: int

    @property
    def extra_bytes(self):
        return self.replica_bytes - self.proxy_bytes


@functools.cache
def drawn(server, instance):
    """Exponentially distributed: divided by weights, the smallest is each one's as often as its weight says."""
    digest = hashlib.sha256(f"{server}\0{instance}".encode()).digest()
    return -math.log((int.from_bytes(digest[:6], "big") + 1) / (2 ** 48 + 1))


@dataclass
class Room:
    """What one server has for replicas, beside a proxy's data of each instance."""
    server: str
    room_bytes: int
    fair_bytes: float = 0
    replicas: dict = field(default_factory=dict)  # Instance by name
    taken_bytes: int = 0

    def fits(self, instance):
        return instance.name not in self.replicas and self.taken_bytes + instance.extra_bytes <= self.room_bytes

    def is_fair(self, instance):
        """At least half of it lies within the fair share."""
        return self.taken_bytes + instance.extra_bytes / 2 <= self.fair_bytes

    def rank(self, instance):
        """Smaller is earlier, the same in every run."""
        return drawn(self.server, instance.name) / max(self.room_bytes, 1), self.server

    def fullness(self, more=0):
        return (self.taken_bytes + more) / max(self.room_bytes, 1)

    def take(self, instance):
        self.replicas[instance.name] = instance
        self.taken_bytes += instance.extra_bytes

    def give_up(self, instance):
        del self.replicas[instance.name]
        self.taken_bytes -= instance.extra_bytes


def make_rooms(servers, instances, datacenter):
    """`servers`: usable bytes by name."""
    proxies = sum(instance.proxy_bytes for instance in instances)
    for server, usable in sorted(servers.items()):
        if usable < proxies:
            raise PlanError(f"server {server} of {datacenter}: proxies of all instances take {proxies:,} bytes, "
                            f"{proxies - usable:,} more than its disk has for them")
    return [Room(server, usable - proxies) for server, usable in sorted(servers.items())]


def share_out(total_bytes, rooms):
    """Of what all replicas will take, each gets a share as large as its room."""
    space = sum(room.room_bytes for room in rooms)
    for room in rooms:
        room.fair_bytes = room.room_bytes * min(1, total_bytes / max(space, 1))


def exchanges(rooms):
    """Ways to move a replica to another server, perhaps for one that comes back: (from, it, to, the other)."""
    for room in rooms:
        for target in rooms:
            back = [each for each in target.replicas.values() if each.name not in room.replicas]
            for away in [each for each in room.replicas.values() if each.name not in target.replicas]:
                yield from ((room, away, target, each) for each in [None] + back)


def swap_in(instance, rooms):
    """Finds a place by one such exchange; false if none helps."""
    for room, away, target, back in exchanges(rooms):
        gained = away.extra_bytes - (back.extra_bytes if back else 0)
        helps = (instance.name not in room.replicas and back != instance
                 and room.taken_bytes + instance.extra_bytes - gained <= room.room_bytes
                 and target.taken_bytes + gained <= target.room_bytes)
        if helps:
            room.give_up(away)
            target.take(away)
            if back:
                target.give_up(back)
                room.take(back)
            room.take(instance)
            return True
    return False


def place(instance, rooms, must):
    """One more replica of it; false if there is no place, or no fair one unless it `must` be."""
    fitting = [room for room in rooms if room.fits(instance)]
    fair = [room for room in fitting if room.is_fair(instance)]
    if fair:
        min(fair, key=lambda room: room.rank(instance)).take(instance)
    elif not must:
        return False
    elif fitting:
        min(fitting, key=lambda room: (room.fullness(instance.extra_bytes), room.server)).take(instance)
    else:
        return swap_in(instance, rooms)
    return True


def level(rooms):
    """Moves replicas from the fullest server to others while one of the two would be less full than it was."""
    while True:
        fullest = max(rooms, key=lambda room: (room.fullness(), room.server))
        moves = ((max(fullest.fullness(-each.extra_bytes), room.fullness(each.extra_bytes)), room.rank(each), room,
                  each) for each in fullest.replicas.values() for room in rooms if room.fits(each))
        left, _, target, moved = min(moves, key=lambda move: move[:2], default=(1, None, None, None))
        if left > fullest.fullness() - UNEVEN:
            return
        fullest.give_up(moved)
        target.take(moved)


def no_place(instance, rooms, at_least, datacenter):
    there = sum(instance.name in room.replicas for room in rooms)
    best = max((room for room in rooms if instance.name not in room.replicas),
               key=lambda room: (room.room_bytes - room.taken_bytes, room.server))
    missing = instance.extra_bytes - (best.room_bytes - best.taken_bytes)
    return PlanError(f"datacenter {datacenter}: {there} of {at_least} replicas of instance {instance.name} have a "
                     f"place; the next takes {instance.extra_bytes:,} bytes more than a proxy, and {best.server}, "
                     f"the emptiest of the other servers, lacks {missing:,}")


def allocate(servers, instances, at_least, split, datacenter):
    """{server: set of the names of its replicas}; `split`: the share of the servers that each instance aims at."""
    if len(servers) < at_least:
        raise PlanError(f"datacenter {datacenter}: {at_least} replicas of each instance need as many servers; "
                        f"there are {len(servers)}")
    rooms = make_rooms(servers, instances, datacenter)
    wanted = max(at_least, math.ceil(len(servers) * split))
    share_out(wanted * sum(instance.extra_bytes for instance in instances), rooms)
    largest_first = sorted(instances, key=lambda each: (-each.extra_bytes, each.name))
    for number in range(wanted):
        must = number < at_least
        for instance in largest_first:
            if not place(instance, rooms, must) and must:
                raise no_place(instance, rooms, at_least, datacenter)
    level(rooms)
    return {room.server: set(room.replicas) for room in rooms}
