"""
Philox4x64-10 (Salmon et al., SC 2011) for many keys at once, in numpy: the very numbers of ``numpy.random.Philox``.

numpy computes one stream quickly; the lanes of a call are many streams of a few numbers each, which this module
computes side by side. Multiplication of 64-bit words keeps the low half only, so the high half is put together from
products of 32-bit halves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

# One row for words 0 and 1 of a counter, one for words 2 and 3.
_MULTIPLIERS = np.array([[0xD2E7470EE14C6C93], [0xCA5A826395121157]], dtype=np.uint64)
_INCREMENTS = np.array([[0x9E3779B97F4A7C15], [0xBB67AE8584CAA73B]], dtype=np.uint64)
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_MULTIPLIERS_LOW = _MULTIPLIERS & _LOW
_MULTIPLIERS_HIGH = _MULTIPLIERS >> _HALF
_ROUNDS = 10

# The intermediate results of so many blocks stay in a core's cache.
_CHUNK = 2048


def blocks(key: Words, counter: Words) -> Words:
    """The blocks (4, N) of N keys (2, N) and counters (4, N)."""
    count = counter.shape[1]
    result = np.empty((4, count), dtype=np.uint64)
    for start in range(0, count, _CHUNK):
        part = slice(start, start + _CHUNK)
        result[:, part] = _blocks(key[:, part], counter[:, part])
    return result


def _blocks(key: Words, counter: Words) -> Words:
    even, odd = counter[0::2], counter[1::2]
    for _ in range(_ROUNDS):
        low_half, high_half = even & _LOW, even >> _HALF
        crossed = _MULTIPLIERS_LOW * high_half
        crossed += (_MULTIPLIERS_LOW * low_half) >> _HALF
        other = _MULTIPLIERS_HIGH * low_half
        other += crossed & _LOW
        high = _MULTIPLIERS_HIGH * high_half
        high += crossed >> _HALF
        high += other >> _HALF
        low = _MULTIPLIERS * even
        even = high[::-1] ^ odd
        even ^= key
        odd = low[::-1]
        key = key + _INCREMENTS
    result = np.empty((4, even.shape[1]), dtype=np.uint64)
    result[0::2], result[1::2] = even, odd
    return result


def uniforms(key: Words, counter: Words, count: int) -> NDArray[np.float64]:
    """
    The first ``count`` numbers in [0, 1) of each of N streams, (N, count): those of
    ``Generator(Philox(key=key[:, i], counter=counter[:, i])).random(count)``.
    """
    streams = counter.shape[1]
    each = -(-count // 4)
    counters = np.repeat(counter, each, axis=1).reshape(4, streams, each)
    # numpy's Philox adds one before it computes a block, its first one too.
    counters[0] += np.arange(1, each + 1, dtype=np.uint64)
    words = blocks(np.repeat(key, each, axis=1), counters.reshape(4, streams * each))
    numbers = (words >> np.uint64(11)).astype(np.float64)
    numbers *= 2.0**-53
    return np.ascontiguousarray(numbers.T).reshape(streams, 4 * each)[:, :count]
