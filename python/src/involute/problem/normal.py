"""
Normal numbers from uniform ones (Box and Muller), with the same bits on every machine.

``numpy.log`` and ``numpy.cos`` have other last digits on processors with other vector units. Here both are polynomials
(those of Sun's fdlibm), computed by additions, multiplications, divisions and square roots alone, which every processor
rounds alike. The functions exist twice, for arrays and for single numbers, with the same operations in the same order.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SQRT_HALF = 0.7071067811865476
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_LG1, _LG2, _LG3 = 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01
_LG4, _LG5, _LG6, _LG7 = 2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01
_S1, _S2, _S3 = -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04
_S4, _S5, _S6 = 2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10
_C1, _C2, _C3 = 4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05
_C4, _C5, _C6 = -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11
_TURN = 6.283185307179586


def normals(uniforms: Floats) -> Floats:
    """Standard normal numbers of an even count of uniform ones in [0, 1), pair by pair along the last axis."""
    radius = np.sqrt(-2.0 * _log(1.0 - uniforms[..., 0::2]))
    turns = uniforms[..., 1::2]
    quarter = np.floor(4.0 * turns + 0.5)
    x = (turns - quarter * 0.25) * _TURN
    z = x * x
    sine = x + (x * z) * (_S1 + z * (_S2 + z * (_S3 + z * (_S4 + z * (_S5 + z * _S6)))))
    cosine = 1.0 - (0.5 * z - (z * z) * (_C1 + z * (_C2 + z * (_C3 + z * (_C4 + z * (_C5 + z * _C6))))))
    odd = (quarter == 1.0) | (quarter == 3.0)
    first, second = np.where(odd, sine, cosine), np.where(odd, cosine, sine)
    result = np.empty(uniforms.shape)
    result[..., 0::2] = radius * np.where((quarter == 1.0) | (quarter == 2.0), -first, first)
    result[..., 1::2] = radius * np.where((quarter == 2.0) | (quarter == 3.0), -second, second)
    return result


def pair(first: float, second: float) -> tuple[float, float]:
    """What :func:`normals` makes of two uniform numbers, for single ones: some twenty times as fast for these."""
    radius = math.sqrt(-2.0 * _log_of_one(1.0 - first))
    quarter = math.floor(4.0 * second + 0.5)
    x = (second - quarter * 0.25) * _TURN
    z = x * x
    sine = x + (x * z) * (_S1 + z * (_S2 + z * (_S3 + z * (_S4 + z * (_S5 + z * _S6)))))
    cosine = 1.0 - (0.5 * z - (z * z) * (_C1 + z * (_C2 + z * (_C3 + z * (_C4 + z * (_C5 + z * _C6))))))
    if quarter == 1:
        cosine, sine = -sine, cosine
    elif quarter == 2:
        cosine, sine = -cosine, -sine
    elif quarter == 3:
        cosine, sine = sine, -cosine
    return radius * cosine, radius * sine


def _log(x: Floats) -> Floats:
    mantissa, exponent = np.frexp(x)
    small = mantissa < _SQRT_HALF
    mantissa = np.where(small, mantissa + mantissa, mantissa)
    k = exponent.astype(np.float64) - small
    f = mantissa - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    half = (0.5 * f) * f
    r = z * (_LG1 + w * (_LG3 + w * (_LG5 + w * _LG7))) + w * (_LG2 + w * (_LG4 + w * _LG6))
    result: Floats = k * _LN2_HIGH - ((half - (s * (half + r) + k * _LN2_LOW)) - f)
    return result


def _log_of_one(x: float) -> float:
    mantissa, exponent = math.frexp(x)
    k = float(exponent)
    if mantissa < _SQRT_HALF:
        mantissa, k = mantissa + mantissa, k - 1.0
    f = mantissa - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    half = (0.5 * f) * f
    r = z * (_LG1 + w * (_LG3 + w * (_LG5 + w * _LG7))) + w * (_LG2 + w * (_LG4 + w * _LG6))
    return k * _LN2_HIGH - ((half - (s * (half + r) + k * _LN2_LOW)) - f)
