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

// A number that the compiler knows; it stands for an int.
template <int N> struct Known {
  DEVICE constexpr operator int() const { return N; }
};
// Elements of a thread along a side of so many rows or columns, of at most R: as many as keep all threads busy, where that is known.
template <int R, class Count> struct Along { static constexpr int Elements = R; };
template <int R, int N> struct Along<R, Known<N>> { static constexpr int Elements = N <= 16 ? 1 : N <= 64 ? 4 : R; };

// One factor's panel in shared memory, [Depth][Row]: 16 R rows or columns of the product, R of a thread, in fours that are 64
// apart. What lies outside is not read, and not added.
template <int R> struct Panel {
  static constexpr int Side = 16 * R, Row = Side + 4, Floats = Depth * Row, Loads = Depth * Side / Threads;

  DEVICE static int place(int r, int t) { return R == 1 ? t : r < 4 ? 4 * t + r : 64 + 4 * t + r - 4; }

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
    if constexpr (R == 1) {
      to[0] = from[t];
    } else {
#pragma unroll
      for (int q = 0; q < R; q += 4) {
        float4 x = *(const float4*)(from + q * 16 + 4 * t);
        to[q] = x.x;
        to[q + 1] = x.y;
        to[q + 2] = x.z;
        to[q + 3] = x.w;
      }
    }
  }
};

// Tiles of a product with up to R x R elements in a thread.
template <int R> struct Tiles {
  static constexpr int Panels = 2 * Panel<R>::Floats;

  template <int M, int N> DEVICE static void add(const float* a, const float* b, int tm, int tn, float (&c)[M][N]) {
    float x[M], y[N];
    Panel<M>::row(a, tm, x);
    Panel<N>::row(b, tn, y);
#pragma unroll
    for (int r = 0; r < M; r++)
#pragma unroll
      for (int q = 0; q < N; q++) c[r][q] = fma32(x[r], y[q], c[r][q]);
  }

  // finish(m, n, sum) is called for each element that exists. By all threads; the caller waits before it reads the result.
  template <bool AlongA, bool AlongB, class Rows, class Columns, class Start, class Finish>
  DEVICE static void product(const Factor<AlongA>& a, const Factor<AlongB>& b, Rows rows, Columns columns, int depth, float* panels, Start start, Finish finish) {
    constexpr int M = Along<R, Rows>::Elements, N = Along<R, Columns>::Elements;
    using PanelA = Panel<M>;
    using PanelB = Panel<N>;
    const uint32_t t = thread_x();
    const int tm = t / 16 % 16, tn = t % 16;
    float *panelA = panels, *panelB = panels + PanelA::Floats;
#pragma unroll 1
    for (int m0 = 0; m0 < rows; m0 += PanelA::Side)
#pragma unroll 1
      for (int n0 = 0; n0 < columns; n0 += PanelB::Side) {
        const bool mine = m0 + PanelA::place(0, tm) < rows && n0 + PanelB::place(0, tn) < columns;
        float c[M][N], nextA[PanelA::Loads], nextB[PanelB::Loads];
#pragma unroll
        for (int r = 0; r < M; r++) {
          int m = m0 + PanelA::place(r, tm);
          float first = m < rows ? start(m) : 0.f;
#pragma unroll
          for (int q = 0; q < N; q++) c[r][q] = first;
        }
        PanelA::read(a, 0, depth, m0, rows, nextA);
        PanelB::read(b, 0, depth, n0, columns, nextB);
#pragma unroll 1
        for (int k0 = 0; k0 < depth; k0 += Depth) {
          __syncthreads();
          PanelA::template write<AlongA>(panelA, nextA);
          PanelB::template write<AlongB>(panelB, nextB);
          __syncthreads();
          PanelA::read(a, k0 + Depth, depth, m0, rows, nextA);
          PanelB::read(b, k0 + Depth, depth, n0, columns, nextB);
          if (mine) {
            if (depth - k0 >= Depth) {
#pragma unroll 4
              for (int k = 0; k < Depth; k++) add(panelA + k * PanelA::Row, panelB + k * PanelB::Row, tm, tn, c);
            } else {
#pragma unroll 1
              for (int k = 0; k < depth - k0; k++) add(panelA + k * PanelA::Row, panelB + k * PanelB::Row, tm, tn, c);
            }
          }
        }
#pragma unroll
        for (int r = 0; r < M; r++)
#pragma unroll
          for (int q = 0; q < N; q++) {
            int m = m0 + PanelA::place(r, tm), n = n0 + PanelB::place(q, tn);
            if (m < rows && n < columns) finish(m, n, c[r][q]);
          }
      }
  }
};
