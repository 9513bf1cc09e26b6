// A lane of the fused window whose optimizer is learned: its state and its parameters are where the lane is saved; what the
// products read of the parameters is copied to shared memory. The gradient goes through the scratch.
#pragma once
#include "adafac.h"
#include "window.h"

template <class Features, int H, int E> struct LearnedWindowLane : FusedStep<SgdRule, E> {
  using Step = FusedStep<SgdRule, E>;
  using typename Step::S;
  using typename Step::O;
  using Step::T;
  using Team = LaneTeam<T>;
  static_assert(SharedFloats <= Hidden * XS, "what the optimizer needs of shared memory is where the hidden layer was");

  LearnedLane lane;
  const int stateLength;

  DEVICE LearnedWindowLane(const Window& w, int number, int arm, int row)
      : lane{*w.shape, w.lanes + number * w.stride, w.lanes + number * w.stride + Padded, w.scratch + (size_t)number * w.shape->scratch,
             w.constants + (row * w.arms + arm) * w.shape->constants, Places<E>(thread_x()).h, w.scratch + (size_t)number * w.shape->scratch,
             (uint32_t)thread_x() % T, (int)((uint32_t)thread_x() % NT / T)},
        stateLength(w.shape->length) {}
  DEVICE int* frozen() const { return (int*)lane.parameters + stateLength; }

  // The lane's parameters into shared memory, or the initial ones of a trajectory that begins, with zeros behind them.
  DEVICE void open(const float* start) {
    const Places<E> o(opaque(thread_x()));
    if (start)
      for (int i = o.t; i < stateLength; i += T) lane.parameters[i] = i < Count ? start[i] : 0.f;
    if (o.t == 0) o.bad[o.arm] = 0;
    __syncthreads();
    share(o);
  }
  DEVICE void update(const Places<E>& o, const float (&g1)[S::KQ]) {
    float g[S::R][4], gb[S::BQ];
    Step::first_gradient(o, g, gb);
    float* gradient = lane.scratch;
#pragma unroll
    for (int s = 0; s < S::SLOTS; s++) {
      const int at = O::state(s, o.t);
      if (at >= 0) gradient[at] = Step::gradient_of(s, g, g1, gb);
    }
    Team::wait(lane.team);
    LearnedRule<Features, Team>::template update<H, (H >= 16 && E == 2 ? 4 : 2)>(lane);
    Team::wait(lane.team);
    share(o);
  }
  DEVICE void close() const {}

 private:
  DEVICE void share(const Places<E>& o) {
    float check = 0;
#pragma unroll
    for (int s = 0; s < S::SLOTS; s++) {
      const int at = O::state(s, o.t);
      if (at < 0) continue;
      const float p = lane.parameters[at];
      o.p[O::shared(s, o.t)] = p;
      check = fma32(p, 0.f, check);
    }
    if (!(check == 0.f)) o.bad[o.arm] = 1;
  }
};

// What every kernel of these windows is given.
#define LEARNED_PARAMETERS                                                                                                             \
  const Work *works, const Segment *segments, const float *constants, const float *starts, float *lanes, const uint8_t *pixels, \
      const uint8_t *labels, double *losses, float *scratch, long long stride, long long arms, long long examples, const NetworkShape *shape
#define LEARNED_WINDOW \
  { works, segments, constants, starts, lanes, pixels, labels, losses, scratch, stride, arms, examples, shape }
