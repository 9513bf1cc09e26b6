"""Runs a problem lane by lane."""

from __future__ import annotations

import math
from typing import Any, Callable, List, Tuple

import numpy as np
from numpy.typing import NDArray

from .call import BEGINS, SPLIT_MASK, SPLIT_SHIFT, Call
from .engine import Engine
from .key import EVALUATE, RESET, STEP, Key
from .layout import Layout
from .leaf import StateError, describe
from .problem import Problem
from .theta import Theta

#: The key that the layout of the state is learned under.
FIRST = Key(seed=0, pair=0, trajectory=0, step=0, horizon=1000, phase=RESET)


class SimpleEngine(Engine):
    """The engine of a :class:`Problem`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self._problem = problem
        self.layout: Layout | None = None
        state = problem.reset(Theta(self.theta, self.theta.initial.astype(self.theta_type)), FIRST)
        if self.varies:
            self._bytes(state)
        else:
            self.layout = Layout(state)
            self.size = self.layout.size

    def advance(self, call: Call, losses: NDArray[np.float64], states: NDArray[np.uint8]) -> List[bytes]:
        step, floats = self._problem.step, call.theta.astype(self.theta_type)
        take, put, packed = self._store(call, states)
        at = 0
        for lane, (seed, pair, trajectory, horizon, first, steps, flags) in enumerate(call.lanes.tolist()):
            theta = Theta(self.theta, floats[lane])
            if flags & BEGINS:
                state = self._begin(theta, Key(seed, pair, trajectory, first, horizon, RESET))
            else:
                state = take(lane)
            end = at + steps
            finite = True
            for number in range(steps):
                state, loss = _two(step(theta, state, Key(seed, pair, trajectory, first + number, 0, STEP)))
                loss = _number(loss, "step")
                losses[at + number] = loss
                if not math.isfinite(loss):
                    # The lane has ended: its further losses do not count, and its state is not used again.
                    losses[at + number : end] = loss
                    finite = False
                    break
            at = end
            if finite:
                put(lane, state)
        return packed

    def evaluate(self, call: Call, losses: NDArray[np.float64]) -> None:
        run, floats = self._problem.evaluate, call.theta.astype(self.theta_type)  # type: ignore[attr-defined]
        take, _, _ = self._store(call, np.empty((0, self.size), np.uint8))
        for lane, (seed, pair, trajectory, horizon, first, batches, flags) in enumerate(call.lanes.tolist()):
            theta = Theta(self.theta, floats[lane])
            phase = EVALUATE + (flags >> SPLIT_SHIFT & SPLIT_MASK)
            total = 0.0
            for batch in range(batches):
                # Each batch has a state of its own: what one changes in place, the next one does not see.
                state = self._begin(theta, Key(seed, pair, trajectory, first, horizon, RESET)) if flags & BEGINS else take(lane)
                key = Key(seed, pair, trajectory, first + batch, 0, phase)
                total += _number(run(theta, state, key), "evaluate")
            losses[lane] = total / max(1, batches)

    def _store(
        self, call: Call, states: NDArray[np.uint8]
    ) -> Tuple[Callable[[int], Any], Callable[[int, Any], None], List[bytes]]:
        """How states are taken and put: records of the layout, or bytes of the problem's own."""
        if self.layout is None:
            packed = [b""] * len(call.lanes)

            def put_bytes(lane: int, state: Any) -> None:
                packed[lane] = self._bytes(state)

            return call.states.__getitem__, put_bytes, packed
        layout, before = self.layout, self.layout.columns(call.states)  # type: ignore[arg-type]
        after = layout.columns(states)

        def put(lane: int, state: Any) -> None:
            layout.put(after, lane, state)

        return lambda lane: layout.take(before, lane), put, []

    def _begin(self, theta: Theta, key: Key) -> Any:
        """A state of its own: the problem may keep the arrays that its reset gives back, and steps may change them."""
        state = self._problem.reset(theta, key)
        return state if self.layout is None else self.layout.copy(state)

    def _bytes(self, state: Any) -> bytes:
        if not isinstance(state, (bytes, bytearray, memoryview)):
            raise StateError(f"the state is {describe(state)}: with state_bytes_at_most it is bytes")
        if len(state) > self.size:
            raise StateError(f"the state has {len(state)} bytes: state_bytes_at_most is {self.size}")
        return bytes(state)


def _two(result: Any) -> Tuple[Any, Any]:
    if type(result) is tuple and len(result) == 2:
        return result[0], result[1]
    raise StateError(f"step returned {describe(result)}: it returns two things, the state and the loss")


def _number(loss: Any, function: str) -> float:
    if type(loss) is float:
        return loss
    try:
        return float(loss)
    except (TypeError, ValueError):
        raise StateError(f"{function} returned a loss that is {describe(loss)}: it is one number") from None
