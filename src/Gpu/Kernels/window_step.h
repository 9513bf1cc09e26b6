// A step of the fused window of window.h, as the threads of a lane make it.
//
// Order of every sum: one chain of fused multiply-adds, ascending (inputs, units, classes, examples), as MlpNetwork has it.
// No sum is split between threads, no atomics: bits depend neither on T nor on the block nor on the number of lanes.
//
// A pair (E = 2): the first product and the way back to the hidden layer in tiles of 16 units x 4 examples; the threads of a
// warp share its 64 examples, so that a __syncwarp is enough between the forms. Half the reads of shared memory. A lane alone
// (E = 1): the first product loads the operands of the next round before the products of this one.
//
// What clang 16 needs so that nothing spills: computed() in the way back to the hidden layer, or LLVM moves the sums into a
// branch per element; unsigned thread numbers, so that it knows their range and drops the tests for slots without a parameter;
// opaque() where a step begins, or it computes addresses before the loop and keeps them. forget() between the forms keeps
// it from holding what it read of w1 for the way back.
#pragma once
#include "places.h"

template <class Rule, int E> struct FusedStep {
  using S = Shape<E>;
  using O = Owner<E>;
  static constexpr bool Tile = E == 2;
  static constexpr int T = S::T, GROUPS = S::GROUPS, QUADS = S::QUADS, LANES = E;
  static constexpr int Slots = Rule::Slots, AtLeastOne = Slots > 0 ? Slots : 1, Scalars = Rule::Scalars > 0 ? Rule::Scalars : 1;
  static constexpr int StateLength = Padded * (1 + Slots) + (Rule::Scalars > 0 ? 16 : 0);
  static constexpr int AJ = Tile ? 16 : Hidden, AE = Tile ? 4 : E;  // units and examples of a thread's tile
  static_assert(LANES * T == NT && NT == Batch, "a thread fetches one example");

  // Half of the units, first example; the units of a tile in fours in turn: their rows lie in other banks.
  DEVICE static int first_unit(uint32_t t) { return Tile ? t & 1 : 0; }
  DEVICE static int first_example(uint32_t t) { return Tile ? (t & ~31u) * 2 + (t >> 1 & 15) * 4 : E * t; }
  DEVICE static int unit(int j, int half) { return Tile ? 8 * (j / 4) + 4 * half + j % 4 : j; }

  // Hidden layer of the thread's tile, before its ReLU.
  DEVICE static void first_product(const Places<E>& o, float (&a)[AJ][AE]) {
    const int half = first_unit(o.t), eg = first_example(o.t);
    const float *x = o.x, *p = o.p;
#pragma unroll
    for (int j = 0; j < AJ; j++)
#pragma unroll
      for (int e = 0; e < AE; e++) a[j][e] = p[P_B0 + unit(j, half)];
    auto operands = [&](int i, float (&xe)[AE], float4 (&we)[AJ / 4]) INLINE {
      load_e<AE>(x + i * XS + eg, xe);
#pragma unroll
      for (int j = 0; j < AJ / 4; j++) we[j] = *(const float4*)(p + P_W0 + i * WS + unit(4 * j, half));
    };
    auto products = [&](const float (&xe)[AE], const float4 (&we)[AJ / 4]) INLINE {
#pragma unroll
      for (int j = 0; j < AJ; j += 4)
#pragma unroll
        for (int e = 0; e < AE; e++) {
          a[j][e] = fma32(we[j / 4].x, xe[e], a[j][e]);
          a[j + 1][e] = fma32(we[j / 4].y, xe[e], a[j + 1][e]);
          a[j + 2][e] = fma32(we[j / 4].z, xe[e], a[j + 2][e]);
          a[j + 3][e] = fma32(we[j / 4].w, xe[e], a[j + 3][e]);
        }
    };
    if constexpr (!Tile) {
      float xe[2][AE];
      float4 we[2][AJ / 4];
      operands(0, xe[0], we[0]);
#pragma unroll 1
      for (int i = 0; i < In; i += 2) {
        operands(i + 1, xe[1], we[1]);
        products(xe[0], we[0]);
        operands(i + 2, xe[0], we[0]);  // the last round reads what lies behind the rows and drops it
        products(xe[1], we[1]);
      }
    } else {
#pragma unroll 4
      for (int i = 0; i < In; i++) {
        float xe[AE];
        float4 we[AJ / 4];
        operands(i, xe, we);
        products(xe, we);
      }
    }
    forget();
  }

  // ReLU, logits, softmax and loss of the thread's own examples; leaves the units in h, the logits' gradient z in dz.
  DEVICE static void logits(const Places<E>& o, float (&a)[AJ][AE], float (&z)[12][E]) {
    const int half = first_unit(o.t), eg = first_example(o.t);
    const uint32_t t = o.t;
    float *p = o.p, *h = o.h, *dz = o.dz;
#pragma unroll
    for (int k = 0; k < 12; k++)
#pragma unroll
      for (int e = 0; e < E; e++) z[k][e] = k < Out ? p[P_B1 + k] : 0.f;
    auto unit_to_logits = [&](int j, const float (&u)[E]) INLINE {
      const float* row = p + P_W1 + j * VS;
      float4 w0 = *(const float4*)row, w1 = *(const float4*)(row + 4);
      float2 w2 = *(const float2*)(row + 8);
#pragma unroll
      for (int e = 0; e < E; e++) {
        z[0][e] = fma32(w0.x, u[e], z[0][e]);
        z[1][e] = fma32(w0.y, u[e], z[1][e]);
        z[2][e] = fma32(w0.z, u[e], z[2][e]);
        z[3][e] = fma32(w0.w, u[e], z[3][e]);
        z[4][e] = fma32(w1.x, u[e], z[4][e]);
        z[5][e] = fma32(w1.y, u[e], z[5][e]);
        z[6][e] = fma32(w1.z, u[e], z[6][e]);
        z[7][e] = fma32(w1.w, u[e], z[7][e]);
        z[8][e] = fma32(w2.x, u[e], z[8][e]);
        z[9][e] = fma32(w2.y, u[e], z[9][e]);
      }
    };
#pragma unroll
    for (int j = 0; j < AJ; j++) {
#pragma unroll
      for (int e = 0; e < AE; e++) a[j][e] = relu(a[j][e]);
      store_e<AE>(h + unit(j, half) * XS + eg, a[j]);
      if constexpr (!Tile) unit_to_logits(j, a[j]);
    }
    if constexpr (Tile) {
      __syncwarp();
#pragma unroll 8
      for (int j = 0; j < Hidden; j++) {
        float u[E];
        load_e<E>(h + j * XS + E * t, u);
        unit_to_logits(j, u);
      }
    }
    float le[E];
#pragma unroll
    for (int e = 0; e < E; e++) {
      int mine = o.label[E * t + e];
      float largest = z[0][e], target = largest;
#pragma unroll
      for (int k = 1; k < Out; k++) {
        if (z[k][e] > largest) largest = z[k][e];
        if (k == mine) target = z[k][e];
      }
      float sum = 0;
#pragma unroll
      for (int k = 0; k < Out; k++) {
        z[k][e] = exp32(z[k][e] - largest);
        sum += z[k][e];
      }
      const float weight = 1.f / Batch;
      float scale = weight / sum;
#pragma unroll
      for (int k = 0; k < Out; k++) z[k][e] = z[k][e] * scale - (k == mine ? weight : 0.f);
      le[e] = log32(sum) - (target - largest);
    }
    store_e<E>(o.lossOf + E * t, le);
#pragma unroll
    for (int k = 0; k < Out; k++) store_e<E>(dz + k * XS + E * t, z[k]);
  }

  // Gradient of the hidden layer, in the place of the thread's units.
  DEVICE static void back(const Places<E>& o, float (&a)[AJ][AE], const float (&z)[12][E]) {
    const int half = first_unit(o.t), eg = first_example(o.t);
    float y[Out][AE];
    if constexpr (Tile) __syncwarp();
    else forget();
#pragma unroll
    for (int k = 0; k < Out; k++)
      if constexpr (Tile) load_e<4>(o.dz + k * XS + eg, y[k]);
      else y[k][0] = z[k][0];
#pragma unroll
    for (int j = 0; j < AJ; j++) {
      const float* row = o.p + P_W1 + unit(j, half) * VS;
      float4 w0 = *(const float4*)row, w1 = *(const float4*)(row + 4);
      float2 w2 = *(const float2*)(row + 8);
      float wr[Out] = {w0.x, w0.y, w0.z, w0.w, w1.x, w1.y, w1.z, w1.w, w2.x, w2.y}, d[AE];
#pragma unroll
      for (int e = 0; e < AE; e++) d[e] = 0;
#pragma unroll
      for (int k = 0; k < Out; k++)
#pragma unroll
        for (int e = 0; e < AE; e++) d[e] = fma32(wr[k], y[k][e], d[e]);
#pragma unroll
      for (int e = 0; e < AE; e++) {
        float signal = computed(d[e]);
        a[j][e] = a[j][e] > 0 ? signal : 0.f;
      }
    }
  }

  // Gradient of w1, from the units that still stand in shared memory, and the loss in eight sums.
  DEVICE static void second_gradient(const Places<E>& o, float (&g1)[S::KQ]) {
    const uint32_t t = o.t;
    if (t < 8) {
      double q = 0;
#pragma unroll
      for (int b = 0; b < Batch; b += 8) q += o.lossOf[b + t];
      o.sums[t] = q;
    }
#pragma unroll
    for (int q = 0; q < S::KQ; q++) g1[q] = 0;
    const float* hr = o.h + t / S::G * XS;
#pragma unroll 4
    for (int b = 0; b < Batch; b += 4) {
      float4 u = *(const float4*)(hr + b);
#pragma unroll
      for (int q = 0; q < S::KQ; q++) {
        int k = t % S::G + S::G * q;
        float4 d = *(const float4*)(o.dz + (k < Out ? k : 0) * XS + b);
        g1[q] = fma32(u.x, d.x, g1[q]);
        g1[q] = fma32(u.y, d.y, g1[q]);
        g1[q] = fma32(u.z, d.z, g1[q]);
        g1[q] = fma32(u.w, d.w, g1[q]);
      }
    }
  }

  // Forward and back to the hidden layer; gradient of w1.
  DEVICE static double loss(const Places<E>& o, float (&g1)[S::KQ]) {
    float a[AJ][AE], z[12][E];
    first_product(o, a);
    logits(o, a, z);
    back(o, a, z);
    named_barrier<T>(o.arm + 1);
    second_gradient(o, g1);
    named_barrier<T>(o.arm + 1);
    const int half = first_unit(o.t), eg = first_example(o.t);
#pragma unroll
    for (int j = 0; j < AJ; j++) store_e<AE>(o.h + unit(j, half) * XS + eg, a[j]);
    const double* sums = o.sums;
    double mean = (((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]))) / Batch;
    named_barrier<T>(o.arm + 1);
    return mean;
  }

  // Gradient of w0 and of the biases.
  DEVICE static void first_gradient(const Places<E>& o, float (&g)[S::R][4], float (&gb)[S::BQ]) {
    const uint32_t t = o.t;
    const int ig = S::ig(t), jg = S::jg(t);
    float *x = o.x, *h = o.h;
#pragma unroll
    for (int r = 0; r < S::R; r++)
#pragma unroll
      for (int c = 0; c < 4; c++) g[r][c] = 0;
    const float* row[S::BQ];
#pragma unroll
    for (int q = 0; q < S::BQ; q++) {
      int at = t + T * q;
      gb[q] = 0;
      row[q] = h + (at < Hidden ? at : at < Hidden + Out ? at : Hidden) * XS;  // dz stands behind h
    }
#pragma unroll 2
    for (int b = 0; b < Batch; b += 4) {
      float4 d[4], u[S::R];
#pragma unroll
      for (int c = 0; c < 4; c++) d[c] = *(const float4*)(h + (jg + 8 * c) * XS + b);
#pragma unroll
      for (int r = 0; r < S::R; r++) u[r] = *(const float4*)(x + (ig + S::IG * r) * XS + b);
#pragma unroll
      for (int r = 0; r < S::R; r++) {
#pragma unroll
        for (int c = 0; c < 4; c++) g[r][c] = fma32(u[r].x, d[c].x, g[r][c]);
#pragma unroll
        for (int c = 0; c < 4; c++) g[r][c] = fma32(u[r].y, d[c].y, g[r][c]);
#pragma unroll
        for (int c = 0; c < 4; c++) g[r][c] = fma32(u[r].z, d[c].z, g[r][c]);
#pragma unroll
        for (int c = 0; c < 4; c++) g[r][c] = fma32(u[r].w, d[c].w, g[r][c]);
      }
#pragma unroll
      for (int q = 0; q < S::BQ; q++) {
        float4 k = *(const float4*)(row[q] + b);
        gb[q] += k.x;
        gb[q] += k.y;
        gb[q] += k.z;
        gb[q] += k.w;
      }
    }
  }
  DEVICE static float gradient_of(int s, const float (&g)[S::R][4], const float (&g1)[S::KQ], const float (&gb)[S::BQ]) {
    return s < S::R * 4 ? g[s / 4 % S::R][s % 4] : s < S::R * 4 + S::KQ ? g1[(s - S::R * 4) % S::KQ] : gb[(s - S::R * 4 - S::KQ) % S::BQ];
  }

  // Gradient of w0 and of the biases, then the optimizer on all parameters that the thread owns.
  DEVICE static void update(const Places<E>& o, float4* own, const float (&g1)[S::KQ], const float (&constants)[Rule::Constants], float (&scalars)[Scalars]) {
    const uint32_t t = o.t;
    float* p = o.p;
    float g[S::R][4], gb[S::BQ];
    float4 next[AtLeastOne][N / 4];
    auto slots = [&](int k) INLINE {
#pragma unroll
      for (int i = 0; i < N / 4; i++)
#pragma unroll
        for (int m = 0; m < Slots; m++) next[m][i] = own[(m * QUADS + k * (N / 4) + i) * T];
    };
    slots(0);
    first_gradient(o, g, gb);
    const typename Rule::Scales scales = Rule::begin(constants, scalars);
    float check = 0;
#pragma unroll
    for (int k = 0; k < GROUPS; k++) {
      float pq[N], sq[AtLeastOne][N], gq[N];
#pragma unroll
      for (int i = 0; i < N; i++) {
        int q = k * N + i, at = q < S::SLOTS ? O::shared(q, t) : -1;
        gq[i] = at >= 0 ? gradient_of(q < S::SLOTS ? q : 0, g, g1, gb) : 0.f;
        pq[i] = at >= 0 ? p[at] : 1.f;
      }
#pragma unroll
      for (int i = 0; i < N / 4; i++)
#pragma unroll
        for (int m = 0; m < Slots; m++) {
          sq[m][4 * i] = next[m][i].x;
          sq[m][4 * i + 1] = next[m][i].y;
          sq[m][4 * i + 2] = next[m][i].z;
          sq[m][4 * i + 3] = next[m][i].w;
        }
      if (k + 1 < GROUPS) slots(k + 1);
      update_group<Rule>(pq, sq, gq, scales);
#pragma unroll
      for (int i = 0; i < N / 4; i++)
#pragma unroll
        for (int m = 0; m < Slots; m++)
          own[(m * QUADS + k * (N / 4) + i) * T] = make_float4(sq[m][4 * i], sq[m][4 * i + 1], sq[m][4 * i + 2], sq[m][4 * i + 3]);
#pragma unroll
      for (int i = 0; i < N; i++) {
        int q = k * N + i, at = q < S::SLOTS ? O::shared(q, t) : -1;
        if (at >= 0) {
          p[at] = pq[i];
          check = fma32(pq[i], 0.f, check);
        }
      }
    }
    if (!(check == 0.f)) o.bad[o.arm] = 1;
  }
};
