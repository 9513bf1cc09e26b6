"""``python -m involute.problem check``: whether a problem computes what a run needs, without Involute."""

from __future__ import annotations

import time
from typing import Any, Callable, List, Tuple

import numpy as np
from numpy.typing import NDArray

from . import failure
from .call import BEGINS, LANE, Call
from .client import ChildError, Client
from .engine import Engine
from .find import find
from .serve import engine
from .simple import SimpleEngine
from .vector import VectorEngine

_Result = Tuple[NDArray[np.float64], Any]
_Run = Callable[[Call], _Result]
_LANES = 6
_STEPS = 8


def check(name: str, steps: int = 50, lanes: int = 32) -> int:
    """Prints a line for each finding; 0 if all is well, 1 if not."""
    problem = find(name)()
    try:
        runner = engine(problem)
    except Exception as error:
        print(f"{problem.problem_name()}: the first reset failed: {failure.line(failure.failure(error, getattr(problem, 'reset', None)))}")
        return 1
    return Check(runner, name).run(steps, lanes)


class Check:
    """The findings about one problem."""

    def __init__(self, runner: Engine, name: str) -> None:
        self._runner, self._name, self._wrong = runner, name, 0

    def run(self, steps: int, lanes: int) -> int:
        runner = self._runner
        print(f"{runner.problem.problem_name()}: {runner.about()}")
        parts = [f"{n} {list(runner.theta.shapes[n])}{f' ({u})' if (u := runner.theta.units[n]) else ''}" for n in runner.theta.names]
        self._say("theta", f"{', '.join(parts)}: {runner.theta.length} numbers")
        self._say("state", self._state())
        call = self._call(_LANES, _STEPS)
        try:
            first = self._advance(call)
        except Exception as error:
            self._find("first steps", False, "", failure.line(failure.failure(error, runner.place)))
            return 1
        finite = np.isfinite(first[0])
        span = f"finite: {first[0][finite].min():.4g} to {first[0][finite].max():.4g}" if finite.any() else ""
        self._find("first losses", bool(finite.all()), span, f"{(~finite).sum()} of {finite.size} are not finite")
        self._compare("a second time", first, lambda: self._advance(call), "random numbers without the key, or an object that steps change")
        self._compare("packed and unpacked", first, lambda: self._in_two(call), "something that decides the next step is not in the state")
        self._compare("in another order", first, lambda: self._reordered(call), "a lane's numbers depend on the lanes before it")
        self._compare("each lane alone", first, lambda: self._alone(call), "a lane's numbers depend on which others are there (sums over lanes, @)")
        self._compare("with other lanes", first, lambda: self._beside_others(call), "lanes that begin or end beside a lane change its numbers")
        self._compare("in other windows", first, lambda: self._of_other_lengths(call), "lanes that take other numbers of steps change a lane's")
        self._arms(call)
        self._processes(call, first, steps, lanes)
        print("all is well" if self._wrong == 0 else f"{self._wrong} of these must be mended before a run")
        return 1 if self._wrong else 0

    def _state(self) -> str:
        runner = self._runner
        if runner.varies:
            return f"bytes, {runner.size} at most"
        if not isinstance(runner, (SimpleEngine, VectorEngine)) or runner.layout is None:
            return f"{runner.size} bytes"
        leaves = [f"{leaf.path[5:] or 'state'} {leaf.dtype} {list(leaf.shape) if leaf.shape else ''}".rstrip() for leaf in runner.layout.leaves]
        shown = leaves if len(leaves) <= 8 else [*leaves[:7], f"{len(leaves) - 7} more"]
        return f"{runner.size} bytes of a lane: {', '.join(shown)}"

    def _call(self, lanes: int, steps: int) -> Call:
        """Pairs of arms, each arm with a theta of its own, at the beginning of their trajectories."""
        runner = self._runner
        about = np.zeros(lanes, LANE)
        about["seed"], about["pair"], about["trajectory"] = 7, np.arange(lanes) // 2, np.arange(lanes) // 2 % 3
        about["horizon"], about["steps"], about["flags"] = 1000, steps, BEGINS
        signs = np.where(np.arange(lanes) % 2 == 0, 1, -1)[:, None]
        noise = np.repeat(np.random.default_rng(7).normal(size=(-(-lanes // 2), runner.theta.length)), 2, axis=0)[:lanes]
        theta = (runner.theta.initial + 0.01 * signs * noise).astype(np.float32)
        states: Any = [b""] * lanes if runner.varies else np.zeros((lanes, runner.size), np.uint8)
        return Call(about, theta, states)

    def _advance(self, call: Call) -> _Result:
        return self._in_calls(call, self._advance_once)

    def _in_calls(self, call: Call, run: _Run) -> _Result:
        """As many calls as the problem's most lanes want."""
        most = self._runner.problem.most_lanes
        if len(call.lanes) <= most:
            return run(call)
        lanes = np.arange(len(call.lanes))
        results = [run(self._some(call, lanes[at : at + most])) for at in range(0, len(lanes), most)]
        losses, states = np.concatenate([result[0] for result in results]), [result[1] for result in results]
        return losses, [state for part in states for state in part] if self._runner.varies else np.concatenate(states)

    def _advance_once(self, call: Call) -> _Result:
        losses = np.zeros(int(call.lanes["steps"].sum()))
        states = np.zeros((len(call.lanes), 0 if self._runner.varies else self._runner.size), np.uint8)
        packed = self._runner.advance(call, losses, states)
        return losses, packed if self._runner.varies else states

    def _in_two(self, call: Call) -> _Result:
        """The same steps in three calls, with the states packed between them."""
        lanes, parts, states = call.lanes.copy(), [], call.states
        for start, end in ((0, 1), (1, 3), (3, _STEPS)):
            lanes["first"], lanes["steps"] = call.lanes["first"] + start, end - start
            losses, states = self._advance(Call(lanes, call.theta, states))
            parts.append(losses.reshape(len(lanes), -1))
            lanes["flags"] = lanes["horizon"] = 0
        return np.concatenate(parts, axis=1).reshape(-1), states

    def _reordered(self, call: Call) -> _Result:
        order = np.arange(len(call.lanes))[::-1]
        losses, states = self._advance(self._some(call, order))
        return losses.reshape(len(order), -1)[order].reshape(-1), [states[i] for i in order]

    def _alone(self, call: Call) -> _Result:
        results = [self._advance(self._some(call, np.array([lane]))) for lane in range(len(call.lanes))]
        return np.concatenate([losses for losses, _ in results]), [states[0] for _, states in results]

    def _of_other_lengths(self, call: Call) -> _Result:
        """Two windows in which lanes take different numbers of steps, on average as many as the first one."""
        count = len(call.lanes)
        early, states = np.resize([2, 1, 3], count), call.states
        parts = []
        for first, steps in ((np.zeros(count, np.int64), early), (early, _STEPS - early)):
            lanes = call.lanes.copy()
            lanes["first"], lanes["steps"] = first, steps
            lanes["flags"][first > 0] = lanes["horizon"][first > 0] = 0
            losses, states = self._advance(Call(lanes, call.theta, states))
            parts.append(np.split(losses, np.cumsum(steps)[:-1]))
        return np.concatenate([np.concatenate(windows) for windows in zip(*parts)]), states

    def _beside_others(self, call: Call) -> _Result:
        """First a window of half the lanes; then they go on beside others that begin, and that take other numbers of steps."""
        count, half = len(call.lanes), _STEPS // 2
        early = self._some(call, np.arange(0, count, 2))
        early.lanes["steps"] = half
        losses, states = self._advance(early)
        lanes, mixed = call.lanes.copy(), list(call.states)
        lanes["first"][::2], lanes["steps"][::2], lanes["flags"][::2], lanes["horizon"][::2] = half, _STEPS - half, 0, 0
        mixed[::2] = list(states)
        late, after = self._advance(Call(lanes, call.theta, mixed if self._runner.varies else np.array(mixed)))
        rows = np.split(late, np.cumsum(lanes["steps"])[:-1])
        rows[::2] = [np.concatenate([before, row]) for before, row in zip(losses.reshape(-1, half), rows[::2])]
        return np.concatenate(rows), after

    def _some(self, call: Call, lanes: NDArray[np.intp]) -> Call:
        states: Any = [call.states[lane] for lane in lanes] if self._runner.varies else call.states[lanes]
        return Call(call.lanes[lanes], call.theta[lanes], states)

    def _arms(self, call: Call) -> None:
        same = Call(call.lanes, np.repeat(call.theta[::2], 2, axis=0), call.states)
        losses, states = self._advance(same)
        rows = losses.reshape(len(call.lanes), -1)
        equal = _same(rows[::2], rows[1::2]) and all(_same(a, b) for a, b in zip(states[::2], states[1::2]))
        self._find("arms of a pair", equal, "the same randomness", "one theta and one key, but different numbers: random numbers without the key")

    def _processes(self, call: Call, first: _Result, steps: int, lanes: int) -> None:
        try:
            client = Client(self._name)
            try:
                self._compare("in a fresh process", first, lambda: self._in_calls(call, client.advance), "something outside the state or the key decides (hash order, time, files)")
                other = Client(self._name)
                try:
                    self._compare("in another one", first, lambda: self._in_calls(call, other.advance), "something outside the state or the key decides (hash order, time, files)")
                finally:
                    other.close()
                self._time(client, min(lanes, self._runner.problem.most_lanes), steps)
            finally:
                code = client.close()
            self._find("end of input", code == 0, "ends the process", f"ends the process with exit code {code}")
        except (ChildError, OSError) as error:
            self._find("a process", False, "", str(error))

    def _time(self, client: Client, lanes: int, steps: int) -> None:
        """A call of so many steps beside one of none: what the package and the pipes take is what is left at none."""
        call = self._call(lanes, steps)
        _, states = client.advance(call)
        call.lanes["flags"] = call.lanes["horizon"] = 0
        call.lanes["first"] = steps
        call.states = states
        empty = Call(call.lanes.copy(), call.theta, states)
        empty.lanes["steps"] = 0
        whole, nothing = _median(lambda: client.advance(call)), _median(lambda: client.advance(empty))
        step = max(0.0, whole - nothing) / (lanes * steps)
        self._say("time", f"{1e6 * step:.2f} µs a step and lane; {1e6 * nothing:.0f} µs a call besides, "
                  f"{100 * min(1.0, nothing / whole):.1f} % of a call of {steps} steps by {lanes} lanes ({1e3 * whole:.2f} ms)")

    def _compare(self, what: str, first: _Result, run: Callable[[], _Result], reason: str) -> None:
        try:
            losses, states = run()
        except Exception as error:
            told = str(error) if isinstance(error, ChildError) else failure.line(failure.failure(error, self._runner.place))
            self._find(what, False, "", told)
            return
        if not _same(losses, first[0]):
            off = int(np.flatnonzero(losses.view(np.uint64) != first[0].view(np.uint64))[0])
            self._find(what, False, "", f"other losses, from step {off % _STEPS} of lane {off // _STEPS} on: {reason}")
        else:
            same = len(states) == len(first[1]) and all(_same(a, b) for a, b in zip(states, first[1]))
            self._find(what, same, "same bits", f"same losses, but other states: {reason}")

    def _find(self, what: str, well: bool, good: str, bad: str) -> None:
        if not well:
            self._wrong += 1
        self._say(what, good if well else f"WRONG: {bad}")

    @staticmethod
    def _say(what: str, text: str) -> None:
        print(f"  {what:<20}{text}", flush=True)


def _same(one: Any, other: Any) -> bool:
    return bytes(one) == bytes(other)


def _median(run: Callable[[], Any]) -> float:
    """Seconds of a call: the median of what half a second has time for."""
    times: List[float] = []
    end = time.perf_counter() + 0.5
    while len(times) < 3 or (time.perf_counter() < end and len(times) < 1000):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return float(np.median(times))
