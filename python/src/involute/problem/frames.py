"""Frames over pipes, and the file that both sides map for what is too large for a pipe."""

from __future__ import annotations

import mmap
import os
import struct
from typing import NamedTuple, Sequence

import numpy as np
from numpy.typing import NDArray

VERSION = 1
GREETING, ADVANCE, EVALUATE, ERROR = 1, 2, 3, 4
SHARED = 1
MOST_IN_FRAME = 65536

_HEADER = struct.Struct("<3sBHHQ")
_MAGIC = b"INV"

Bytes = NDArray[np.uint8]


class Damaged(Exception):
    """What came is not the protocol: there is no next frame to find."""


class Misfit(ValueError):
    """A frame whose payload is not what its kind wants: the next frame may be well."""


class Header(NamedTuple):
    kind: int
    shared: bool
    length: int


class Pipe:
    """Reads and writes frames."""

    def __init__(self, source: int, sink: int) -> None:
        self._source, self._sink = source, sink
        self._head = bytearray(_HEADER.size)
        self._buffer: Bytes = np.zeros(MOST_IN_FRAME, np.uint8)

    def receive(self) -> Header | None:
        """The header of the next frame; None at the end of input."""
        if not self._fill(memoryview(self._head), True):
            return None
        magic, version, kind, flags, length = _HEADER.unpack(self._head)
        if magic != _MAGIC:
            raise Damaged(f"a frame begins with {bytes(self._head[:4])!r}, not with INV and a version")
        if version != VERSION:
            raise Damaged(f"a frame of version {version} of the protocol; this program speaks version {VERSION}")
        if flags & ~SHARED:
            raise Damaged(f"a frame with the flags {flags:#x}, of which only {SHARED:#x} has a meaning")
        shared = bool(flags & SHARED)
        if shared != (length > MOST_IN_FRAME):
            where = "in the shared file" if shared else "in the pipe"
            raise Damaged(f"a payload of {length} bytes {where}; one of more than {MOST_IN_FRAME} lies in the shared file")
        return Header(kind, shared, length)

    def payload(self, length: int) -> Bytes:
        """The payload that follows a header; it is valid until the next one."""
        self._fill(memoryview(self._buffer.data)[:length])
        return self._buffer[:length]

    def send(self, kind: int, payload: bytes | memoryview, length: int | None = None) -> None:
        """Sends a frame. ``length`` is that of a payload in the shared file."""
        shared = length is not None
        head = _HEADER.pack(_MAGIC, VERSION, kind, SHARED if shared else 0, length if length is not None else len(payload))
        rest: Sequence[memoryview] = [memoryview(head), memoryview(payload)] if not shared and len(payload) else [memoryview(head)]
        while rest:
            written = os.writev(self._sink, rest)
            left = []
            for part in rest:
                if written < len(part):
                    left.append(part[written:])
                written = max(0, written - len(part))
            rest = left

    def _fill(self, view: memoryview, may_end: bool = False) -> bool:
        have = 0
        while have < len(view):
            count = os.readv(self._source, [view[have:]])
            if count == 0:
                if may_end and have == 0:
                    return False
                raise Damaged("the input ends within a frame")
            have += count
        return True


class SharedFile:
    """The shared file, mapped as far as it is needed."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self._bytes: Bytes = np.zeros(0, np.uint8)

    def map(self, length: int) -> Bytes:
        """The first bytes of the file; it has grown if it is said to have."""
        if length > len(self._bytes):
            size = os.fstat(self._file).st_size
            if length > size:
                raise Misfit(f"the request says that the shared file has {length} bytes; it has {size}")
            # The former mapping goes with the last array that lies in it.
            self._bytes = np.frombuffer(mmap.mmap(self._file, size), np.uint8)
        return self._bytes[:length]

    def put(self, payload: bytes) -> None:
        """Writes at the beginning of the file, and makes it long enough."""
        if os.fstat(self._file).st_size < len(payload):
            os.ftruncate(self._file, len(payload))
        self.map(len(payload))[:] = np.frombuffer(payload, np.uint8)

    def close(self) -> None:
        os.close(self._file)
