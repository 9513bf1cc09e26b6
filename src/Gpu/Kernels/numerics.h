// The project's own arithmetic with fixed bits: exponential and logarithm, byte to float, ReLU. Every fused multiply-add is
// written out, and everything is compiled with -ffp-contract=off, so that none is added or dropped.
#pragma once
#include "gpu.h"

DEVICE float fma32(float a, float b, float c) { return __fmaf_rn(a, b, c); }
DEVICE uint32_t bits_of(float x) { return __float_as_uint(x); }
DEVICE float float_of(uint32_t bits) { return __uint_as_float(bits); }
DEVICE float relu(float x) { return x <= 0 ? 0.f : x; }

// src/Tasks/Numerics/VectorMath.cs, one number.
DEVICE float exp32(float x) {
  const float shift = 12582912.f;
  float shifted = fma32(x, 1.44269504f, shift);
  float power = shifted - shift;
  float r = fma32(power, -0.693147182f, x);
  r = fma32(power, 1.90465421e-9f, r);
  float sum = fma32(1.f / 5040, r, 1.f / 720);
  sum = fma32(sum, r, 1.f / 120);
  sum = fma32(sum, r, 1.f / 24);
  sum = fma32(sum, r, 1.f / 6);
  sum = fma32(sum, r, 0.5f);
  sum = fma32(sum, r, 1.f);
  sum = fma32(sum, r, 1.f);
  float scale = float_of((bits_of(shifted) + 126u) << 23);
  float result = (sum + sum) * scale;
  if (x < -86.6f) result = 0;
  return x > 88.72283172607422f ? INFINITY : result;
}

DEVICE float log32(float x) {
  bool tiny = x < 1.17549435e-38f;
  int32_t bits = (int32_t)bits_of(tiny ? x * 16777216.f : x);
  int32_t exponent = (bits - 0x3F3504F3) >> 23;
  float f = float_of((uint32_t)bits - ((uint32_t)exponent << 23)) - 1.f;
  float power = (float)exponent - (tiny ? 24.f : 0.f);
  float s = f / (2.f + f), square = s * s;
  float series = fma32(square, 2.f / 9, 2.f / 7);
  series = fma32(series, square, 2.f / 5);
  series = fma32(series, square, 2.f / 3);
  float halfSquare = 0.5f * f * f;
  float odd = s * fma32(series, square, halfSquare);
  float rest = f - (halfSquare - fma32(power, -1.90465421e-9f, odd));
  float result = computed(fma32(power, 0.693147182f, rest));
  return x > 0 && x < INFINITY ? result : x == 0 ? -INFINITY : x > 0 ? x : NAN;
}

// byte / 255, correctly rounded, as ImageMlpBatch.Intensities; the byte becomes a float by the bits of 2^23 + byte.
DEVICE float intensity(uint32_t byte) {
  float x = float_of(0x4B000000u | byte) - 8388608.f, inverse = 1.f / 255, quotient = x * inverse;
  return fma32(fma32(-quotient, 255.f, x), inverse, quotient);
}
