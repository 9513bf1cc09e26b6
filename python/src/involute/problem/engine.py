"""Runs calls: the part that all forms of a problem share."""

from __future__ import annotations

import math
import platform
import sys
from typing import Any, Callable, Dict, List

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from .call import Call
from .problem import AnyProblem
from .theta import ThetaLayout

# Packages whose version decides results, if the problem has imported them.
_DECIDE = ("scipy", "torch", "jax", "jaxlib", "tensorflow", "numba", "gymnasium", "mujoco", "pandas")


class Engine:
    """A problem, ready to take calls. ``size`` is the bytes of a lane's state, ``varies`` whether that is only their limit."""

    def __init__(self, problem: AnyProblem) -> None:
        self.problem = problem
        self.theta = ThetaLayout(problem.theta)
        self.theta_type = np.dtype(problem.theta_type)
        if not math.isfinite(problem.ceiling):
            raise ValueError(f"the ceiling is {problem.ceiling}: it is a finite number, which each step of a lane that has diverged counts")
        self.varies = problem.state_bytes_at_most is not None
        self.size = problem.state_bytes_at_most or 0
        self.evaluates = callable(getattr(problem, "evaluate", None))

    def advance(self, call: Call, losses: NDArray[np.float64], states: NDArray[np.uint8]) -> List[bytes]:
        """Fills in the losses of all lanes one behind the other, and the states (L, size); states that vary are returned."""
        raise NotImplementedError

    def evaluate(self, call: Call, losses: NDArray[np.float64]) -> None:
        """Fills in the mean loss of each lane."""
        raise NotImplementedError

    @property
    def place(self) -> Callable[..., Any]:
        """The function that a mistake without a line of its own is put down to."""
        return self.problem.step  # type: ignore[attr-defined, no-any-return]

    def greeting(self) -> Dict[str, Any]:
        """The child's greeting, as the protocol has it."""
        return {
            "name": self.problem.problem_name(),
            "theta": self.theta.greeting(),
            "stateBytes": self.size,
            "stateVaries": self.varies,
            "ceiling": float(self.problem.ceiling),
            "lanes": int(self.problem.most_lanes),
            "evaluates": self.evaluates,
            "about": self.about(),
        }

    def about(self) -> str:
        """What computes."""
        parts = [f"Python {platform.python_version()}", f"numpy {np.__version__}", f"involute {__version__}"]
        for name in _DECIDE:
            module = sys.modules.get(name)
            if module is not None:
                parts.append(f"{name} {getattr(module, '__version__', '?')}")
        if self.problem.about:
            parts.append(self.problem.about)
        return ", ".join(parts)
