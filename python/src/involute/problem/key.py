"""The key of everything random in a step of one lane, and what can be drawn under it."""

from __future__ import annotations

import hashlib
import threading
from functools import lru_cache
from typing import Any, NamedTuple, Union, overload

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from . import normal

#: What the numbers are for: a small whole number or a word. Draws of one step for several purposes are independent.
Purpose = Union[int, str]

# What a stream's numbers are drawn as is part of its counter, so that no two draws share bits.
RNG, UNIFORM, NORMAL = 0, 1, 2

# The part of a trajectory. Evaluation under split s is phase EVALUATE + s.
STEP, RESET, EVALUATE = 0, 1, 2

SPLITS = ("train", "inner-valid", "outer-valid", "test")

# numpy's stubs do not have all that its documentation has.
_Seed: Any = np.random.bit_generator.ISeedSequence
_Bits: Any = Philox

_WORD = (1 << 64) - 1
_OF_WORDS = 1 << 63

# Up to so many normal numbers, single ones are faster than arrays.
_FEW = 16


@lru_cache(maxsize=4096)
def purpose_word(purpose: Purpose) -> int:
    """Word 3 of the counter: a number stands for itself, a word for the first 63 bits of its SHA-256."""
    if isinstance(purpose, str):
        return int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "little") | _OF_WORDS
    if not (isinstance(purpose, (int, np.integer)) and 0 <= purpose < _OF_WORDS):
        raise ValueError(f"a purpose is a word or a whole number from 0 to {_OF_WORDS - 1}, not {purpose}")
    return int(purpose)


class _NoEntropy(_Seed):  # type: ignore[misc]
    """Seeds a generator whose state is set anyway: numpy's own way asks the system for entropy, 35 µs each time."""

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> NDArray[Any]:
        return np.zeros(n_words, dtype)


class Key(NamedTuple):
    """
    Seed, pair, trajectory and step: what all random numbers follow from. Both arms of a pair come with the same key.

    The same key gives the same numbers, always: a second draw in the same step needs another ``purpose``.
    """

    #: Seed of the run.
    seed: int
    #: Which pair of perturbations.
    pair: int
    #: Which trajectory of the pair.
    trajectory: int
    #: Which step of the trajectory, from 0 on; of an evaluation, which batch.
    step: int
    #: In ``reset``: how many steps the trajectory has. Elsewhere 0: keep it in the state if you need it.
    horizon: int = 0
    #: STEP, RESET, or EVALUATE + split.
    phase: int = STEP

    @property
    def split(self) -> str:
        """In ``evaluate``: on what data, one of :data:`SPLITS`."""
        return SPLITS[self.phase - EVALUATE] if self.phase >= EVALUATE else SPLITS[0]

    def rng(self, purpose: Purpose = 0) -> Generator:
        """A new numpy generator over Philox, the same one for the same key and purpose."""
        bits = _Bits(_NoEntropy())
        bits.state = self._state(RNG, purpose)
        return Generator(bits)

    @overload
    def uniform(self, count: None = None, purpose: Purpose = 0) -> float: ...

    @overload
    def uniform(self, count: int, purpose: Purpose = 0) -> NDArray[np.float64]: ...

    def uniform(self, count: int | None = None, purpose: Purpose = 0) -> float | NDArray[np.float64]:
        """``count`` numbers in [0, 1), or one of them: what ``Keys.uniform`` gives this lane."""
        return _drawn.under(self._state(UNIFORM, purpose)).random(count)

    @overload
    def normal(self, count: None = None, purpose: Purpose = 0) -> float: ...

    @overload
    def normal(self, count: int, purpose: Purpose = 0) -> NDArray[np.float64]: ...

    def normal(self, count: int | None = None, purpose: Purpose = 0) -> float | NDArray[np.float64]:
        """``count`` standard normal numbers, or one of them: what ``Keys.normal`` gives this lane."""
        generator = _drawn.under(self._state(NORMAL, purpose))
        if count is None:
            return normal.pair(generator.random(), generator.random())[0]
        drawn = generator.random(count + count % 2)
        if count > _FEW:
            return normal.normals(drawn)[:count]
        numbers: list[float] = []
        pairs = iter(drawn.tolist())
        for first, second in zip(pairs, pairs):
            numbers.extend(normal.pair(first, second))
        return np.array(numbers[:count])

    def words(self, kind: int, purpose: Purpose) -> tuple[tuple[int, int], tuple[int, int, int, int]]:
        """Key and counter of the stream: numpy.random.Philox(key=…, counter=…)."""
        return (
            (self.seed & _WORD, self.pair << 32 | self.trajectory),
            (0, kind, self.phase << 32 | self.step, purpose_word(purpose)),
        )

    def _state(self, kind: int, purpose: Purpose) -> dict[str, Any]:
        key, counter = self.words(kind, purpose)
        return {
            "bit_generator": "Philox",
            "state": {"counter": np.array(counter, np.uint64), "key": np.array(key, np.uint64)},
            "buffer": _EMPTY,
            "buffer_pos": 4,
            "has_uint32": 0,
            "uinteger": 0,
        }


class _Drawn(threading.local):
    """A generator of each thread: its state is set, and then drawn from."""

    def __init__(self) -> None:
        self._bits = _Bits(_NoEntropy())
        self._generator = Generator(self._bits)

    def under(self, state: dict[str, Any]) -> Generator:
        self._bits.state = state
        return self._generator


_EMPTY = np.zeros(4, np.uint64)
_drawn = _Drawn()
