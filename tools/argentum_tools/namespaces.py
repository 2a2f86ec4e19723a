# SPDX-License-Identifier: Apache-2.0
"""Network namespaces, each with a loopback and one TUN device whose other end is a file of ours.

They have no names: each lives as long as our file of it, or a process in it, so nothing is left behind however we
end. To look into one: `nsenter --net --target PID` with the pid of a node.
"""

import contextlib
import ctypes
import fcntl
import os
import struct
import subprocess

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN_NO_PI = 0x1001
QUEUE_PACKETS = 5000  # of the device: the router may be late by some milliseconds
_libc = ctypes.CDLL(None, use_errno=True)


class NoNamespaces(Exception):
    """They are not allowed here; a text for people."""


def _check(result, what):
    if result != 0:
        raise NoNamespaces(f"{what}: {os.strerror(ctypes.get_errno())}; run it as root (CAP_SYS_ADMIN and "
                           "CAP_NET_ADMIN)")


def _current():
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


class Namespace:
    """`packets` is the file of its device: one IP packet for each read and write."""

    def __init__(self, address):
        home = _current()
        _check(_libc.unshare(CLONE_NEWNET), "cannot make a network namespace")
        try:
            self.file = _current()
            self.packets = self._open_device(address)
        finally:
            _check(_libc.setns(home, CLONE_NEWNET), "cannot go back to the own network")
            os.close(home)

    @staticmethod
    def _open_device(address):
        try:
            packets = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
            fcntl.ioctl(packets, TUNSETIFF, struct.pack("16sH", b"lab", IFF_TUN_NO_PI))
        except OSError as error:
            raise NoNamespaces(f"cannot make a TUN device: {error.strerror}") from None
        commands = (f"link set lo up\nlink set lab up txqueuelen {QUEUE_PACKETS}\n"
                    f"address add {address} dev lab\nroute add default dev lab\n")
        subprocess.run(["ip", "-batch", "-"], input=commands, text=True, check=True)
        return packets

    @contextlib.contextmanager
    def inside(self):
        """Sockets and processes that this thread makes meanwhile belong to the namespace."""
        home = _current()
        _check(_libc.setns(self.file, CLONE_NEWNET), "cannot enter a network namespace")
        try:
            yield
        finally:
            _check(_libc.setns(home, CLONE_NEWNET), "cannot leave a network namespace")
            os.close(home)

    def close(self):
        os.close(self.packets)
        os.close(self.file)
