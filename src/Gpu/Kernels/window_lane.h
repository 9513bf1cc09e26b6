// A lane of the fused window whose optimizer is element-wise: its parameters are in shared memory for the time of a segment, its
// slots in the scratch in the order of their owners.
#pragma once
#include "window.h"

template <class Rule, int E> struct ElementWiseLane : FusedStep<Rule, E> {
  using Step = FusedStep<Rule, E>;
  using typename Step::S;
  using typename Step::O;
  using Step::AtLeastOne;
  using Step::QUADS;
  using Step::Scalars;
  using Step::Slots;
  using Step::StateLength;
  using Step::T;

  float* state;
  float4* own;  // [slot][quad][thread]
  float scalars[Scalars], constants[Rule::Constants];

  DEVICE ElementWiseLane(const Window& w, int lane, int arm, int row)
      : state(w.lanes + lane * w.stride), own((float4*)w.scratch + ((size_t)lane * Slots * QUADS * T + thread_x() % T)) {
#pragma unroll
    for (int i = 0; i < Rule::Constants; i++) constants[i] = w.constants[(row * w.arms + arm) * Rule::Constants + i];
  }
  DEVICE int* frozen() const { return (int*)state + StateLength; }
  DEVICE void update(const Places<E>& o, const float (&g1)[S::KQ]) { Step::update(o, own, g1, constants, scalars); }

  // From the lane's state, or from the initial parameters of a trajectory that begins, into shared memory and the owners' order.
  DEVICE void open(const float* start) {
    const bool goesOn = !start;
    const float* parameters = goesOn ? state : start;
    const Places<E> o(opaque(thread_x()));
    const uint32_t t = o.t;
    if (t == 0) o.bad[o.arm] = 0;
    __syncthreads();
    bool wrong = false;
#pragma unroll
    for (int i = 0; i < QUADS; i++) {
      float slots[AtLeastOne][4];
#pragma unroll
      for (int j = 0; j < 4; j++) {
        int s = 4 * i + j, at = s < S::SLOTS ? O::state(s, t) : -1;
        if (at >= 0) {
          float q = parameters[at];
          o.p[O::shared(s, t)] = q;
          wrong |= !(q * 0.f == 0.f);
        }
#pragma unroll
        for (int m = 0; m < Slots; m++) slots[m][j] = goesOn && at >= 0 ? state[(1 + m) * Padded + at] : 0.f;
      }
#pragma unroll
      for (int m = 0; m < Slots; m++) own[(m * QUADS + i) * T] = make_float4(slots[m][0], slots[m][1], slots[m][2], slots[m][3]);
    }
    if (wrong) o.bad[o.arm] = 1;
#pragma unroll
    for (int i = 0; i < Rule::Scalars; i++) scalars[i] = goesOn ? state[(1 + Slots) * Padded + i] : 0.f;
    // A trajectory that begins has zeros in the padding, whatever stood there.
    if (!goesOn && t < Padded - Count)
      for (int m = 0; m <= Slots; m++) state[m * Padded + Count + t] = 0;
    if (!goesOn && t < StateLength - (1 + Slots) * Padded) state[(1 + Slots) * Padded + t] = 0;
  }

  // And back.
  DEVICE void close() {
    const Places<E> o(opaque(thread_x()));
#pragma unroll
    for (int i = 0; i < QUADS; i++) {
      float4 slots[AtLeastOne];
#pragma unroll
      for (int m = 0; m < Slots; m++) slots[m] = own[(m * QUADS + i) * T];
#pragma unroll
      for (int j = 0; j < 4; j++) {
        int s = 4 * i + j, at = s < S::SLOTS ? O::state(s, o.t) : -1;
        if (at >= 0) {
          state[at] = o.p[O::shared(s, o.t)];
#pragma unroll
          for (int m = 0; m < Slots; m++) state[(1 + m) * Padded + at] = j == 0 ? slots[m].x : j == 1 ? slots[m].y : j == 2 ? slots[m].z : slots[m].w;
        }
      }
    }
    if (o.t == 0) {
#pragma unroll
      for (int i = 0; i < Rule::Scalars; i++) state[(1 + Slots) * Padded + i] = scalars[i];
    }
  }
};

// The kernels of a rule: the default problem, 64-32-10 with batches of 128. Threads, lanes and shared bytes of a block:
// Networks/FusedLayout.cs.
#define ELEMENT_WISE_PARAMETERS                                                                                                \
  const Work *works, const Segment *segments, const float *constants, const float *starts, float *lanes, const uint8_t *pixels, \
      const uint8_t *labels, double *losses, float *scratch, long long stride, long long arms, long long examples
#define ELEMENT_WISE_ARGUMENTS \
  { works, segments, constants, starts, lanes, pixels, labels, losses, scratch, stride, arms, examples, nullptr }
#define ELEMENT_WISE_WINDOW(name, Rule)                                                                                               \
  KERNEL(window_##name##_pair, 128, 2)(ELEMENT_WISE_PARAMETERS) { FusedWindow<ElementWiseLane<Rule, 2>, 2>::run(ELEMENT_WISE_ARGUMENTS); } \
  KERNEL(window_##name##_lane, 128, 3)(ELEMENT_WISE_PARAMETERS) { FusedWindow<ElementWiseLane<Rule, 1>, 1>::run(ELEMENT_WISE_ARGUMENTS); }
