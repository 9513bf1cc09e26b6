// Which examples a step takes: Philox4x32-10 and the keyed permutation of src/Tasks/Randomness, on the device.
#pragma once
#include "numerics.h"

struct Words {
  uint32_t w0, w1, w2, w3;
};

DEVICE Words philox(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1) {
  for (int round = 0; round < 10; round++) {
    uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
    uint32_t n0 = (uint32_t)(b >> 32) ^ c1 ^ k0, n2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)b;
    c3 = (uint32_t)a;
    c0 = n0;
    c2 = n2;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {c0, c1, c2, c3};
}

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
