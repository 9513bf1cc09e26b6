"""
Inner problems for Involute in Python. Fill in ``theta``, ``reset`` and ``step`` of a :class:`Problem`, or of a
:class:`VectorProblem`, which takes all lanes at once; the last line of the file is ``MyProblem().serve()``.
``python -m involute.problem check FILE`` tests it without Involute.
"""

from .call import Lanes
from .key import Key
from .keys import Keys
from .leaf import StateError
from .problem import AnyProblem, LanesProblem, Problem, Rollout, VectorProblem
from .serve import serve
from .theta import Parameter, Theta

__all__ = [
    "AnyProblem", "Key", "Keys", "Lanes", "LanesProblem", "Parameter", "Problem", "Rollout", "StateError", "Theta",
    "VectorProblem", "serve",
]
