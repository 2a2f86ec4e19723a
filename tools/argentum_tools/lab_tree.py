# SPDX-License-Identifier: Apache-2.0
"""Measures of a lab's tree: how it builds itself, and heals when an intermediate dies. Each measure gives rows of
(what, figure, verdict): "ok", "late" or "wrong", or nothing where nothing is promised."""

import collections
import time

from . import geography
from .lab_watch import (PATIENCE_SECONDS, Overdue, Writes, all_members_known, lags, on_time, right, tree_paths,
                        wait_for, worst_lag)

TREE_GOOD_SECONDS = 60
WITHIN_BEST = 1.1      # of the cheapest upstream
WRITES_PER_SECOND = 1000
MOVE_SECONDS = 5       # a killed node's downstreams follow another by then
LEVEL_ENTRIES = 500    # written while news cross the largest ocean, there and back and after a loss once more
WATCH_SECONDS = 5      # before and after a kill


def is_good(lab):
    """Whether each intermediate follows an upstream that costs at most WITHIN_BEST of the cheapest it could have. A
    tree in which all follow the cheapest is the best one."""
    places = {host.name: host.place for host in lab.members}
    paths = {host.name: host.path() for host in lab.of("intermediate")} | {lab.root.name: [lab.root.name]}
    return all(len(path) > 1 and geography.cost(path[:-1], places[name], places)
               <= WITHIN_BEST * geography.cheapest(name, paths, places)
               for name, path in paths.items() if name != lab.root.name)


def cold_start(lab):
    """All nodes start at once."""
    begin = time.monotonic()
    lab.start()

    def seconds_until(condition, what):
        wait_for(condition, what)
        return f"{time.monotonic() - begin:.1f} s"

    up = seconds_until(lambda: all(host.status() for host in lab.hosts), "all nodes answer")
    following = seconds_until(lambda: all(tree_paths(lab).values()), "all nodes follow somebody")
    known = seconds_until(lambda: all_members_known(lab), "all members know each other")
    good = seconds_until(lambda: is_good(lab), "a tree within 10 % of the best")
    return [("all processes answer", up, ""), ("every node follows another", following, ""),
            ("every member knows all members", known, ""),
            ("every intermediate's upstream within 10 % of the cheapest", good,
             on_time(time.monotonic() - begin < TREE_GOOD_SECONDS))]


def round_trips(lab):
    """The root's, beside those of the router."""
    seconds = wait_for(lambda: all(each["rtt_measured"] for each in lab.root.known_members()),
                       "the root has measured all members")
    worst = max(abs(each["rtt_ms"] - geography.round_trip(lab.root.place, lab.host(each["node"]).place))
                for each in lab.root.known_members())
    return [("the root has measured the round trips to all", f"{seconds:.1f} s later", ""),
            ("... the worst error of them", f"{worst:.1f} ms", "")]


def most_followed(lab):
    """The intermediate that most nodes follow, and those."""
    upstreams = {name: path[-2] for name, path in tree_paths(lab).items() if len(path) > 1}
    counts = collections.Counter(name for name in upstreams.values() if name != lab.root.name)
    if not counts:
        raise Overdue("nobody follows an intermediate, so none can be killed")
    name = counts.most_common(1)[0][0]
    return lab.host(name), [host for host in lab.hosts if upstreams.get(host.name) == name]


def watch_moves(left, below, others, writes):
    """Seconds until all below follow others, and the most that others were behind."""
    begin = time.monotonic()
    waiting = list(below)
    worst = 0
    while waiting:
        if time.monotonic() - begin > PATIENCE_SECONDS:
            raise Overdue(f"{waiting[0].name} does not follow another")
        paths = {host: host.path() for host in waiting}
        waiting = [host for host, path in paths.items() if len(path) < 2 or path[-2] == left.name]
        worst = max([worst, *lags(others, writes.head)])
    return time.monotonic() - begin, worst


def kill_under_writes(lab):
    victim, below = most_followed(lab)
    others = [host for host in lab.hosts if host is not lab.root and victim.name not in host.path()]
    copies = lab.total("snapshots_received_total")
    with Writes(lab, WRITES_PER_SECOND) as writes:
        before = worst_lag(others, writes, WATCH_SECONDS)
        victim.kill()
        moved, after = watch_moves(victim, below, others, writes)
        level = wait_for(lambda: max(lags(below, writes.head)) <= LEVEL_ENTRIES, "the moved ones are level")
        after = max(after, worst_lag(others, writes, WATCH_SECONDS))
    victim.start(lab.binary)
    copied = lab.total("snapshots_received_total") - copies
    return [(f"{victim.name} killed under {WRITES_PER_SECOND} writes/s: its {len(below)} downstreams follow others",
             f"{moved:.1f} s", on_time(moved < MOVE_SECONDS)),
            ("... and are level again", f"{level:.1f} s later", ""),
            ("... full copies", f"{copied:.0f}", right(copied == 0)),
            (f"... most that any of the {len(others)} others was behind, before and after",
             f"{before} and {after} entries", on_time(after <= before + LEVEL_ENTRIES))]
