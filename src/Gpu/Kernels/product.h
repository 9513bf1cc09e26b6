// The products of a layer, of any size, by the 256 threads of a block: C[m, n] = start(m) + sum over k of A(k, m) B(k, n), as
// src/Tasks/Numerics/LayerProduct.cs computes it: each element is one chain of fused multiply-adds in the order of k.
#pragma once
#include "numerics.h"

constexpr int Threads = 256;
constexpr int Depth = 16;  // terms of a panel

// A factor: element (k, i) stands at `at` + k * ofK + i * ofI; one of the two strides is 1, and a warp reads along it.
template <bool AlongK> struct Factor {
  const float* at;
  int stride;  // the other
  DEVICE float operator()(int k, int i) const { return AlongK ? at[(size_t)i * stride + k] : at[(size_t)k * stride + i]; }
};

// Tiles of 16 R x 16 R elements, R x R of a thread, in fours that are 64 apart. Both factors go through panels in shared
// memory, [Depth][Row]; what lies outside is not read, and not added.
template <int R> struct Tiles {
  static constexpr int Side = 16 * R, Row = Side + 4, Panels = 2 * Depth * Row, Loads = Depth * Side / Threads;

  DEVICE static int place(int r, int t) { return r < 4 ? 4 * t + r : 64 + 4 * t + r - 4; }

  template <bool AlongK> DEVICE static int k_of(int e) { return AlongK ? e % Depth : e / Side; }
  template <bool AlongK> DEVICE static int i_of(int e) { return AlongK ? e / Depth : e % Side; }

  template <bool AlongK> DEVICE static void read(const Factor<AlongK>& factor, int k0, int depth, int i0, int count, float (&next)[Loads]) {
    const uint32_t t = thread_x();
#pragma unroll
    for (int q = 0; q < Loads; q++) {
      int e = t + Threads * q, k = k0 + k_of<AlongK>(e), i = i0 + i_of<AlongK>(e);
      next[q] = k < depth && i < count ? factor(k, i) : 0.f;
    }
  }
  template <bool AlongK> DEVICE static void write(float* panel, const float (&next)[Loads]) {
    const uint32_t t = thread_x();
#pragma unroll
    for (int q = 0; q < Loads; q++) {
      int e = t + Threads * q;
      panel[k_of<AlongK>(e) * Row + i_of<AlongK>(e)] = next[q];
    }
  }
  DEVICE static void row(const float* from, int t, float (&to)[R]) {
#pragma unroll
    for (int q = 0; q < R; q += 4) {
      float4 x = *(const float4*)(from + q * 16 + 4 * t);
      to[q] = x.x;
      to[q + 1] = x.y;
      to[q + 2] = x.z;
      to[q + 3] = x.w;
    }
  }
  DEVICE static void add(const float* a, const float* b, int tm, int tn, float (&c)[R][R]) {
    float x[R], y[R];
    row(a, tm, x);
    row(b, tn, y);
#pragma unroll
    for (int r = 0; r < R; r++)
#pragma unroll
      for (int q = 0; q < R; q++) c[r][q] = fma32(x[r], y[q], c[r][q]);
  }

  // finish(m, n, sum) is called for each element that exists. By all threads; the caller waits before it reads the result.
  template <bool AlongA, bool AlongB, class Start, class Finish>
  DEVICE static void product(const Factor<AlongA>& a, const Factor<AlongB>& b, int rows, int columns, int depth, float* panels, Start start, Finish finish) {
    const uint32_t t = thread_x();
    const int tm = t / 16, tn = t % 16;
    float *panelA = panels, *panelB = panels + Depth * Row;
#pragma unroll 1
    for (int m0 = 0; m0 < rows; m0 += Side)
#pragma unroll 1
      for (int n0 = 0; n0 < columns; n0 += Side) {
        const bool mine = m0 + 4 * tm < rows && n0 + 4 * tn < columns;
        float c[R][R], nextA[Loads], nextB[Loads];
#pragma unroll
        for (int r = 0; r < R; r++) {
          int m = m0 + place(r, tm);
          float first = m < rows ? start(m) : 0.f;
#pragma unroll
          for (int q = 0; q < R; q++) c[r][q] = first;
        }
        read(a, 0, depth, m0, rows, nextA);
        read(b, 0, depth, n0, columns, nextB);
#pragma unroll 1
        for (int k0 = 0; k0 < depth; k0 += Depth) {
          __syncthreads();
          write<AlongA>(panelA, nextA);
          write<AlongB>(panelB, nextB);
          __syncthreads();
          read(a, k0 + Depth, depth, m0, rows, nextA);
          read(b, k0 + Depth, depth, n0, columns, nextB);
          if (mine) {
            if (depth - k0 >= Depth) {
#pragma unroll 4
              for (int k = 0; k < Depth; k++) add(panelA + k * Row, panelB + k * Row, tm, tn, c);
            } else {
#pragma unroll 1
              for (int k = 0; k < depth - k0; k++) add(panelA + k * Row, panelB + k * Row, tm, tn, c);
            }
          }
        }
#pragma unroll
        for (int r = 0; r < R; r++)
#pragma unroll
          for (int q = 0; q < R; q++) {
            int m = m0 + place(r, tm), n = n0 + place(q, tn);
            if (m < rows && n < columns) finish(m, n, c[r][q]);
          }
      }
  }
};
