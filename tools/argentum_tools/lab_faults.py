# SPDX-License-Identifier: Apache-2.0
"""Measures of a lab under faults of its network and its machines; rows as in lab_tree."""

import signal
import time

from .lab_watch import POLL_SECONDS, Writes, all_members_known, lags, right, wait_for

CUT_SECONDS = 30
WRITES_PER_SECOND = 100
LEVEL_ENTRIES = 50  # half a second: what is on its way
FREEZES = 10
FROZEN_SECONDS = 2
THAWED_SECONDS = 3


def read_while_cut(inside):
    """(wrong, all) answers."""
    wrong = reads = 0
    end = time.monotonic() + CUT_SECONDS
    while time.monotonic() < end:
        for host in inside:
            with host.connect() as connection:
                reads += 1
                wrong += connection.command("GET", "before") != b"the cut"
        time.sleep(POLL_SECONDS)
    return wrong, reads


def cut_datacenter(lab):
    """The last place is cut off from all others, and healed."""
    place = lab.hosts[-1].place
    inside = [host for host in lab.hosts if host.place == place]
    with lab.root.connect() as connection:
        connection.command("SET", "before", "the cut")
        head = connection.command("INDEX")
    wait_for(lambda: max(lags(inside, head)) <= 0, "all have it")
    with Writes(lab, WRITES_PER_SECOND) as writes:
        lab.router.cut(place)
        wrong, reads = read_while_cut(inside)
        age = min(host.status()["news_age_ms"] for host in inside) / 1000
        lab.router.cut()
        healed = time.monotonic()
        level = wait_for(lambda: max(lags(inside, writes.head)) <= LEVEL_ENTRIES, "all are level")
        wait_for(lambda: all_members_known(lab), "all members know each other again")
        known = time.monotonic() - healed
    return [(f"{place} cut off for {CUT_SECONDS} s: reads of its {len(inside)} nodes, wrong or failed",
             f"{wrong} of {reads}", right(wrong == 0)),
            ("... the least age of news that they show at the end", f"{age:.1f} s", right(age > CUT_SECONDS - 5)),
            ("... healed: all level", f"{level:.1f} s", ""),
            ("... every member knows all members", f"{known:.1f} s", "")]


def accusations(lab):
    return lab.total("node_deaths_total"), lab.total("node_suspicions_total")


def freeze(lab):
    """One intermediate stands still, again and again."""
    victim = lab.of("intermediate")[-1]
    before = accusations(lab)
    for _ in range(FREEZES):
        victim.signal(signal.SIGSTOP)
        time.sleep(FROZEN_SECONDS)
        victim.signal(signal.SIGCONT)
        time.sleep(THAWED_SECONDS)
    died, suspected = (now - then for now, then in zip(accusations(lab), before))
    return [(f"{victim.name} stopped for {FROZEN_SECONDS} s, {FREEZES} times: members declared dead", f"{died:.0f}",
             right(died == 0)),
            ("... suspicions", f"{suspected:.0f}", "")]


def idle(lab, minutes):
    """Nothing happens but the loss of packets."""
    before = accusations(lab)
    time.sleep(minutes * 60)
    died, suspected = (now - then for now, then in zip(accusations(lab), before))
    return [(f"{minutes:g} minutes with {lab.loss:.0%} loss: members declared dead, per hour",
             f"{died * 60 / minutes:g}", right(died == 0)),
            ("... suspicions, per hour", f"{suspected * 60 / minutes:g}", "")]
