// Where the fused window of the default problem (64-32-10, batch 128) keeps what in shared memory, and which thread owns which
// parameters. One lane is T = 128 / E threads with E examples each; a block is 128 threads, and so E lanes.
#pragma once
#include "rules.h"
#include "segment.h"

constexpr int In = 64, Hidden = 32, Out = 10, Batch = 128;
constexpr int W0 = 0, B0 = In * Hidden, W1 = B0 + Hidden, B1 = W1 + Hidden * Out, Count = B1 + Out, Padded = 2416;

constexpr int XS = 132;  // row stride of x, h and dz in floats: 16-byte aligned, and 8 consecutive rows hit different banks
constexpr int WS = 40;   // row stride of w0: 4 rows x 8 columns hit 32 different banks in the update
constexpr int VS = 12;   // row stride of w1: three 16-byte loads
constexpr int P_W0 = 0, P_B0 = In * WS, P_W1 = P_B0 + Hidden, P_B1 = P_W1 + Hidden * VS, P_LEN = P_B1 + 12;
constexpr int NT = 128;  // threads of a block
constexpr int N = 8;     // parameters that are updated at once

template <int E> struct Shape {
  static constexpr int T = Batch / E;           // threads of a lane
  static constexpr int IG = T / 8, R = In / IG;  // tile of w0: rows ig + IG r, columns jg + 8 c
  // A 16-byte read takes two wavefronts instead of four where threads i and i^1 (or i and i^2) read the same address.
  DEVICE static int ig(uint32_t t) { return (t & 1) | (t >> 4 << 1); }
  DEVICE static int jg(uint32_t t) { return t >> 1 & 7; }
  static constexpr int G = T / 32, KQ = (Out + G - 1) / G;                      // w1: row t / G, columns t % G + G q
  static constexpr int BQ = (Hidden + Out + T - 1) / T;                         // biases
  static constexpr int SLOTS = R * 4 + KQ + BQ;                                 // parameters that a thread owns
  static constexpr int GROUPS = (SLOTS + N - 1) / N, QUADS = GROUPS * (N / 4);  // groups of N of them, quads of 16 bytes
  static constexpr int LANE = P_LEN + Hidden * XS + Out * XS + Batch + 16;      // floats of shared memory per lane
};

// Which parameter the s-th of a thread is: place in the lane's state and in shared memory; -1 none.
template <int E> struct Owner {
  using S = Shape<E>;
  DEVICE static int state(int s, uint32_t t) {
    if (s < S::R * 4) return W0 + (S::ig(t) + S::IG * (s / 4)) * Hidden + S::jg(t) + 8 * (s % 4);
    s -= S::R * 4;
    if (s < S::KQ) {
      int k = t % S::G + S::G * s;
      return k < Out ? W1 + int(t / S::G) * Out + k : -1;
    }
    int q = t + S::T * (s - S::KQ);
    return q < Hidden ? B0 + q : q < Hidden + Out ? B1 + q - Hidden : -1;
  }
  DEVICE static int shared(int s, uint32_t t) {
    if (s < S::R * 4) return P_W0 + (S::ig(t) + S::IG * (s / 4)) * WS + S::jg(t) + 8 * (s % 4);
    s -= S::R * 4;
    if (s < S::KQ) {
      int k = t % S::G + S::G * s;
      return k < Out ? P_W1 + int(t / S::G) * VS + k : -1;
    }
    int q = t + S::T * (s - S::KQ);
    return q < Hidden ? P_B0 + q : q < Hidden + Out ? P_B1 + q - Hidden : -1;
  }
};

template <int E> DEVICE void load_e(const float* s, float* r) {
  if constexpr (E == 1) {
    r[0] = s[0];
  } else if constexpr (E == 2) {
    float2 q = *(const float2*)s;
    r[0] = q.x;
    r[1] = q.y;
  } else {
    float4 q = *(const float4*)s;
    r[0] = q.x;
    r[1] = q.y;
    r[2] = q.z;
    r[3] = q.w;
  }
}
template <int E> DEVICE void store_e(float* s, const float* r) {
  if constexpr (E == 1) s[0] = r[0];
  else if constexpr (E == 2) *(float2*)s = make_float2(r[0], r[1]);
  else *(float4*)s = make_float4(r[0], r[1], r[2], r[3]);
}

// Places in shared memory, as one thread sees them. Bytes of a block: 4 (In XS + Batch + 16 + E LANE).
template <int E> struct Places {
  using S = Shape<E>;
  uint32_t tid, arm, t;
  float* x;  // [pixel][example], of the block
  int* label;
  uint32_t* keys;  // 8 of the data order
  int* bad;        // whether a lane has a parameter that is not finite
  float *p, *h;    // parameters; hidden layer, then its gradient: [unit][example]
  float* dz;       // gradient of the logits: [class][example]
  float* lossOf;   // of each example
  double* sums;    // 8 partial sums in double: 16 floats
  DEVICE Places(uint32_t thread)
      : tid(thread % NT), arm(tid / S::T), t(tid % S::T), x(dynamic_shared<float>()), label((int*)(x + In * XS)), keys((uint32_t*)(label + Batch)),
        bad((int*)(keys + 8)), p((float*)(keys + 16) + arm * S::LANE), h(p + P_LEN), dz(h + Hidden * XS), lossOf(dz + Out * XS),
        sums((double*)(lossOf + Batch)) {}
};
DEVICE uint32_t word(uint4 v, int i) { return i == 0 ? v.x : i == 1 ? v.y : i == 2 ? v.z : v.w; }
