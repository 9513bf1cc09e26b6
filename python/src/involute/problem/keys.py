"""The keys of many lanes at once."""

from __future__ import annotations

from typing import Dict, Iterator, Tuple

import numpy as np
from numpy.typing import NDArray

from . import normal, philox
from .key import NORMAL, STEP, UNIFORM, Key, Purpose, purpose_word

Floats = NDArray[np.float64]
_Draw = Tuple[int, int, Purpose]

# Numbers that are drawn ahead, at most: 512 KiB.
_MOST_AHEAD = 65536

class Ahead:
    """
    For how many steps at once numbers are drawn. A draw costs some 0.1 ms for any few keys, so those of the steps that
    come next are drawn with it. The count grows while all of them are used, and shrinks when they are not; no number
    depends on it.
    """

    def __init__(self) -> None:
        self._steps: Dict[_Draw, int] = {}

    def of(self, draw: _Draw) -> int:
        return self._steps.get(draw, 1)

    def used(self, draw: _Draw, drawn: int, used: int) -> None:
        # A problem may draw for purposes without end; what is forgotten only costs time.
        if len(self._steps) > 1000:
            self._steps.clear()
        self._steps[draw] = min(4 * drawn, 4096) if used == drawn else max(1, used)

class Stretch:
    """Keys of a set of lanes for a number of steps in a row, which share what is drawn."""

    def __init__(
        self,
        seed: NDArray[np.int64],
        pair: NDArray[np.uint32],
        trajectory: NDArray[np.uint32],
        first: NDArray[np.uint32],
        steps: int = 1,
        phase: int = STEP,
        horizon: NDArray[np.uint32] | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        self.seed, self.pair, self.trajectory, self.first = seed, pair, trajectory, first
        self.steps, self.phase = steps, phase
        self.horizon = np.zeros(len(seed), np.uint32) if horizon is None else horizon
        self._ahead = ahead if ahead is not None else Ahead()
        self._drawn: Dict[_Draw, Tuple[int, Floats]] = {}
        self._key: philox.Words | None = None

    def at(self, index: int) -> Keys:
        """The keys of the step with this index, from 0 on."""
        return Keys(self, index)

    def draw(self, draw: _Draw, index: int) -> Floats:
        drawn = self._drawn.get(draw)
        if drawn is not None and drawn[0] <= index < drawn[0] + len(drawn[1]):
            return np.array(drawn[1][index - drawn[0]])
        lanes, count = len(self.seed), draw[1]
        if drawn is not None:
            self._ahead.used(draw, len(drawn[1]), len(drawn[1]))
        most = max(1, _MOST_AHEAD // max(1, lanes * count))
        numbers = self._draw(draw, index, min(self._ahead.of(draw), self.steps - index, most))
        self._drawn[draw] = (index, numbers)
        return np.array(numbers[0])

    def end(self, index: int) -> None:
        """Tells how far the steps went."""
        for draw, (start, numbers) in self._drawn.items():
            if index - start < len(numbers):
                self._ahead.used(draw, len(numbers), max(1, index - start))

    def _draw(self, draw: _Draw, index: int, steps: int) -> Floats:
        """Numbers (steps, lanes, count)."""
        kind, count, purpose = draw
        lanes = len(self.seed)
        if self._key is None:
            pair_and_trajectory = self.pair.astype(np.uint64) << np.uint64(32) | self.trajectory.astype(np.uint64)
            self._key = np.stack([self.seed.astype(np.int64).view(np.uint64), pair_and_trajectory])
        counter = np.empty((4, steps, lanes), np.uint64)
        counter[0], counter[1], counter[3] = 0, kind, purpose_word(purpose)
        counter[2] = self.first.astype(np.uint64) + np.uint64(self.phase << 32)
        counter[2] += np.arange(index, index + steps, dtype=np.uint64)[:, None]
        even = count + count % 2 if kind == NORMAL else count
        numbers = philox.uniforms(np.tile(self._key, (1, steps)), counter.reshape(4, steps * lanes), even)
        if kind == NORMAL:
            numbers = normal.normals(numbers)[:, :count]
        return np.ascontiguousarray(numbers).reshape(steps, lanes, count)

class Keys:
    """
    The keys of all lanes of a step: arrays with one element for each lane. ``keys[i]`` is the :class:`Key` of lane i.
    Each lane's numbers follow from its own key, so they do not depend on which other lanes are there.
    """

    __slots__ = ("_index", "_stretch")

    def __init__(self, stretch: Stretch, index: int = 0) -> None:
        self._stretch, self._index = stretch, index

    def __len__(self) -> int:
        return len(self._stretch.seed)

    def __getitem__(self, lane: int) -> Key:
        of = self._stretch
        return Key(
            int(of.seed[lane]), int(of.pair[lane]), int(of.trajectory[lane]),
            int(of.first[lane]) + self._index, int(of.horizon[lane]), of.phase,
        )

    def __iter__(self) -> Iterator[Key]:
        return (self[lane] for lane in range(len(self)))

    @property
    def seed(self) -> NDArray[np.int64]:
        """Seed of the run."""
        return self._stretch.seed

    @property
    def pair(self) -> NDArray[np.uint32]:
        """Which pair of perturbations."""
        return self._stretch.pair

    @property
    def trajectory(self) -> NDArray[np.uint32]:
        """Which trajectory of the pair."""
        return self._stretch.trajectory

    @property
    def step(self) -> NDArray[np.int64]:
        """Which step of the trajectory, from 0 on."""
        return self._stretch.first.astype(np.int64) + self._index

    @property
    def horizon(self) -> NDArray[np.uint32]:
        """In ``reset``: how many steps the trajectory has. Elsewhere 0."""
        return self._stretch.horizon

    @property
    def split(self) -> str:
        """In ``evaluate``: on what data."""
        return self[0].split

    def uniform(self, count: int | None = None, purpose: Purpose = 0) -> Floats:
        """Numbers in [0, 1): ``count`` for each lane (L, count), or one for each lane (L,)."""
        return self._draw(UNIFORM, count, purpose)

    def normal(self, count: int | None = None, purpose: Purpose = 0) -> Floats:
        """Standard normal numbers: ``count`` for each lane (L, count), or one for each lane (L,)."""
        return self._draw(NORMAL, count, purpose)

    def _draw(self, kind: int, count: int | None, purpose: Purpose) -> Floats:
        numbers = self._stretch.draw((kind, 1 if count is None else count, purpose), self._index)
        return numbers[:, 0] if count is None else numbers
