"""Runs a problem lane by lane."""

from __future__ import annotations

import math
from typing import Any, Callable, List

import numpy as np
from numpy.typing import NDArray

from .call import BEGINS, SPLIT_MASK, SPLIT_SHIFT, Call
from .engine import Engine
from .key import EVALUATE, RESET, STEP, Key
from .layout import Layout
from .leaf import StateError, describe
from .problem import Problem
from .records import Reader, Writer
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
        take = self._take(call)
        writer = Writer(self.layout, states) if self.layout is not None else None
        packed = [b""] * len(floats) if writer is None else []
        # Written into the answer at once: an assignment to an array takes longer than a step's share of the package.
        taken: List[float] = []
        for lane, (seed, pair, trajectory, horizon, first, steps, flags) in enumerate(call.lanes.tolist()):
            theta = Theta(self.theta, floats[lane])
            state = self._begin(theta, Key(seed, pair, trajectory, first, horizon, RESET)) if flags & BEGINS else take(lane)
            for number in range(first, first + steps):
                result = step(theta, state, Key(seed, pair, trajectory, number, 0, STEP))
                if type(result) is not tuple or len(result) != 2:
                    raise StateError(f"step returned {describe(result)}: it returns two things, the state and the loss")
                state, loss = result
                if type(loss) is not float:
                    loss = _number(loss, "step")
                taken.append(loss)
                if not math.isfinite(loss):
                    # The lane has ended: its further losses do not count, and its state is not used again.
                    taken += [loss] * (first + steps - 1 - number)
                    break
            else:
                if writer is None:
                    packed[lane] = self._bytes(state)
                else:
                    writer.put(lane, state)
        losses[:] = taken
        if writer is not None:
            writer.close()
        return packed

    def evaluate(self, call: Call, losses: NDArray[np.float64]) -> None:
        run, floats = self._problem.evaluate, call.theta.astype(self.theta_type)  # type: ignore[attr-defined]
        take = self._take(call)
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

    def _take(self, call: Call) -> Callable[[int], Any]:
        """What gives the state that a lane comes with: objects of the layout, or bytes of the problem's own."""
        if self.layout is None:
            return call.states.__getitem__
        return Reader(self.layout, call.states).take  # type: ignore[arg-type]

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


def _number(loss: Any, function: str) -> float:
    if type(loss) is float:
        return loss
    try:
        return float(loss)
    except (TypeError, ValueError):
        raise StateError(f"{function} returned a loss that is {describe(loss)}: it is one number") from None
