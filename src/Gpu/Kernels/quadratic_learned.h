// Sums of squares around a centre by the learned optimizers, a lane in a block: as src/Tasks/InnerTasks/LaneUnroll.cs with
// QuadraticBatch.cs. Unlike lanes of quadratic.h, a lane stands as it is saved, and its centre behind it. An element is a thread's
// in the optimizer's network: of ten dimensions, 22 threads of a warp rest meanwhile.
#pragma once
#define ONE_VECTOR
#include "adafac.h"
#include "quadratic.h"

template <int T> struct VectorTeam {
  static constexpr int Threads = T;
  DEVICE static void wait(int) { __syncthreads(); }
};

// A network of two hidden layers of H units has a form of its own, in which a thread has E elements at once.
template <class Features, int H, int E, int T> struct LearnedQuadratic {
  using Team = VectorTeam<T>;
  const QuadraticWindow& w;
  const NetworkShape& shape;
  float* scratch;  // of the block: the gradient, then what the optimizer needs
  const int t;
  float *parameters, *centre;

  DEVICE LearnedQuadratic(const QuadraticWindow& window, const NetworkShape& s, float* all)
      : w(window), shape(s), scratch(all + (size_t)block_x() * s.scratch), t(thread_x()) {}

  DEVICE void set(float* to, int length, const float* from, int given) const {
    for (int i = t; i < length; i += T) to[i] = i < given ? from[i] : 0.f;
  }
  // One thread's sum, in the order of the elements, which all of them get.
  DEVICE double loss() const {
    double* shared = (double*)(dynamic_shared<float>() + SharedFloats);
    Team::wait(0);
    if (t == 0) {
      double sum = 0;
      for (int i = 0; i < shape.count; i++) {
        const double distance = parameters[i] - centre[i];
        sum = __fma_rn(distance, distance, sum);
      }
      *shared = sum;
    }
    Team::wait(0);
    return *shared;
  }
  DEVICE void update(const float* constants) const {
    for (int i = t; i < shape.count; i += T) {
      const float distance = parameters[i] - centre[i];
      scratch[i] = distance + distance;
    }
    Team::wait(0);
    const LearnedLane lane{shape, parameters, parameters + shape.padded, scratch, constants, dynamic_shared<float>(), scratch, (uint32_t)t, 0};
    // Averages of the padding, which are zero while their rates are finite.
    for (int i = shape.count + t; i < shape.padded; i += T) Features::pad(lane, i);
    LearnedRule<Features, Team>::template update<H, E>(lane);
  }

  DEVICE void run(int64_t index) {
    const int64_t arm = index % w.arms;
    const QuadraticJob job = w.jobs[index / w.arms];
    parameters = w.state + (job.pair * w.arms + arm) * (shape.length + shape.padded);
    centre = parameters + shape.length;
    bool frozen = false;
    for (int segment = job.first; segment < job.first + job.count; segment++) {
      const QuadraticSegment now = w.segments[segment];
      const float* constants = w.thetas + (segment * w.arms + arm) * shape.constants;
      Team::wait(0);
      if (now.fresh >= 0) set(parameters, shape.length, w.fresh + now.fresh * w.elements, shape.count);
      if (now.loaded >= 0) set(parameters, shape.length, w.loaded + (now.loaded * w.arms + arm) * shape.length, shape.length);
      if (now.centre >= 0) set(centre, shape.count, w.centres + now.centre * w.elements, shape.count);
      if (now.frozen >= 0) frozen = (now.frozen >> arm) & 1;
      for (int step = 0; step < now.steps && !frozen; step++) {
        double measured = loss();
        if (measured - measured == 0) {
          update(constants);
          if (now.after) measured = loss();
        }
        frozen = measured - measured != 0;
        if (t == 0) w.losses[now.losses + step * w.arms + arm] = measured;
      }
    }
    Team::wait(0);
  }
};

// Threads and shared bytes of a block: Quadratics/LearnedLanes.cs.
#define LEARNED_QUADRATIC(name, Features, H, E, T, blocks)                                                                           \
  KERNEL(name, T, blocks)                                                                                                            \
  (const QuadraticJob* jobs, const QuadraticSegment* segments, const float* thetas, const float* fresh, const float* loaded,         \
   const float* centres, float* state, double* losses, long long count, long long arms, long long lanes, long long elements,         \
   const NetworkShape* shape, float* scratch) {                                                                                      \
    QuadraticWindow window{jobs, segments, thetas, fresh, loaded, centres, state, losses, arms, lanes, elements};                    \
    LearnedQuadratic<Features, H, E, T> block(window, *shape, scratch);                                                              \
    for (int64_t index = block_x(); index < count * arms; index += grid_blocks()) block.run(index);                                  \
  }
// A warp has a lane of few elements, a large block one of many.
#define LEARNED_QUADRATICS(name, Features, H)                          \
  LEARNED_QUADRATIC(quadratic_##name##_warp, Features, H, 1, 32, 16)   \
  LEARNED_QUADRATIC(quadratic_##name##_block, Features, H, 2, 256, 2)
