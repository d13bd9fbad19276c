"""Has the kernel give each UDP packet to the process whose torrent it is about (Linux).

A small program of the classic Berkeley Packet Filter looks into the packet and says which socket of
the group gets it. Where the kernel does not take it, it chooses by the sender's address, and the
processes pass on to each other what they get by mistake, as they do with HTTP.
"""

import ctypes
import logging
import struct
from collections.abc import Iterable
from socket import SOL_SOCKET, socket

SO_ATTACH_REUSEPORT_CBPF = 51
INSTRUCTION = struct.Struct("HBBI")  # `struct sock_filter`: code, jumps if true and false, operand
LOAD_WORD, LOAD_HALF = 0x20, 0x28
JUMP_IF_EQUAL = 0x15
MULTIPLY, SHIFT_RIGHT, REMAINDER = 0x24, 0x74, 0x94
RETURN = 0x16
ACTION, TRANSACTION, INFO_HASH = 8, 12, 16  # where they are in a packet of BEP 15

log = logging.getLogger(__name__)


def steer(group: Iterable[socket], processes: int) -> None:
    """Tell the kernel; `group` has one socket for each address that the processes listen on."""
    program = instructions(processes)
    buffer = ctypes.create_string_buffer(program)
    count = len(program) // INSTRUCTION.size
    wish = struct.pack("HP", count, ctypes.addressof(buffer))
    for each in group:
        try:
            each.setsockopt(SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, wish)
        except OSError as error:
            log.warning("UDP packets are spread by address and not by torrent: %s", error)


def instructions(processes: int) -> bytes:
    """The program.

    Announces and scrapes go to `Share.owner` of their first info-hash. Connects are about no
    torrent and go round. A load from behind the end of a short packet chooses the first process.
    """
    program = [
        (LOAD_WORD, 0, 0, ACTION),
        (JUMP_IF_EQUAL, 4, 0, 0),  # a connect
        (LOAD_HALF, 0, 0, INFO_HASH),
        (MULTIPLY, 0, 0, processes),
        (SHIFT_RIGHT, 0, 0, 16),
        (RETURN, 0, 0, 0),
        (LOAD_WORD, 0, 0, TRANSACTION),
        (REMAINDER, 0, 0, processes),
        (RETURN, 0, 0, 0),
    ]
    return b"".join(INSTRUCTION.pack(*each) for each in program)
