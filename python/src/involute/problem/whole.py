"""Runs a problem that takes whole calls."""

from __future__ import annotations

from typing import Any, Callable, List

import numpy as np
from numpy.typing import NDArray

from .call import BEGINS, Call, Lanes
from .engine import Engine
from .key import RESET, STEP
from .keys import Stretch
from .leaf import StateError, describe
from .problem import LanesProblem
from .theta import Theta


class WholeEngine(Engine):
    """The engine of a :class:`LanesProblem`."""

    def __init__(self, problem: LanesProblem) -> None:
        super().__init__(problem)
        self._problem = problem
        self.evaluates = False
        if not self.varies:
            if problem.state is None:
                raise StateError(f"{type(problem).__name__} has no state: say its dtype, or state_bytes_at_most")
            self._dtype = np.dtype(problem.state)
            if self._dtype.hasobject:
                raise StateError(f"state has the type {self._dtype}: a state is made of numbers and arrays of numbers")
            self.size = -(-self._dtype.itemsize // 8) * 8

    @property
    def place(self) -> Callable[..., Any]:
        return self._problem.advance

    def advance(self, call: Call, losses: NDArray[np.float64], states: NDArray[np.uint8]) -> List[bytes]:
        lanes = call.lanes
        begins = (lanes["flags"] & BEGINS) != 0
        key = lanes["seed"], lanes["pair"], lanes["trajectory"], lanes["first"]
        if isinstance(call.states, list):
            given: Any = [b"" if begin else state for begin, state in zip(begins, call.states)]
        else:
            states[~begins] = call.states[~begins]
            # A record of the declared type in each row, without the bytes that fill it up.
            rows = np.ndarray(len(lanes), self._dtype, states, 0, (self.size,)) if len(states) else states
            given = rows
        # What the problem does not fill in counts as diverged; it must not be what an earlier call had there.
        losses[:] = np.nan
        self._problem.advance(
            Lanes(
                Theta(self.theta, call.theta.astype(self.theta_type)),
                Stretch(*key, phase=STEP).at(0),
                Stretch(*key, phase=RESET, horizon=lanes["horizon"]).at(0),
                begins, lanes["first"], lanes["steps"],
                np.split(losses, np.cumsum(lanes["steps"].astype(np.int64))[:-1]),
                given,
            )
        )
        if not self.varies:
            return []
        for lane, state in enumerate(given):
            if not isinstance(state, (bytes, bytearray)) or len(state) > self.size:
                what = f"of {len(state)} bytes" if isinstance(state, (bytes, bytearray)) else describe(state)
                raise StateError(f"the state of lane {lane} is {what}: it is bytes, {self.size} at most")
        return [bytes(state) for state in given]
