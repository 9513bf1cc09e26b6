// The element-wise optimizers of src/Tasks/Optimizers: element i depends on element i alone. A rule has slots (numbers of
// state for each parameter), scalars (numbers of state that a lane has once) and constants, which follow from theta on the host.
// HasGroups: the rule has a form of its own for several updates at once.
#pragma once
#include "numerics.h"

// LearnableAdam.
struct AdamRule {
  static constexpr int Slots = 2, Scalars = 2, Constants = 4;  // m, v; corrections; lr, 1 - beta1, 1 - beta2, epsilon
  static constexpr bool HasGroups = true;
  struct Scales {
    float size, rate1, rate2, inverse2, epsilon;
  };
  DEVICE static Scales begin(const float (&constants)[Constants], float (&corrections)[Scalars]) {
    corrections[0] = corrections[0] + constants[1] * (1 - corrections[0]);
    corrections[1] = corrections[1] + constants[2] * (1 - corrections[1]);
    return {constants[0] / corrections[0], constants[1], constants[2], 1 / corrections[1], constants[3]};
  }
  DEVICE static void update(float& p, float* state, int slot, float g, const Scales& s) {
    float m = state[0], v = state[slot];
    one(p, m, v, g, s);
    state[0] = m;
    state[slot] = v;
  }
  // N updates at once; values are replaced.
  template <int N> DEVICE static void group(float (&p)[N], float (&state)[Slots][N], const float (&g)[N], const Scales& s) {
    float p2[N], m2[N], v2[N];
    bool slow = !(s.epsilon < 1e5f);
#pragma unroll
    for (int i = 0; i < N; i++) {
      p2[i] = p[i];
      m2[i] = state[0][i];
      v2[i] = state[1][i];
      one_fast(p2[i], m2[i], v2[i], g[i], s, slow);
    }
    if (slow) {
#pragma unroll 1
      for (int k = 0; k < N; k++) {
#pragma unroll
        for (int i = 0; i < N; i++)
          if (i == k) {
            p2[i] = p[i];
            m2[i] = state[0][i];
            v2[i] = state[1][i];
            one(p2[i], m2[i], v2[i], g[i], s);
          }
      }
    }
#pragma unroll
    for (int i = 0; i < N; i++) {
      p[i] = p2[i];
      state[0][i] = m2[i];
      state[1][i] = v2[i];
    }
  }

 private:
  DEVICE static void one(float& p, float& m, float& v, float g, const Scales& s) {
    m = fma32(g - m, s.rate1, m);
    v = fma32(g * g - v, s.rate2, v);
    float d = sqrtf(fma32(v, s.inverse2, 1e-8f)) + s.epsilon;
    p = p - s.size * m / d;
  }
  // The same update without a branch per element: the hardware's approximate reciprocal and reciprocal root, corrected by the
  // fused multiply-adds that a compiler emits for `/` and sqrtf: correctly rounded for operands in the ranges that `slow`
  // leaves out. The compiler's versions test each operand and call a subroutine, which keeps updates from overlapping.
  DEVICE static float fast_divide(float a, float d) {
    float r = approximate_reciprocal(d);
    r = fma32(r, fma32(-d, r, 1.f), r);
    float q = a * r;
    q = fma32(r, fma32(-d, q, a), q);
    return fma32(r, fma32(-d, q, a), q);
  }
  DEVICE static float fast_root(float y) {
    float r = approximate_inverse_root(y);
    float s = y * r, h = 0.5f * r;
    return fma32(fma32(-s, s, y), h, s);
  }
  // Ranges in which those are right: y within [1e-11, 1e11] puts the divisor d = root + epsilon within [3e-6, 1e6] (epsilon is
  // checked once a step). The dividend a must be within (1e-26, 1e28), or so small against p that p - a/d is p whatever
  // the quotient's last bits are: units that died have moments that decay for ever, and must not take the slow path for ever.
  DEVICE static bool outside(float x, float least, float most) { return bits_of(x) - bits_of(least) > bits_of(most) - bits_of(least); }
  DEVICE static bool divides_fast(float a, float p) { return !outside(fma32(fabsf(p), 1e-16f, fabsf(a)), 1e-26f, 1e28f); }
  DEVICE static bool roots_fast(float y) { return !outside(y, 1e-11f, 1e11f); }
  DEVICE static void one_fast(float& p, float& m, float& v, float g, const Scales& s, bool& slow) {
    m = fma32(g - m, s.rate1, m);
    v = fma32(g * g - v, s.rate2, v);
    float y = fma32(v, s.inverse2, 1e-8f), d = fast_root(y) + s.epsilon, a = s.size * m;
    slow |= !roots_fast(y);
    slow |= !divides_fast(a, p);
    p = p - fast_divide(a, d);
  }
};

// LearnableSgd.
struct SgdRule {
  static constexpr int Slots = 0, Scalars = 0, Constants = 1;  // -lr
  static constexpr bool HasGroups = false;
  struct Scales {
    float step;
  };
  DEVICE static Scales begin(const float (&constants)[Constants], float (&)[1]) { return {constants[0]}; }
  DEVICE static void update(float& p, float*, int, float g, const Scales& s) { p = fma32(g, s.step, p); }
};

// LearnableSgdm.
struct MomentumRule {
  static constexpr int Slots = 1, Scalars = 0, Constants = 2;  // velocity; -lr, momentum
  static constexpr bool HasGroups = false;
  struct Scales {
    float step, momentum;
  };
  DEVICE static Scales begin(const float (&constants)[Constants], float (&)[1]) { return {constants[0], constants[1]}; }
  DEVICE static void update(float& p, float* state, int, float g, const Scales& s) {
    float v = fma32(state[0], s.momentum, g);
    state[0] = v;
    p = fma32(v, s.step, p);
  }
};

// LearnableNesterov.
struct NesterovRule {
  static constexpr int Slots = 1, Scalars = 0, Constants = 2;  // velocity; -lr, momentum
  static constexpr bool HasGroups = false;
  using Scales = MomentumRule::Scales;
  DEVICE static Scales begin(const float (&constants)[Constants], float (&)[1]) { return {constants[0], constants[1]}; }
  DEVICE static void update(float& p, float* state, int, float g, const Scales& s) {
    float v = fma32(state[0], s.momentum, g);
    state[0] = v;
    p = fma32(fma32(v, s.momentum, g), s.step, p);
  }
};

// LearnableRmsProp.
struct RmsPropRule {
  static constexpr int Slots = 1, Scalars = 0, Constants = 2;  // mean square; lr, 1 - decay
  static constexpr bool HasGroups = false;
  struct Scales {
    float size, rate;
  };
  DEVICE static Scales begin(const float (&constants)[Constants], float (&)[1]) { return {constants[0], constants[1]}; }
  DEVICE static void update(float& p, float* state, int, float g, const Scales& s) {
    float v = state[0];
    v = fma32(g * g - v, s.rate, v);
    state[0] = v;
    p = p - s.size * g / (sqrtf(v) + 1e-8f);
  }
};

// N updates at once.
template <class Rule, int Slots, int N>
DEVICE void update_group(float (&p)[N], float (&state)[Slots][N], const float (&g)[N], const typename Rule::Scales& s) {
  if constexpr (Rule::HasGroups) {
    Rule::group(p, state, g, s);
  } else {
#pragma unroll
    for (int i = 0; i < N; i++) Rule::update(p[i], &state[0][i], N, g[i], s);
  }
}
