"""Trajectories outside a run: for plots and tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from .call import BEGINS, LANE, Call
from .problem import AnyProblem, Rollout
from .serve import engine
from .simple import SimpleEngine
from .theta import Theta
from .vector import VectorEngine


def rollout(problem: AnyProblem, theta: Theta | None, seed: int, steps: int, trajectories: int) -> Rollout:
    """Step by step, as Involute would call it with windows of one step."""
    runner = engine(problem)
    lanes = np.zeros(trajectories, LANE)
    lanes["seed"], lanes["pair"], lanes["horizon"], lanes["flags"] = seed, np.arange(trajectories), steps, BEGINS
    flat = runner.theta.initial if theta is None else np.asarray(theta.flat, np.float32)
    call = Call(lanes, np.tile(flat, (trajectories, 1)), np.zeros((trajectories, runner.size), np.uint8))
    if runner.varies:
        call.states = [b""] * trajectories
    losses = np.full((steps, trajectories), np.nan)
    states: Any = [] if runner.varies else np.zeros((steps + 1, trajectories, runner.size), np.uint8)
    for number in range(steps + 1):
        row = np.zeros((trajectories, 0), np.uint8) if runner.varies else states[number]
        # A lane whose loss was not finite has ended.
        ended = number > 1 and np.isnan(losses[number - 2])
        lanes["steps"] = np.where(ended, 0, number > 0)
        some = np.empty(int(lanes["steps"].sum()))
        packed = runner.advance(call, some, row)
        call.states = packed if runner.varies else row
        if runner.varies:
            states.append(packed)
        if number > 0:
            losses[number - 1, lanes["steps"] == 1] = np.where(np.isfinite(some), some, np.nan)
            lanes["first"] += 1
        lanes["flags"], lanes["horizon"] = 0, 0
    if runner.varies:
        return Rollout(losses.T.copy(), states)
    by_trajectory = np.ascontiguousarray(states.transpose(1, 0, 2))
    if isinstance(runner, (SimpleEngine, VectorEngine)) and runner.layout is not None:
        return Rollout(losses.T.copy(), runner.layout.stack(runner.layout.columns(by_trajectory)))
    return Rollout(losses.T.copy(), np.ndarray(by_trajectory.shape[:2], problem.state, by_trajectory))  # type: ignore[attr-defined]
