"""What one call asks for, and what a problem that takes whole calls sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Union

import numpy as np
from numpy.typing import NDArray

from .keys import Keys
from .theta import Theta

LANE = np.dtype(
    [
        ("seed", "<i8"), ("pair", "<u4"), ("trajectory", "<u4"), ("horizon", "<u4"),
        ("first", "<u4"), ("steps", "<u4"), ("flags", "<u4"),
    ]
)

BEGINS = 1
SPLIT_SHIFT, SPLIT_MASK = 8, 3

#: Packed states: (L, bytes), or texts of bytes of their own lengths.
States = Union[NDArray[np.uint8], List[bytes]]


@dataclass
class Call:
    """The lanes of a call: what to run, under which theta, from which states."""

    #: (L,) of :data:`LANE`.
    lanes: NDArray[Any]
    #: (L, P)
    theta: NDArray[np.float32]
    states: States


@dataclass
class Lanes:
    """
    A whole call, for problems that run it by themselves: fill in ``losses`` and ``states``. Lanes differ in how many
    steps they take, and some begin.
    """

    #: Parts of theta with a leading axis of L lanes.
    theta: Theta
    #: Keys of each lane's first step; ``key_of(lane, step)`` of any other one is ``keys[lane]._replace(step=…)``.
    keys: Keys
    #: Where a lane begins: its reset's keys, with the horizons of the trajectories.
    reset_keys: Keys
    #: (L,): whether a lane's trajectory begins here. Its state is zeros then.
    begins: NDArray[np.bool_]
    #: (L,): the number of a lane's first step here.
    first: NDArray[np.uint32]
    #: (L,): how many steps to take.
    steps: NDArray[np.uint32]
    #: For each lane an array to fill in, with an element for each step; nan where it is not filled in.
    losses: List[NDArray[np.float64]]
    #: The states to change in place: (L,) of the declared dtype; a list of ``bytes`` with ``state_bytes_at_most``.
    states: Any

    def __len__(self) -> int:
        return len(self.steps)
