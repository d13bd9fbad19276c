"""Many UDP packets with one system call: Linux's recvmmsg and sendmmsg, called through ctypes.

The kernel's part of an announce is larger than ours, and half of it is spent on entering and
leaving the kernel and Python's own socket functions. The buffers are made once.
"""

import ctypes
import logging
import os
import struct
import sys
from collections.abc import Awaitable, Callable
from functools import cache
from socket import AF_INET6, inet_ntop, socket

BATCH = 64  # packets
PACKET = 1536  # bytes; the longest request has 1,496, the longest reply 1,220
MSG_DONTWAIT = 0x40  # Linux's; the module `socket` lacks it on Windows
ROUNDS = 16  # batches before others get their turn

log = logging.getLogger(__name__)

Name = tuple[str, int] | tuple[str, int, int, int]


class _Message(ctypes.Structure):
    """`struct mmsghdr`, eight words on every 64-bit Linux."""

    _fields_ = [
        ("name", ctypes.c_void_p),
        ("name_size", ctypes.c_uint64),
        ("vector", ctypes.c_void_p),
        ("vector_size", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_size", ctypes.c_size_t),
        ("flags", ctypes.c_uint64),
        ("size", ctypes.c_uint64),
    ]


@cache
def has_batches() -> bool:
    """Whether this machine has both calls, with the layout that is written above."""
    if not sys.platform.startswith("linux") or struct.calcsize("P") != 8:
        return False
    if sys.byteorder != "little":  # The words above hold a 32-bit number in their first half.
        return False
    library = ctypes.CDLL(None)
    return hasattr(library, "recvmmsg") and hasattr(library, "sendmmsg")


class Batches:
    """The buffers of one socket, and what happens when packets have come."""

    def __init__(
        self,
        socket: socket,
        answer: Callable[[bytes, bytes], bytes | Awaitable[bytes]],
        reply_later: Callable[[Awaitable[bytes], Name], None],
    ) -> None:
        """`reply_later` takes the replies that are not there yet."""
        self._socket = socket
        self._descriptor = socket.fileno()
        self._answer = answer
        self._reply_later = reply_later
        self._is_ipv6 = socket.family == AF_INET6
        self._name_size = 28 if self._is_ipv6 else 16
        library = ctypes.CDLL(None, use_errno=True)
        self._receive, self._send = library.recvmmsg, library.sendmmsg
        self._requests = _Lane(self._name_size)
        self._replies = _Lane(self._name_size)

    def receive(self) -> None:
        """Take what has come and answer it."""
        requests = self._requests
        for _ in range(ROUNDS):
            count = self._receive(self._descriptor, requests.messages, BATCH, MSG_DONTWAIT, None)
            if count <= 0:
                return
            self._answer_batch(count)
            if count < BATCH:
                return

    def _answer_batch(self, count: int) -> None:
        answer = self._answer
        names = bytes(self._requests.names)
        packets = self._requests.packets
        replies = self._replies
        out_names, out_packets, out_sizes = replies.name_places, replies.packets, replies.room
        names_at = self._requests.names_at
        name_size = self._name_size
        first, last = (8, 24) if self._is_ipv6 else (4, 8)
        ready = start = name_start = 0
        for size in self._requests.sizes[:count].tolist():
            try:
                reply = answer(
                    packets[start : start + size].tobytes(),
                    names[name_start + first : name_start + last],
                )
            except Exception:
                log.exception("A packet could not be answered")
                reply = b""
            if type(reply) is not bytes:
                self._reply_later(reply, self._name(names, name_start))  # type: ignore[arg-type]
            elif reply:
                place = ready * PACKET
                out_packets[place : place + len(reply)] = reply
                out_sizes[ready] = len(reply)
                out_names[ready] = names_at + name_start
                ready += 1
            start += PACKET
            name_start += name_size
        if ready:
            self._send_batch(ready)

    def _send_batch(self, count: int) -> None:
        sent = self._send(self._descriptor, self._replies.messages, count, MSG_DONTWAIT)
        if sent < count:
            # The way out is full, or one of the senders cannot be reached: the first reply after
            # those that went is lost, as datagrams may be.
            log.debug("Replies not sent: %s", os.strerror(ctypes.get_errno()))

    def _name(self, names: bytes, start: int) -> Name:
        port = int.from_bytes(names[start + 2 : start + 4], "big")
        if not self._is_ipv6:
            return ".".join(map(str, names[start + 4 : start + 8])), port
        scope = int.from_bytes(names[start + 24 : start + 28], sys.byteorder)
        return inet_ntop(AF_INET6, names[start + 8 : start + 24]), port, 0, scope


class _Lane:
    """Buffers for one direction, and views of them that Python can slice."""

    def __init__(self, name_size: int) -> None:
        words = ctypes.sizeof(_Message) // 8
        self._packets = (ctypes.c_char * (PACKET * BATCH))()
        self._names = (ctypes.c_char * (name_size * BATCH))()
        self._vectors = (ctypes.c_uint64 * (2 * BATCH))()
        self.messages = (_Message * BATCH)()
        for each in range(BATCH):
            self._vectors[2 * each] = ctypes.addressof(self._packets) + each * PACKET
            self._vectors[2 * each + 1] = PACKET
            message = self.messages[each]
            message.name = ctypes.addressof(self._names) + each * name_size
            message.name_size = name_size
            message.vector = ctypes.addressof(self._vectors) + each * 16
            message.vector_size = 1
        self.names_at = ctypes.addressof(self._names)
        self.packets = memoryview(self._packets).cast("B")
        self.names = memoryview(self._names).cast("B")
        fields = memoryview(self.messages).cast("B").cast("Q")
        self.name_places = fields[0::words]
        self.sizes = fields[7::words]
        self.room = memoryview(self._vectors).cast("B").cast("Q")[1::2]
