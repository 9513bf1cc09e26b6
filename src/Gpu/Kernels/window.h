// The fused window of the default problem: 64-32-10 perceptron, batch 128, an element-wise optimizer; all steps in one launch.
//
// With a pair in a block, its two arms share one copy of the batch. Activations and signals of the batch go through shared
// memory once; each thread owns R x 4 weights of the first layer (and some others), whose gradient it never writes anywhere: it
// applies the optimizer to them at once. The optimizer's slots stand in global memory in the order of their owners: 16-byte
// loads, a group ahead. The next batch's bytes are loaded into registers before the weights' gradient, so their latency
// hides behind it.
#pragma once
#include "order.h"
#include "window_step.h"

struct Window {
  const Work* works;
  const Segment* segments;
  const float *constants, *starts;  // [row][arm][Rule::Constants]; [start][Padded]
  float* lanes;                     // [lane][stride]: what a saved state holds, then the flag of a frozen lane
  const uint8_t *pixels, *labels;   // of the train split
  double* losses;
  float* scratch;  // [lane][slot][quad][thread] of four floats
  int64_t stride, arms, examples;
};

template <class Rule, int E> struct FusedWindow : FusedStep<Rule, E> {
  using Step = FusedStep<Rule, E>;
  using typename Step::S;
  using typename Step::O;
  using Step::AtLeastOne;
  using Step::QUADS;
  using Step::Scalars;
  using Step::Slots;
  using Step::StateLength;
  using Step::T;

  // The segments of a block, one after the other.
  DEVICE static void run(const Window& w) {
    const Work work = w.works[block_x()];
#pragma unroll 1
    for (int i = 0; i < work.count; i++) run(w, work, w.segments + work.first + i);
  }

 private:
  DEVICE static void run(const Window& w, const Work& work, const Segment* segment) {
    const uint32_t thread = thread_x();
    const int lane = work.lane + thread / T, arm = work.arm + thread / T, start = segment->start;
    float* state = w.lanes + lane * w.stride;
    float4* own = (float4*)w.scratch + ((size_t)lane * Slots * QUADS * T + thread % T);  // [slot][quad][thread]
    open(w, state, start < 0 ? state : w.starts + (size_t)start * Padded, start < 0, own);
    float scalars[Scalars], constants[Rule::Constants];
#pragma unroll
    for (int i = 0; i < Rule::Scalars; i++) scalars[i] = start < 0 ? state[(1 + Slots) * Padded + i] : 0.f;
#pragma unroll
    for (int i = 0; i < Rule::Constants; i++) constants[i] = w.constants[(segment->row * w.arms + arm) * Rule::Constants + i];
    bool alive = start >= 0 || ((const int*)state)[StateLength] == 0;
    double* losses = w.losses + segment->losses + arm;
    const int first = segment->firstStep, steps = segment->steps;
    const uint32_t examples = (uint32_t)w.examples, per = examples / Batch;
    const int half = half_bits(examples);
    uint32_t epoch = 0xFFFFFFFFu;
    uint4 raw[4];
    int lab;

    auto fetch = [&](int s, const Places<E>& o) INLINE {  // by all threads of the block: place in the epoch, example, its bytes
      uint32_t step = first + s;
      if (step / per != epoch) {
        epoch = step / per;
        if (o.tid < 2) {
          Words k = philox(o.tid, epoch, segment->trajectory, segment->pair + DataOrder, segment->seed0, segment->seed1);
          ((uint4*)o.keys)[o.tid] = make_uint4(k.w0, k.w1, k.w2, k.w3);
        }
        __syncthreads();
      }
      uint32_t n = example_at(step % per * Batch + o.tid, half, examples, o.keys);
      const uint4* source = (const uint4*)(w.pixels + (size_t)n * In);
#pragma unroll
      for (int q = 0; q < 4; q++) raw[q] = __ldg(source + q);
      lab = w.labels[n];
    };
    auto store = [&](const Places<E>& o) INLINE {
#pragma unroll
      for (int q = 0; q < 4; q++)
#pragma unroll
        for (int i = 0; i < 16; i++) o.x[(q * 16 + i) * XS + o.tid] = intensity((word(raw[q], i / 4) >> (8 * (i % 4))) & 255u);
      o.label[o.tid] = lab;
    };

    {
      const Places<E> o(opaque(thread));
      fetch(0, o);
      store(o);
    }
    __syncthreads();
#pragma unroll 1
    for (int s = 0; s < steps; s++) {
      const Places<E> o(opaque(thread));
      double mean = NAN;
      bool learns = false;
      float g1[S::KQ];
      if (alive && o.bad[o.arm] == 0) {
        mean = Step::loss(o, g1);
        learns = mean - mean == 0;
      }
      if (o.t == 0) losses[s * w.arms] = mean;
      if (s + 1 < steps) fetch(s + 1, o);
      if (learns) Step::update(o, own, g1, constants, scalars);
      else alive = false;
      __syncthreads();
      if (s + 1 < steps) store(o);
      __syncthreads();
    }
    close(state, own, scalars, alive);
  }

  // From the lane's state, or from the initial parameters, into shared memory and the owners' order.
  DEVICE static void open(const Window& w, float* state, const float* parameters, bool goesOn, float4* own) {
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
    // A trajectory that begins has zeros in the padding, whatever stood there.
    if (!goesOn && t < Padded - Count)
      for (int m = 0; m <= Slots; m++) state[m * Padded + Count + t] = 0;
    if (!goesOn && t < StateLength - (1 + Slots) * Padded) state[(1 + Slots) * Padded + t] = 0;
  }

  // And back.
  DEVICE static void close(float* state, const float4* own, const float (&scalars)[Scalars], bool alive) {
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
      ((int*)state)[StateLength] = alive ? 0 : 1;
    }
  }
};
