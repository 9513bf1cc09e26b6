"""Runs a problem that takes all lanes of a step at once."""

from __future__ import annotations

import math
from typing import Any, List

import numpy as np
from numpy.typing import NDArray

from .call import BEGINS, SPLIT_MASK, SPLIT_SHIFT, Call
from .engine import Engine
from .key import EVALUATE, RESET, STEP
from .keys import Ahead, Stretch
from .layout import Layout
from .leaf import StateError, describe
from .problem import VectorProblem
from .simple import FIRST
from .theta import Theta

_Lanes = NDArray[np.intp]


class VectorEngine(Engine):
    """
    The engine of a :class:`VectorProblem`. Lanes that take as many steps as each other go side by side; a lane that has
    taken its steps, or whose loss is not finite, leaves the others.
    """

    def __init__(self, problem: VectorProblem) -> None:
        super().__init__(problem)
        if self.varies:
            raise StateError("state_bytes_at_most goes with Problem and LanesProblem: here a state is arrays")
        self._problem = problem
        self._ahead = Ahead()
        # Two lanes, so that an axis of lanes can be told from another one.
        lanes = 2
        zeros = np.zeros(lanes, np.uint32)
        keys = Stretch(zeros.astype(np.int64), zeros, zeros, zeros, 1, RESET, zeros + np.uint32(FIRST.horizon))
        theta = Theta(self.theta, np.tile(self.theta.initial.astype(self.theta_type), (lanes, 1)))
        self.layout = Layout(problem.reset(theta, keys.at(0)), lanes)
        self.size = self.layout.size

    def advance(self, call: Call, losses: NDArray[np.float64], states: NDArray[np.uint8]) -> List[bytes]:
        theta = Theta(self.theta, call.theta.astype(self.theta_type))
        arrays = self._begin(call, theta)
        steps = call.lanes["steps"].astype(np.int64)
        ends = np.cumsum(steps)
        starts = ends - steps
        alive = np.ones(len(steps), np.bool_)
        done = 0
        while True:
            active = np.flatnonzero(alive & (steps > done))
            if len(active) == 0:
                break
            count = int(steps[active].min()) - done
            taken = self._run(call, theta, arrays, active, done, count, losses, starts, ends, alive)
            done += taken
        for column, array in zip(self.layout.columns(states), arrays):
            column[...] = array
        if not alive.all():
            states[~alive] = 0
        return []

    def evaluate(self, call: Call, losses: NDArray[np.float64]) -> None:
        theta = Theta(self.theta, call.theta.astype(self.theta_type))
        arrays = self._begin(call, theta)
        splits = call.lanes["flags"] >> SPLIT_SHIFT & SPLIT_MASK
        batches = call.lanes["steps"]
        losses[:] = 0
        for split in np.unique(splits):
            for batch in range(int(batches[splits == split].max())):
                lanes = np.flatnonzero((splits == split) & (batches > batch))
                keys = self._stretch(call, lanes, batch, 1, EVALUATE + int(split)).at(0)
                state = self.layout.build([array[lanes] for array in arrays])
                loss = self._problem.evaluate(theta.take(lanes), state, keys)  # type: ignore[attr-defined]
                losses[lanes] += _losses(loss, len(lanes), "evaluate")
        losses /= np.maximum(batches, 1)

    def _begin(self, call: Call, theta: Theta) -> List[Any]:
        """The leaves of all lanes' states, after the resets of those that begin."""
        begins = (call.lanes["flags"] & BEGINS) != 0
        if begins.all():
            return self._reset(call, theta, np.arange(len(begins)))
        columns = self.layout.columns(call.states)  # type: ignore[arg-type]
        arrays: List[Any] = [np.array(column, order="C") for column in columns]
        if begins.any():
            lanes = np.flatnonzero(begins)
            for array, fresh in zip(arrays, self._reset(call, theta.take(lanes), lanes)):
                array[lanes] = fresh
        return arrays

    def _reset(self, call: Call, theta: Theta, lanes: _Lanes) -> List[Any]:
        keys = self._stretch(call, lanes, 0, 1, RESET, call.lanes["horizon"][lanes]).at(0)
        state = self._problem.reset(theta, keys)
        # The problem may give back the same array for two parts, or keep it; lanes are written into these.
        return [np.array(array) for array in self.layout.flatten(state, len(lanes))]

    def _run(
        self, call: Call, theta: Theta, arrays: List[Any], active: _Lanes, done: int, count: int,
        losses: NDArray[np.float64], starts: NDArray[np.int64], ends: NDArray[np.int64], alive: NDArray[np.bool_],
    ) -> int:
        """Runs some steps of some lanes; fewer where a lane diverges. Returns how many."""
        lanes, everyone = len(active), len(active) == len(starts)
        stretch = self._stretch(call, active, done, count, STEP)
        state = self.layout.build(arrays if everyone else [array[active] for array in arrays])
        part = theta if everyone else theta.take(active)
        rows = np.empty((count, lanes))
        zeros = np.zeros(lanes)
        step = self._problem.step
        taken = 0
        while taken < count:
            result = step(part, state, stretch.at(taken))
            if type(result) is not tuple or len(result) != 2:
                raise StateError(f"step returned {describe(result)}: it returns two things, the states and the losses")
            state, loss = result
            row = rows[taken]
            row[:] = _losses(loss, lanes, "step")
            taken += 1
            # Zero times a number that is not finite is not zero: one product tells for all lanes.
            if not math.isfinite(zeros.dot(row)):
                break
        stretch.end(taken)
        rows = rows[:taken]
        if everyone and bool((ends - starts == ends[0]).all()):
            losses.reshape(lanes, -1)[:, done : done + taken] = rows.T
        else:
            losses[(starts[active] + done)[:, None] + np.arange(taken)] = rows.T
        leaves = self.layout.flatten(state, lanes)
        if everyone:
            arrays[:] = leaves
        else:
            for array, leaf in zip(arrays, leaves):
                array[active] = leaf
        for lane in active[~np.isfinite(rows[-1])]:
            alive[lane] = False
            losses[starts[lane] + done + taken : ends[lane]] = np.nan
        # Leaves that the problem gave back may be read-only, or share memory: the next lanes to leave are written into them.
        if everyone and (not alive.all() or done + taken < int((ends - starts).max())):
            arrays[:] = [np.array(array) for array in arrays]
        return taken

    def _stretch(
        self, call: Call, lanes: _Lanes, done: int, count: int, phase: int, horizon: NDArray[np.uint32] | None = None
    ) -> Stretch:
        of = call.lanes if len(lanes) == len(call.lanes) else call.lanes[lanes]
        first = of["first"] + np.uint32(done)
        return Stretch(of["seed"], of["pair"], of["trajectory"], first, count, phase, horizon, self._ahead)


def _losses(loss: Any, lanes: int, function: str) -> Any:
    if getattr(loss, "shape", None) != (lanes,):
        raise StateError(f"{function} returned losses that are {describe(loss)}: {lanes} lanes have the shape ({lanes},)")
    return loss
