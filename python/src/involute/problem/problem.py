"""What a problem's author fills in."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Tuple, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .call import Lanes
from .key import Key
from .keys import Keys
from .theta import Declaration, Theta, ThetaLayout

_Self = TypeVar("_Self", bound="AnyProblem")


class AnyProblem:
    """
    What all forms of a problem have in common. A problem holds nothing that steps change: what changes is in the
    state, and what is random follows from the key, so that any process can take any step at any time.
    """

    #: The parameters to train: ``{"gains": Parameter([0.5, 0.1], unit="1/s"), "bias": 0.0}``.
    theta: Declaration = ()
    #: Its name in Involute; the class's name in small letters if empty.
    name: str = ""
    #: A loss above it counts as this much, and so does each step of a lane whose loss was not finite.
    ceiling: float = 1e30
    #: A call has at most so many lanes.
    most_lanes: int = 4096
    #: The numbers of theta that ``reset`` and ``step`` get: float64, or float32, which copies less of a large theta.
    theta_type: DTypeLike = np.float64
    #: The state is ``bytes`` of any length up to this one, which the problem packs by itself.
    state_bytes_at_most: int | None = None
    #: More that decides the results, beside the versions of Python, numpy and other packages: told to Involute.
    about: str = ""
    #: After ``load``: what the file tells of the run.
    trained: Dict[str, Any] = {}

    def serve(self) -> None:
        """Answers Involute's calls until the end of input: the last line of a problem's file."""
        from .serve import serve

        serve(self)

    @classmethod
    def load(cls: type[_Self], path: str, *arguments: Any, **named: Any) -> _Self:
        """The problem with the theta of a file that ``involute export --out theta.npz`` wrote."""
        from .load import load

        return load(cls(*arguments, **named), path)

    def initial_theta(self) -> Theta:
        """The declared theta: the initial one, or after ``load`` the trained one. For use in code of your own."""
        layout = ThetaLayout(self.theta)
        return Theta(layout, layout.initial.astype(self.theta_type))

    def rollout(self, theta: Theta | None = None, seed: int = 0, steps: int = 100, trajectories: int = 1) -> Rollout:
        """
        Trajectories from their beginning, under this theta or the declared one. The same seed gives the same random
        numbers under any theta.
        """
        from .rollout import rollout

        return rollout(self, theta, seed, steps, trajectories)

    @classmethod
    def problem_name(cls) -> str:
        """The name in Involute."""
        return cls.name or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()


class Problem(AnyProblem):
    """
    A problem lane by lane: ``reset`` begins a trajectory, ``step`` goes one step on.

    A state is numbers, numpy arrays, and dicts, tuples, lists or dataclasses of these; each part keeps its shape and
    type. ``evaluate(theta, state, key) -> loss``, where a problem has it, is the loss on other data
    (``key.split``), for batch number ``key.step``.
    """

    def reset(self, theta: Theta, key: Key) -> Any:
        """The state at the beginning of a trajectory."""
        raise NotImplementedError(f"{type(self).__name__} has no reset(self, theta, key)")

    def step(self, theta: Theta, state: Any, key: Key) -> Tuple[Any, Any]:
        """The state after a step, and the step's loss. The given state may be changed and returned."""
        raise NotImplementedError(f"{type(self).__name__} has no step(self, theta, state, key)")


class VectorProblem(AnyProblem):
    """
    A problem for many lanes at once: each part of theta and of the state has a leading axis of L lanes, ``keys`` has
    their keys, and losses are (L,). L differs from call to call. Lanes that begin in the midst of a call, or take
    fewer steps than others, are the package's business.

    A lane's numbers must not depend on which other lanes are there: sums over lanes, and matrix products whose
    rounding depends on the number of rows, do. ``python -m involute.problem check`` finds out.
    """

    def reset(self, theta: Theta, keys: Keys) -> Any:
        """The states at the beginning of L trajectories."""
        raise NotImplementedError(f"{type(self).__name__} has no reset(self, theta, keys)")

    def step(self, theta: Theta, state: Any, keys: Keys) -> Tuple[Any, Any]:
        """The states after a step of all lanes, and the losses (L,)."""
        raise NotImplementedError(f"{type(self).__name__} has no step(self, theta, state, keys)")


class LanesProblem(AnyProblem):
    """A problem that runs whole calls by itself."""

    #: The type of a lane's state, such as ``numpy.dtype([("angle", "f8"), ("speed", "f8")])``.
    state: DTypeLike = None

    def advance(self, lanes: Lanes) -> None:
        """Runs each lane's steps: fills in ``lanes.losses`` and changes ``lanes.states``."""
        raise NotImplementedError(f"{type(self).__name__} has no advance(self, lanes)")


class Rollout:
    """What :meth:`AnyProblem.rollout` saw."""

    def __init__(self, losses: NDArray[np.float64], states: Any) -> None:
        #: (trajectories, steps)
        self.losses = losses
        #: The state whose parts are arrays (trajectories, steps + 1, …): before the first step and after each one.
        self.states = states

    @property
    def mean_losses(self) -> NDArray[np.float64]:
        """Each trajectory's mean loss."""
        means: NDArray[np.float64] = self.losses.mean(axis=1)
        return means


__all__: List[str] = ["AnyProblem", "LanesProblem", "Problem", "Rollout", "VectorProblem"]
