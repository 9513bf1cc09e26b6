"""The child: answers Involute's requests until the end of its input."""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import struct
import sys
import threading
from typing import Any, Callable, Dict, Tuple, Union

import numpy as np

from . import failure, find
from .call import LANE, Call, States
from .engine import Engine
from .frames import ADVANCE, ERROR, EVALUATE, GREETING, MOST_IN_FRAME, Bytes, Damaged, Misfit, Pipe, SharedFile
from .problem import AnyProblem, LanesProblem, Problem, VectorProblem
from .simple import SimpleEngine
from .vector import VectorEngine
from .whole import WholeEngine

_FIXED = struct.Struct("<IIQQ")

# A call that still runs so long after Involute has gone is given up.
_GRACE = 5.0


def engine(problem: AnyProblem) -> Engine:
    """What runs a problem."""
    if isinstance(problem, VectorProblem):
        return VectorEngine(problem)
    if isinstance(problem, LanesProblem):
        return WholeEngine(problem)
    if isinstance(problem, Problem):
        return SimpleEngine(problem)
    raise TypeError(f"{type(problem).__name__} is not a Problem, VectorProblem or LanesProblem of involute.problem")


def serve(problem: Union[AnyProblem, Callable[[], AnyProblem]]) -> None:
    """
    Answers Involute's calls until the end of input; a class is made into an object when Involute has greeted. Standard output is the protocol's: what the problem prints goes to
    standard error, which Involute writes to the run's log. In a module that ``python -m involute.problem`` imports to find a problem in it, this returns at once.
    """
    if find.is_looking():
        return
    if os.isatty(0) or os.isatty(1):
        file = os.path.basename(sys.argv[0])
        print(
            f"{file} is a problem for Involute, which starts it by itself. To test it: python -m involute.problem check {file}",
            file=sys.stderr,
        )
        sys.exit(64)
    source, sink = _take_standard_streams()
    # Ctrl-C goes to all processes of a terminal. Involute decides when its children end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ended = threading.Event()
    threading.Thread(target=_end_with_involute, args=(source, ended), daemon=True).start()
    try:
        code = Server(Pipe(source, sink)).run(problem)
    except BrokenPipeError:
        code = 0
    ended.set()
    sys.stdout.flush()
    if code:
        sys.exit(code)


class Server:
    """One conversation."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._answer: Bytes = np.zeros(MOST_IN_FRAME, np.uint8)
        # Requests in the pipe's buffer, by their lanes: the same arrays see each of them.
        self._calls: Dict[int, Tuple[int, Call]] = {}

    def run(self, problem: Union[AnyProblem, Callable[[], AnyProblem]]) -> int:
        """Answers until the end of input; the process's exit code."""
        try:
            if not self._greet(problem):
                return 1
            while True:
                header = self._pipe.receive()
                if header is None:
                    return 0
                if header.kind not in (ADVANCE, EVALUATE):
                    raise Damaged(f"a request of kind {header.kind}; the kinds are {ADVANCE} (advance) and {EVALUATE} (evaluate)")
                payload = None if header.shared else self._pipe.payload(header.length)
                try:
                    self._handle(header.kind, payload, header.length)
                except BrokenPipeError:
                    raise
                except BaseException as error:  # sys.exit in a step is an error of the step, too
                    self._pipe.send(ERROR, failure.encode(self._told(error)))
        except Damaged as error:
            told = {"type": "Damaged", "message": str(error), "where": "involute.problem", "trace": ""}
            print(failure.line(told), file=sys.stderr, flush=True)
            self._pipe.send(ERROR, failure.encode(told))
            return 1

    def _told(self, error: BaseException) -> Any:
        told = failure.failure(error, self._engine.place)
        # What does not fit is no fault of the user's code.
        return {**told, "where": "involute.problem"} if isinstance(error, Misfit) else told

    def _greet(self, problem: Union[AnyProblem, Callable[[], AnyProblem]]) -> bool:
        header = self._pipe.receive()
        if header is None:
            return False
        if header.kind != GREETING or header.shared:
            raise Damaged(f"the first frame is of kind {header.kind}; it is the greeting, {GREETING}")
        try:
            greeting = json.loads(self._pipe.payload(header.length).tobytes())
            protocol, file = greeting["protocol"], greeting["file"]
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged(f"the greeting is not JSON with protocol and file ({type(error).__name__}: {error})") from None
        if protocol != 1:
            raise Damaged(f"Involute speaks version {protocol} of the protocol; this program speaks version 1")
        place = None
        try:
            self._file = SharedFile(file)
            made = problem if isinstance(problem, AnyProblem) else problem()
            place = getattr(made, "reset", None)
            self._engine = engine(made)
            payload = json.dumps(self._engine.greeting(), allow_nan=False).encode()
        except BaseException as error:
            told = failure.failure(error, place)
            print(told["trace"], file=sys.stderr, flush=True)
            self._pipe.send(ERROR, failure.encode(told))
            return False
        # What has been made up to now stays; the collector of garbage need not look through numpy again and again.
        gc.collect()
        gc.freeze()
        if len(payload) > MOST_IN_FRAME:
            self._file.put(payload)
            self._pipe.send(GREETING, b"", len(payload))
        else:
            self._pipe.send(GREETING, payload)
        return True

    def _handle(self, kind: int, payload: Bytes | None, length: int) -> None:
        if payload is None:
            # How long the file is, the payload says; that it is long enough for the payload is sure.
            payload = self._file.map(length)
        call, file_length, answer_at = self._parse(payload, length)
        engine = self._engine
        lanes = len(call.lanes)
        count = lanes if kind == EVALUATE else sum(call.lanes["steps"].tolist())
        if kind == EVALUATE:
            if not engine.evaluates:
                raise Misfit("a request to evaluate, but the greeting said that the problem has no evaluate")
            answer = self._room(8 * count, length, file_length, answer_at)
            engine.evaluate(call, answer.view("<f8"))
        elif engine.varies:
            losses = np.empty(count)
            packed = engine.advance(call, losses, np.empty((0, 0), np.uint8))
            answer = self._varying(losses, packed, length, file_length, answer_at)
        else:
            answer = self._room(8 * count + lanes * engine.size, length, file_length, answer_at)
            # Bytes between the parts of a state are zero, always.
            answer[8 * count :] = 0
            engine.advance(call, answer[: 8 * count].view("<f8"), answer[8 * count :].reshape(lanes, engine.size))
        if len(answer) > MOST_IN_FRAME:
            self._pipe.send(kind, b"", len(answer))
        else:
            self._pipe.send(kind, answer.data)

    def _parse(self, payload: Bytes, length: int) -> Tuple[Call, int, int]:
        engine = self._engine
        if length < _FIXED.size:
            raise Misfit(f"a request of {length} bytes; it has at least {_FIXED.size}")
        lanes, _, file_length, answer_at = _FIXED.unpack_from(payload.data)
        kept = self._calls.get(lanes) if length <= MOST_IN_FRAME else None
        if kept is not None and kept[0] == length:
            return kept[1], file_length, answer_at
        if not 1 <= lanes <= engine.problem.most_lanes:
            raise Misfit(f"a request with {lanes} lanes; the greeting said 1 to {engine.problem.most_lanes}")
        theta_at = _FIXED.size + LANE.itemsize * lanes
        theta_bytes = 4 * lanes * engine.theta.length
        states_at = theta_at + padded(theta_bytes)
        lengths_at, stride = states_at, padded(engine.size)
        if engine.varies:
            states_at += padded(4 * lanes)
        end = states_at + lanes * stride
        if length != end:
            raise Misfit(f"a request of {length} bytes; one with {lanes} lanes has {end}")
        states: States = payload[states_at:end].reshape(lanes, stride)
        if engine.varies:
            lengths = payload[lengths_at : lengths_at + 4 * lanes].view("<u4").tolist()
            if max(lengths) > engine.size:
                raise Misfit(f"a request with a state of {max(lengths)} bytes; the greeting said {engine.size} at most")
            states = [row[:count].tobytes() for row, count in zip(states, lengths)]
        call = Call(
            payload[_FIXED.size : theta_at].view(LANE),
            payload[theta_at : theta_at + theta_bytes].view("<f4").reshape(lanes, engine.theta.length),
            states,
        )
        if length <= MOST_IN_FRAME and not engine.varies:
            self._calls[lanes] = (length, call)
        return call, file_length, answer_at

    def _room(self, size: int, request: int, file_length: int, answer_at: int) -> Bytes:
        """Where an answer of this size goes."""
        if size <= MOST_IN_FRAME:
            return self._answer[:size]
        shared_request = request if request > MOST_IN_FRAME else 0
        if answer_at < shared_request or answer_at % 8 or answer_at + size > file_length:
            raise Misfit(
                f"the answer has {size} bytes, which do not fit at byte {answer_at} of a shared file of {file_length} "
                f"bytes behind a request of {shared_request}"
            )
        return self._file.map(file_length)[answer_at : answer_at + size]

    def _varying(self, losses: Any, packed: Any, request: int, file_length: int, answer_at: int) -> Bytes:
        lengths = np.zeros(padded(4 * len(packed)) // 4, "<u4")
        lengths[: len(packed)] = [len(state) for state in packed]
        stride = padded(self._engine.size)
        parts = [losses.view(np.uint8).tobytes(), lengths.tobytes(), *(state.ljust(stride, b"\0") for state in packed)]
        whole = np.frombuffer(b"".join(parts), np.uint8)
        answer = self._room(len(whole), request, file_length, answer_at)
        answer[:] = whole
        return answer


def padded(size: int) -> int:
    """A multiple of 8."""
    return -(-size // 8) * 8


def _take_standard_streams() -> Tuple[int, int]:
    """Keeps the pipes to Involute for the protocol; what the problem reads and prints goes elsewhere."""
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    # Before anything is flushed: what was printed up to now belongs to standard error, too.
    os.dup2(2, 1)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(line_buffering=True)
    return source, sink


def _end_with_involute(source: int, ended: threading.Event) -> None:
    """
    Ends the process if Involute has gone while a call runs that does not end. Waiting for the other end to be closed
    takes no time of the computation.
    """
    if not hasattr(select, "poll"):
        return
    closed = select.poll()
    closed.register(source, 0)
    closed.poll()
    if not ended.wait(_GRACE):
        os._exit(1)
