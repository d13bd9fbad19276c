"""Many UDP packets with one system call: Linux's recvmmsg and sendmmsg, called through ctypes.

The kernel's part of an announce is larger than ours, and half of it is spent on entering and
leaving the kernel and Python's own socket functions. The buffers are made once.

Where a socket has all addresses of the machine, the kernel says with each packet which one it was
sent to, and is given that back with the reply: a client takes none from another address.
"""

import ctypes
import logging
import os
import struct
import sys
from collections.abc import Awaitable, Callable
from functools import cache
from socket import AF_INET6, inet_ntop, socket

from .packet_info import MESSAGE_HEAD, packet_info

BATCH = 64  # packets
PACKET = 1536  # bytes; the longest request has 1,496, the longest reply 1,220
MSG_DONTWAIT = 0x40  # Linux's; the module `socket` lacks it on Windows
ROUNDS = 16  # batches before others get their turn

log = logging.getLogger(__name__)

Name = tuple[str, int] | tuple[str, int, int, int]
Ancillary = list[tuple[int, int, bytes]]  # as `socket.sendmsg` takes it
# From a buffer, where a request begins in it, its size and its sender's address (4 or 16 bytes), to
# the size of the reply that was written at the same place of another buffer: 0 for no reply.
Answer = Callable[[bytearray, int, int, bytes, bytearray], int | Awaitable[bytes]]


NOTHING = memoryview(bytes(4 * BATCH)).cast("I")


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
        answer: Answer,
        reply_later: Callable[[Awaitable[bytes], Name, Ancillary], None],
    ) -> None:
        """`reply_later` takes the replies that are not there yet, and what goes with them."""
        self._descriptor = socket.fileno()
        self._answer = answer
        self._reply_later = reply_later
        self._is_ipv6 = socket.family == AF_INET6
        self._name_size = 28 if self._is_ipv6 else 16
        self._info = packet_info(socket)
        library = ctypes.CDLL(None, use_errno=True)
        self._receive, self._send = library.recvmmsg, library.sendmmsg
        control_size = self._info.space if self._info else 0
        self._requests = _Lane(_Envelopes(self._name_size, control_size))
        # Each reply has the place of its request, and so its envelope.
        self._replies = _Lane(self._requests.envelopes)

    def receive(self) -> None:
        """Take what has come and answer it."""
        requests = self._requests
        for _ in range(ROUNDS):
            count = self._receive(self._descriptor, requests.messages, BATCH, MSG_DONTWAIT, None)
            if count <= 0:
                return
            if self._info:
                # The way back is the routing table's choice, whichever way the packet came.
                requests.envelopes.forget_interfaces(self._info.interface_word)
            self._answer_batch(count)
            if count < BATCH:
                return

    def _answer_batch(self, count: int) -> None:
        answer = self._answer
        names = bytes(self._requests.envelopes.names)
        requests, replies = self._requests.buffer, self._replies.buffer
        room = self._replies.room
        name_size = self._name_size
        first, last = (8, 24) if self._is_ipv6 else (4, 8)
        start = 0
        unanswered = []
        for index, size in enumerate(self._requests.sizes[:count].tolist()):
            try:
                reply = answer(requests, start, size, names[first:last], replies)
            except Exception:
                log.exception("A packet could not be answered")
                reply = 0
            if type(reply) is int and reply:
                room[index] = reply
            else:
                unanswered.append(index)
                if type(reply) is not int:
                    name = self._name(names, index * name_size)
                    self._reply_later(reply, name, self._ancillary(index))  # type: ignore[arg-type]
            start += PACKET
            first += name_size
            last += name_size
        ready = 0
        for index in (*unanswered, count):
            if ready < index:
                self._send_batch(ready, index - ready)
            ready = index + 1

    def _send_batch(self, first: int, count: int) -> None:
        messages = ctypes.byref(self._replies.messages, first * ctypes.sizeof(_Message))
        sent = self._send(self._descriptor, messages, count, MSG_DONTWAIT)
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

    def _ancillary(self, index: int) -> Ancillary:
        if not self._info:
            return []
        level, _, kind, size, space, _ = self._info
        start = index * space + MESSAGE_HEAD
        content = self._requests.envelopes.controls[start : start + size]
        return [(level, kind, content.tobytes())]


class _Envelopes:
    """Who sent each packet of a batch, and to which of our addresses."""

    def __init__(self, name_size: int, control_size: int) -> None:
        self.name_size, self.control_size = name_size, control_size
        self._names = (ctypes.c_char * (name_size * BATCH))()
        self._controls = (ctypes.c_char * (control_size * BATCH))()
        self.names_at = ctypes.addressof(self._names)
        self.controls_at = ctypes.addressof(self._controls)
        self.names = memoryview(self._names).cast("B")
        self.controls = memoryview(self._controls).cast("B")

    def forget_interfaces(self, word: int) -> None:
        """Overwrite the interface that each packet came by."""
        self.controls.cast("I")[word :: self.control_size // 4] = NOTHING


class _Lane:
    """Buffers for one direction, and views of them that Python can slice."""

    def __init__(self, envelopes: _Envelopes) -> None:
        self.envelopes = envelopes
        self.buffer = bytearray(PACKET * BATCH)
        packets_at = ctypes.addressof(ctypes.c_char.from_buffer(self.buffer))
        self._vectors = (ctypes.c_uint64 * (2 * BATCH))()
        self.messages = (_Message * BATCH)()
        for each in range(BATCH):
            self._vectors[2 * each] = packets_at + each * PACKET
            self._vectors[2 * each + 1] = PACKET
            message = self.messages[each]
            message.name = envelopes.names_at + each * envelopes.name_size
            message.name_size = envelopes.name_size
            message.vector = ctypes.addressof(self._vectors) + each * 16
            message.vector_size = 1
            if envelopes.control_size:
                message.control = envelopes.controls_at + each * envelopes.control_size
                message.control_size = envelopes.control_size
        fields = memoryview(self.messages).cast("B").cast("Q")
        self.sizes = fields[7 :: ctypes.sizeof(_Message) // 8]
        self.room = memoryview(self._vectors).cast("B").cast("Q")[1::2]
