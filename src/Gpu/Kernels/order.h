// Which examples a step takes: the keyed permutation of src/Tasks/Randomness, on the device.
#pragma once
#include "numerics.h"
#include "philox.h"

DEVICE uint32_t mix(uint32_t value, uint32_t key) {
  uint32_t x = (value + key) * 0xD2511F53u;
  return (x ^ (x >> 15)) * 0xCD9E8D57u;
}
DEVICE uint32_t feistel(uint32_t value, int half, const uint32_t* keys) {
  int shift = 32 - half;
  uint32_t left = value >> half, right = value & (0xFFFFFFFFu >> shift);
  for (int r = 0; r < 8; r += 2) {
    left ^= mix(right, keys[r]) >> shift;
    right ^= mix(left, keys[r + 1]) >> shift;
  }
  return (left << half) | right;
}
// Bits of half a number: the network permutes the next even power of two. Of 2 examples or more.
DEVICE int half_bits(int examples) { return (33 - __clz(examples - 1)) / 2; }

// The example at a place of the epoch; a number outside is permuted again.
DEVICE uint32_t example_at(uint32_t place, int half, uint32_t examples, const uint32_t* keys) {
  uint32_t n = place;
  do {
    n = feistel(n, half, keys);
  } while (n >= examples);
  return n;
}
