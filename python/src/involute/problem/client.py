"""Involute's side of the protocol, as far as a check needs it: one child, one call after the other."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import tempfile
from typing import Any, Dict, Tuple

import numpy as np
from numpy.typing import NDArray

from .call import Call
from .frames import ADVANCE, ERROR, GREETING, MOST_IN_FRAME, Pipe, SharedFile

_Result = Tuple[NDArray[np.float64], Any]


# As Involute does: a child of each of its threads, and no threads in them.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS")


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 8)


class ChildError(Exception):
    """What a child has answered in the place of an answer."""


class Client:
    """A child process that serves the problem of this name, and the file that is shared with it."""

    def __init__(self, name: str) -> None:
        folder = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self._descriptor, path = tempfile.mkstemp(prefix="involute-check-", dir=folder)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "involute.problem", "serve", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**{variable: "1" for variable in _THREADS}, **os.environ},
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._pipe = Pipe(self._process.stdout.fileno(), self._process.stdin.fileno())
        try:
            self._file = SharedFile(path)
            self._pipe.send(GREETING, json.dumps({"protocol": 1, "program": "involute.problem check", "file": path}).encode())
            self.greeting: Dict[str, Any] = json.loads(self._answer(GREETING).tobytes())
        finally:
            os.unlink(path)

    def advance(self, call: Call) -> _Result:
        """Losses of all lanes one behind the other, and the states (L, size), or each lane's bytes where they vary."""
        lanes, size, varies = len(call.lanes), int(self.greeting["stateBytes"]), bool(self.greeting["stateVaries"])
        theta, stride = call.theta.astype("<f4").tobytes(), -(-size // 8) * 8
        body = call.lanes.tobytes() + theta + bytes(-len(theta) % 8)
        if varies:
            body += _padded(np.array([len(state) for state in call.states], "<u4").tobytes())
            body += b"".join(state.ljust(stride, b"\0") for state in call.states)
        else:
            body += np.asarray(call.states).tobytes()
        count = int(call.lanes["steps"].sum())
        lengths = -(-4 * lanes // 8) * 8 if varies else 0
        request, answer = 24 + len(body), 8 * count + lengths + lanes * stride
        at = -(-request // 4096) * 4096
        whole = struct.pack("<IIQQ", lanes, 0, at + answer, at) + body
        os.ftruncate(self._descriptor, max(at + answer, os.fstat(self._descriptor).st_size))
        if request > MOST_IN_FRAME:
            self._file.map(at + answer)[:request] = np.frombuffer(whole, np.uint8)
            self._pipe.send(ADVANCE, b"", request)
        else:
            self._pipe.send(ADVANCE, whole)
        got = self._answer(ADVANCE, at)
        losses, states = got[: 8 * count].copy().view("<f8"), got[8 * count + lengths :].copy().reshape(lanes, -1)
        if not varies:
            return losses, states
        counts = got[8 * count : 8 * count + 4 * lanes].view("<u4").tolist()
        return losses, [row[:length].tobytes() for row, length in zip(states, counts)]

    def close(self) -> int:
        """Ends the input; the exit code of the child."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        code = self._process.wait()
        self._process.stdout.close()
        os.close(self._descriptor)
        self._file.close()
        return code

    def _answer(self, kind: int, at: int = 0) -> NDArray[np.uint8]:
        header = self._pipe.receive()
        if header is None:
            raise ChildError(f"the process has ended with exit code {self._process.wait()}")
        if header.shared:
            return self._file.map(at + header.length)[at:]
        payload = self._pipe.payload(header.length)
        if header.kind == ERROR:
            told = json.loads(payload.tobytes())
            raise ChildError(f"{told['type']}: {told['message']} ({told['where']})\n{told['trace']}")
        if header.kind != kind:
            raise ChildError(f"an answer of kind {header.kind}, expected {kind}")
        return payload
