"""A network in which nothing comes or goes.

A browser drops all that it is fetching, loopback included, whenever an interface of the machine
gets an address (`net::ERR_NETWORK_CHANGED`): the containers of tests beside it make many.
"""

import ctypes
import fcntl
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEW_NETWORK = 0x40000000  # CLONE_NEWNET of linux/sched.h
SET_FLAGS, UP = 0x8914, 0x1  # SIOCSIFFLAGS and IFF_UP of linux/if.h
_NETWORK = Path("/proc/thread-self/ns/net")


@contextmanager
def still_network() -> Iterator[bool]:
    """What this thread starts meanwhile has a loopback of its own; without the right to make one,
    it keeps the machine's, where no test may start a container either. Whether it has its own.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if not _NETWORK.exists():  # no Linux
        yield False
        return
    with _NETWORK.open("rb") as before:
        if libc.unshare(NEW_NETWORK):
            yield False
            return
        try:
            _loopback_up()
            yield True
        finally:
            if libc.setns(before.fileno(), NEW_NETWORK):
                raise OSError(ctypes.get_errno(), "no way back to the machine's network")


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        fcntl.ioctl(asked, SET_FLAGS, struct.pack("16sh", b"lo", UP))
