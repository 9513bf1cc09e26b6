// src/Tasks/Numerics/PortableMath.cs, src/Tasks/Randomness/Philox4x32.cs, CounterStream.cs and StandardNormal.cs, with their bits:
// the same operations in the same order, in double, fused multiply-adds where those have them and nowhere else.
#pragma once
#include "gpu.h"
#include "philox.h"

constexpr double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10, Ln2 = 0.693147180559945309417;
constexpr double HalfPiHigh = 1.5707963267948966, HalfPiMiddle = 6.123233995736766e-17, HalfPiLow = -1.4973849048591833e-33;

DEVICE uint64_t double_bits(double x) { return __builtin_bit_cast(uint64_t, x); }
DEVICE double double_of(uint64_t bits) { return __builtin_bit_cast(double, bits); }
DEVICE double not_a_number() { return double_of(0x7FF8000000000000u); }
DEVICE double infinity_of(bool negative) { return double_of(negative ? 0xFFF0000000000000u : 0x7FF0000000000000u); }

// Coefficients highest first.
template <typename... Rest> DEVICE double polynomial(double x, double highest, Rest... rest) {
  double sum = highest;
  ((sum = __fma_rn(sum, x, rest)), ...);
  return sum;
}

// ---- exponential -----------------------------------------------------------------------------------------------------
DEVICE double power_of_two(int exponent) { return double_of((uint64_t)(int64_t)(exponent + 1023) << 52); }

DEVICE double portable_exp(double x) {
  if (x != x) return x;
  if (x > 709.782712893383973096) return infinity_of(false);
  if (x < -745.2) return 0;
  double power = __builtin_rint(x * 1.44269504088896340736);
  double rest = __fma_rn(power, -Ln2High, x);
  rest = __fma_rn(power, -Ln2Low, rest);
  double sum = polynomial(rest, 1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
                          1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1.0, 1.0);
  int half = (int)power >> 1;
  return sum * power_of_two(half) * power_of_two((int)power - half);
}

// ---- logarithm -------------------------------------------------------------------------------------------------------
DEVICE double portable_log(double x) {
  if (x != x || x < 0) return not_a_number();
  if (x == 0) return infinity_of(true);
  if (x == infinity_of(false)) return x;
  int exponent = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0;  // 2^54
    exponent = -54;
  }
  uint64_t bits = double_bits(x);
  exponent += (int)(bits >> 52) - 1023;
  double mantissa = double_of((bits & 0xFFFFFFFFFFFFFu) | 0x3FF0000000000000u);
  if (mantissa > 1.41421356237309514547) {
    mantissa *= 0.5;
    exponent++;
  }
  double f = mantissa - 1, s = f / (2 + f), square = s * s;
  double series = polynomial(square, 1.0 / 25, 1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7,
                             1.0 / 5, 1.0 / 3);
  double remainder = 2 * square * series, halfSquare = 0.5 * f * f;
  return (exponent * Ln2High) - (halfSquare - __fma_rn(s, halfSquare + remainder, exponent * Ln2Low) - f);
}

// ---- sine and cosine -------------------------------------------------------------------------------------------------
// .NET's Math.IEEERemainder by 2 pi rounded, for |x| of more than 2^30: exact. Half of the divisor is no remainder of such numbers.
DEVICE double remainder_of_turns(double x) {
  constexpr double Turn = 4 * HalfPiHigh;
  uint64_t divisor = (double_bits(Turn) & 0xFFFFFFFFFFFFFu) | 0x10000000000000u;
  uint64_t rest = (double_bits(x) & 0xFFFFFFFFFFFFFu) | 0x10000000000000u;
  int exponent = (int)(double_bits(Turn) >> 52) & 0x7FF;
  int shifts = ((int)(double_bits(x) >> 52) & 0x7FF) - exponent;
  for (; shifts > 0; shifts--) rest = (rest >= divisor ? rest - divisor : rest) << 1;
  if (rest >= divisor) rest -= divisor;
  double magnitude = (double)rest * power_of_two(exponent - 1023 - 52);
  double other = magnitude - Turn;
  double result = -other < magnitude ? other : magnitude;
  return (int64_t)double_bits(x) < 0 ? -result : result;
}

DEVICE double of_quadrant(double x, int shift) {
  if (x - x != 0) return not_a_number();
  if (fabs(x) > 1073741824.0) x = remainder_of_turns(x);
  double quotient = __builtin_rint(x * 0.6366197723675814);
  double rest = __fma_rn(-quotient, HalfPiHigh, x);
  rest = __fma_rn(-quotient, HalfPiMiddle, rest);
  rest = __fma_rn(-quotient, HalfPiLow, rest);
  int quadrant = ((int)quotient + shift) & 3;
  double square = rest * rest;
  double sine = __fma_rn(rest * square, polynomial(square, 1.0 / 355687428096000, -1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800,
                                                   1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6), rest);
  double cosine = __fma_rn(square * square, polynomial(square, 1.0 / 20922789888000, -1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800,
                                                       1.0 / 40320, -1.0 / 720, 1.0 / 24), 1 - (0.5 * square));
  double value = (quadrant & 1) == 0 ? sine : cosine;
  return quadrant < 2 ? value : -value;
}
DEVICE double portable_sin(double x) { return of_quadrant(x, 0); }
DEVICE double portable_cos(double x) { return of_quadrant(x, 1); }

// ---- hyperbolic tangent ----------------------------------------------------------------------------------------------
DEVICE double portable_tanh(double x) {
  double twice = 2 * fabs(x);
  if (!(twice > 0.5 * Ln2)) {
    double minusOne = x + x;
    minusOne *= polynomial(minusOne, 1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
                           1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1.0);
    return minusOne / (minusOne + 2);
  }
  double small = portable_exp(-twice), magnitude = (1 - small) / (1 + small);
  return x < 0 ? -magnitude : magnitude;
}

// ---- random numbers --------------------------------------------------------------------------------------------------
struct Block { uint64_t first, second; };

DEVICE Block philox_block(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1) {
  Words w = philox(c0, c1, c2, c3, k0, k1);
  return Block{((uint64_t)w.w1 << 32) | w.w0, ((uint64_t)w.w3 << 32) | w.w2};
}

DEVICE double uniform_of(uint64_t bits) { return ((double)(bits >> 12) + 0.5) * (1.0 / 4503599627370496.0); }

DEVICE double normal_quantile(double probability) {
  double centred = probability - 0.5;
  if (fabs(centred) <= 0.425) {
    double r = __fma_rn(-centred, centred, 0.180625);
    return centred * (polynomial(r, 2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4, 4.5921953931549871457e+4,
                                 1.3731693765509461125e+4, 1.9715909503065514427e+3, 1.3314166789178437745e+2, 3.3871328727963666080e0)
      / polynomial(r, 5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4, 2.1213794301586595867e+4,
                   5.3941960214247511077e+3, 6.8718700749205790830e+2, 4.2313330701600911252e+1, 1.0));
  }
  double tail = sqrt(-portable_log(centred < 0 ? probability : 1 - probability));
  double magnitude;
  if (tail <= 5) {
    double at = tail - 1.6;
    magnitude = polynomial(at, 7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
                           3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0)
      / polynomial(at, 1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
                   6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0);
  } else {
    double at = tail - 5;
    magnitude = polynomial(at, 2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
                           2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0)
      / polynomial(at, 2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
                   1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0);
  }
  return centred < 0 ? -magnitude : magnitude;
}
