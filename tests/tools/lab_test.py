# SPDX-License-Identifier: Apache-2.0
"""The rules of tools/lab: the best tree, and the way of packets."""

import os
import socket
import sys
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(REPOSITORY, "tools"))
from argentum_tools import geography, router  # noqa: E402

AMS, SIN = socket.inet_aton("10.0.0.1"), socket.inet_aton("10.0.1.1")


def packet(to, version=4):
    return bytes([version << 4]) + bytes(15) + to + b"payload"


class GeographyTest(unittest.TestCase):
    PLACES = {"root": "ams", "fra-1": "fra", "sin-1": "sin", "sin-2": "sin"}

    def test_the_best_way_is_not_always_the_direct_one(self):
        paths = {"root": ["root"], "fra-1": ["root", "fra-1"], "sin-1": ["root", "sin-1"], "sin-2": []}
        around = geography.cost(["root", "fra-1"], "sin", self.PLACES)
        self.assertEqual(around, (8 + 100) / 2 + 2 * geography.HOP_COST + 100 / geography.FAR_LINK_PART)
        self.assertLess(around, geography.cost(["root"], "sin", self.PLACES))
        self.assertEqual(geography.cheapest("sin-1", paths, self.PLACES), around)

    def test_nobody_can_follow_those_below_it(self):
        paths = {"root": ["root"], "fra-1": ["root", "sin-1", "fra-1"], "sin-1": ["root", "sin-1"]}
        direct = 150 / 2 + geography.HOP_COST + 150 / geography.FAR_LINK_PART
        self.assertEqual(geography.cheapest("sin-1", paths, self.PLACES), direct)

    def test_round_trips_are_known_for_all_pairs(self):
        for (here, there), seconds in geography.delays().items():
            self.assertEqual(seconds, geography.delays()[there, here])
            self.assertGreaterEqual(seconds, geography.WITHIN / 2000)


class WaysTest(unittest.TestCase):
    def ways(self, loss=0.0):
        return router.Ways({AMS: (10, "ams"), SIN: (11, "sin")}, geography.delays(), loss, seed=1)

    def test_a_packet_goes_to_its_address_after_the_delay(self):
        self.assertEqual(self.ways().way_of(10, packet(SIN)), (11, geography.delays()["ams", "sin"]))

    def test_what_is_not_for_a_host_goes_nowhere(self):
        self.assertIsNone(self.ways().way_of(10, packet(SIN, version=6)))
        self.assertIsNone(self.ways().way_of(10, packet(socket.inet_aton("10.9.9.9"))))

    def test_a_place_that_is_cut_off_has_its_own_packets(self):
        ways = self.ways()
        ways.cut = frozenset(["sin"])
        self.assertIsNone(ways.way_of(10, packet(SIN)))
        self.assertIsNone(ways.way_of(11, packet(AMS)))
        self.assertIsNotNone(ways.way_of(11, packet(SIN)))

    def test_as_many_are_lost_as_told(self):
        ways = self.ways(loss=0.25)
        lost = sum(ways.way_of(10, packet(SIN)) is None for _ in range(10_000))
        self.assertTrue(2_300 < lost < 2_700, lost)

    def test_packets_are_carried_in_order(self):
        pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2)]
        for far, near in pairs:
            near.setblocking(False)
            far.settimeout(60)
            self.addCleanup(far.close)
            self.addCleanup(near.close)
        hosts = {AMS: (pairs[0][1].fileno(), "ams"), SIN: (pairs[1][1].fileno(), "sin")}
        carrier = router.Router(hosts, geography.delays(), 0.0, seed=1)
        self.addCleanup(carrier.close)
        sent = [packet(SIN) + bytes([number]) for number in range(5)]
        for each in sent:
            pairs[0][0].send(each)
        self.assertEqual([pairs[1][0].recv(router.PACKET_BYTES) for _ in sent], sent)


if __name__ == "__main__":
    unittest.main()
