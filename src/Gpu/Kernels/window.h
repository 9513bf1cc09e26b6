// The fused window of the default problem: 64-32-10 perceptron, batch 128, all steps in one launch.
//
// With a pair in a block, its two arms share one copy of the batch. Activations and signals of the batch go through shared
// memory once; each thread owns R x 4 weights of the first layer (and some others), whose gradient it never writes anywhere: it
// applies the optimizer to them at once. The optimizer's slots stand in global memory in the order of their owners: 16-byte
// loads, a group ahead. The next batch's bytes are loaded into registers before the weights' gradient, so their latency
// hides behind it.
#pragma once
#include "order.h"
#include "shape.h"
#include "window_step.h"

struct Window {
  const Work* works;
  const Segment* segments;
  const float *constants, *starts;  // [row][arm][constants]; [start][Padded]
  float* lanes;                     // [lane][stride]: what a saved state holds, then the flag of a frozen lane
  const uint8_t *pixels, *labels;   // of the train split
  double* losses;
  float* scratch;                   // of all lanes: as their optimizer has it
  int64_t stride, arms, examples;
  const NetworkShape* shape;  // for learned optimizers
};

// The steps of the lanes of a block. What a lane's optimizer does when a segment begins, at a step and at the end, and where its
// state is, Lane says: ElementWiseLane in window_lane.h, LearnedWindowLane in window_learned.h.
template <class Lane, int E> struct FusedWindow {
  using S = Shape<E>;
  static constexpr int T = S::T;

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
    Lane mine(w, lane, arm, segment->row);
    mine.open(start < 0 ? nullptr : w.starts + (size_t)start * Padded);
    bool alive = start >= 0 || *mine.frozen() == 0;
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
        mean = Lane::loss(o, g1);
        learns = mean - mean == 0;
      }
      if (o.t == 0) losses[s * w.arms] = mean;
      if (s + 1 < steps) fetch(s + 1, o);
      if (learns) mine.update(o, g1);
      else alive = false;
      __syncthreads();
      if (s + 1 < steps) store(o);
      __syncthreads();
    }
    mine.close();
    if (thread % T == 0) *mine.frozen() = alive ? 0 : 1;
  }
};
