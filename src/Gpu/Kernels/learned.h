// The learned optimizers of src/Tasks/Optimizers on the lane of a block: features of each parameter, divided by their root mean
// squares over the tensor, through a small network to a step (ElementRule, OptimizerNetwork, SquareSum). mlp's features are here,
// those of adafac-mlp in adafac.h.
#pragma once
#include "portable.h"
#include "product.h"
#include "shape.h"

constexpr int SquareBlock = 64, SquarePartials = 16;  // SquareSum: elements of a block, partial sums of it
constexpr int TimeFeatures = 11;

// The threads of a lane: all of a block, or T of them that wait for each other by a barrier of their own.
struct BlockTeam {
  static constexpr int Threads = ::Threads;
  DEVICE static void wait(int) { __syncthreads(); }
};
template <int T> struct LaneTeam {
  static constexpr int Threads = T;
  DEVICE static void wait(int team) { named_barrier<T>(team + 1); }
};

// What the optimizer of a block sees of its lane.
struct LearnedLane {
  const NetworkShape& shape;
  float *parameters, *state;
  const float *gradient, *constants;  // theta, after what the host worked out of it
  float *panels, *scratch;            // in shared memory, SharedFloats of them; the lane's part of the scratch
  uint32_t t;
  int team;
};
constexpr int SharedFloats = Tiles<4>::Panels;

// A tensor of the lane: [x, y], or a vector of x and y = 0. Where its blocks of squares begin, its factored averages, its tables.
struct Tensor {
  int offset, length, x, y, block, factored, tables;
  DEVICE int blocks() const { return (length + SquareBlock - 1) / SquareBlock; }
  DEVICE int sides() const { return x + y; }
};
#ifdef ONE_VECTOR
// All parameters are one vector.
struct Tensors {
  int index = 0;
  Tensor now;
  DEVICE Tensors(const NetworkShape& shape) : now{0, shape.count, shape.count, 0, 0, 0, 0} {}
  DEVICE int count() const { return 1; }
  DEVICE void next() { index++; }
  DEVICE void to_element(int) {}
  DEVICE void to_block(int) {}
};
#else
struct Tensors {
  const NetworkShape& shape;
  int index = 0;
  Tensor now;
  DEVICE Tensors(const NetworkShape& s) : shape(s), now{0, s.layer[0].width * s.layer[1].width, s.layer[0].width, s.layer[1].width, 0, 0, 0} {}
  DEVICE int count() const { return 2 * shape.layers; }
  DEVICE void next() {
    const int averages = 3 * now.sides(), tables = now.y > 0 ? 6 * now.sides() : 0;
    index++;
    const int in = shape.layer[index / 2].width, out = shape.layer[index / 2 + 1].width;
    const bool matrix = index % 2 == 0;
    now = {now.offset + now.length, matrix ? in * out : out, matrix ? in : out, matrix ? out : 0, now.block + now.blocks(), now.factored + averages, now.tables + tables};
  }
  // To the tensor of an element of the lane, or of a block of squares; both only go on.
  DEVICE void to_element(int i) { while (i >= now.offset + now.length) next(); }
  DEVICE void to_block(int b) { while (b >= now.block + now.blocks()) next(); }
};
#endif

// MlpFeatures: gradient, value and six momenta. An element is counted within the lane.
struct MlpFeatures {
  static constexpr int Count = 8, Constants = 0;
  DEVICE static void add(const LearnedLane& lane, int i, float g) {
    const float rates[6] = {0.9f, 0.5f, 0.1f, 0.01f, 0.001f, 0.0001f};
#pragma unroll
    for (int d = 0; d < 6; d++) {
      float* m = lane.state + d * lane.shape.padded + i;
      *m = fma32(g - *m, rates[d], *m);
    }
  }
  template <class Team> DEVICE static void prepare(const LearnedLane& lane) {
    for (int i = lane.t; i < lane.shape.count; i += Team::Threads) add(lane, i, lane.gradient[i]);
    Team::wait(lane.team);
  }
  // An element of the padding, whose gradient is 0.
  DEVICE static void pad(const LearnedLane& lane, int i) { add(lane, i, 0.f); }
  DEVICE static void of(const LearnedLane& lane, const Tensor&, int i, float (&x)[Count]) {
    x[0] = lane.gradient[i];
    x[1] = lane.parameters[i];
#pragma unroll
    for (int d = 0; d < 6; d++) x[2 + d] = lane.state[d * lane.shape.padded + i];
  }
  DEVICE static float* iteration(const LearnedLane& lane) { return lane.state + 6 * lane.shape.padded; }
};

template <class Features, class Team> struct LearnedRule {
  static constexpr int F = Features::Count, Threads = Team::Threads;

  DEVICE static double* totals(const LearnedLane& lane) { return (double*)(lane.scratch + lane.shape.totals); }  // [feature][block]
  DEVICE static float* scales(const LearnedLane& lane) { return lane.scratch + lane.shape.scales; }              // [tensor][feature]
  DEVICE static const float* weights(const LearnedLane& lane) { return lane.constants + Features::Constants; }

  // 1 / root(1e-5 + mean square over the tensor) of each feature, squares in blocks of 64 with 16 partial sums each.
  DEVICE static void take_scales(const LearnedLane& lane) {
    const int blocks = lane.shape.squareBlocks, mine = lane.t / SquarePartials, partial = lane.t % SquarePartials;
    constexpr int AtOnce = Threads / SquarePartials, Chunk = 4;
    static_assert(F % Chunk == 0 && 2 * Chunk * Threads <= SharedFloats, "partial sums of four features in the panels");
    double* exchange = (double*)lane.panels;
    Tensors tensors(lane.shape);
    for (int first = 0; first < blocks; first += AtOnce) {
      double sums[F];
#pragma unroll
      for (int f = 0; f < F; f++) sums[f] = 0;
      const int block = first + mine;
      if (block < blocks) {
        tensors.to_block(block);
        const Tensor tensor = tensors.now;
        const int start = (block - tensor.block) * SquareBlock + partial;
#pragma unroll 1
        for (int e = start; e < tensor.length && e < start + SquareBlock; e += SquarePartials) {
          float x[F];
          Features::of(lane, tensor, tensor.offset + e, x);
#pragma unroll
          for (int f = 0; f < F; f++) sums[f] = __fma_rn(x[f], x[f], sums[f]);
        }
      }
#pragma unroll
      for (int f = 0; f < F; f += Chunk) {
        Team::wait(lane.team);
#pragma unroll
        for (int k = 0; k < Chunk; k++) exchange[k * Threads + lane.t] = sums[f + k];
        Team::wait(lane.team);
        if (lane.t < Chunk * AtOnce) {
          const int k = lane.t / AtOnce, at = lane.t % AtOnce;
          const double* q = exchange + k * Threads + at * SquarePartials;
          double quarters[4];
#pragma unroll
          for (int i = 0; i < 4; i++) quarters[i] = (q[i] + q[4 + i]) + (q[8 + i] + q[12 + i]);
          if (first + at < blocks) totals(lane)[(f + k) * blocks + first + at] = (quarters[0] + quarters[1]) + (quarters[2] + quarters[3]);
        }
      }
    }
    Team::wait(lane.team);
    Tensors all(lane.shape);
    for (int item = lane.t; item < all.count() * F; item += Threads) {
      while (all.index < item / F) all.next();
      double sum = 0;
      const double* from = totals(lane) + item % F * blocks + all.now.block;
      for (int b = 0; b < all.now.blocks(); b++) sum += from[b];
      scales(lane)[item] = (float)(1 / sqrt(1e-5 + sum / (double)all.now.length));
    }
    Team::wait(lane.team);
  }

  // The first layer's biases with the time features added (FoldTime); the features are handed on through shared memory.
  DEVICE static void fold_time(const LearnedLane& lane, float* biases, int outputs, float* features) {
    if (lane.t < TimeFeatures) {
      const double scale[TimeFeatures] = {1, 3, 10, 30, 100, 300, 1000, 3000, 10000, 30000, 100000};
      double mine = 0;
#pragma unroll
      for (int i = 0; i < TimeFeatures; i++) mine = (int)lane.t == i ? scale[i] : mine;
      const double x = *Features::iteration(lane) / mine - 1;
      features[lane.t] = (float)(1 - 2 / (portable_exp(2 * x) + 1));
    }
    Team::wait(lane.team);
    const float *w = weights(lane) + F * outputs, *b = w + TimeFeatures * outputs;
    for (int j = lane.t; j < outputs; j += Threads) {
      float sum = b[j];
      for (int i = 0; i < TimeFeatures; i++) sum = fma32(features[i], w[i * outputs + j], sum);
      biases[j] = sum;
    }
    Team::wait(lane.team);
  }
  DEVICE static float scaled(const LearnedLane& lane, int tensor, int f, float x) { return x * scales(lane)[tensor * F + f]; }
  DEVICE static void step(const LearnedLane& lane, int i, float direction, float magnitude) {
    lane.parameters[i] = lane.parameters[i] - lane.shape.stepMultiplier * direction * exp32(lane.shape.exponentMultiplier * magnitude);
  }

  // Two hidden layers of H units: E elements in a thread, weights in shared memory, the first layer in registers.
  template <int H, int E> DEVICE static void two_layers(const LearnedLane& lane) {
    constexpr int C = H < 8 ? H : 8;
    constexpr int W0 = 0, B0 = F * H, W1 = B0 + H, B1 = W1 + H * H, W2 = B1 + H, B2 = W2 + 2 * H, Length = B2 + 2;
    static_assert(Length + TimeFeatures + 1 <= SharedFloats && H % 4 == 0, "weights in the panels");
    float* w = lane.panels;
    const float* theta = weights(lane);
    fold_time(lane, w + B0, H, w + Length);
    for (int i = lane.t; i < F * H; i += Threads) w[W0 + i] = theta[i];
    for (int i = lane.t; i < Length - W1; i += Threads) w[W1 + i] = theta[(F + TimeFeatures + 1) * H + i];
    Team::wait(lane.team);
    Tensors tensors(lane.shape);
#pragma unroll 1
    for (int first = 0; first < lane.shape.count; first += E * Threads) {
      float h[H][E];
#pragma unroll
      for (int j = 0; j < H; j++)
#pragma unroll
        for (int e = 0; e < E; e++) h[j][e] = w[B0 + j];
      float x[E][F];
#pragma unroll
      for (int e = 0; e < E; e++) {
        const int i = first + e * Threads + lane.t;
        if (i < lane.shape.count) {
          tensors.to_element(i);
          Features::of(lane, tensors.now, i, x[e]);
#pragma unroll
          for (int f = 0; f < F; f++) x[e][f] = scaled(lane, tensors.index, f, x[e][f]);
        } else {
#pragma unroll
          for (int f = 0; f < F; f++) x[e][f] = 0;
        }
      }
#pragma unroll
      for (int f = 0; f < F; f++)
#pragma unroll
        for (int j = 0; j < H; j += 4) {
          float4 q = *(const float4*)(w + W0 + f * H + j);
#pragma unroll
          for (int e = 0; e < E; e++) {
            h[j][e] = fma32(q.x, x[e][f], h[j][e]);
            h[j + 1][e] = fma32(q.y, x[e][f], h[j + 1][e]);
            h[j + 2][e] = fma32(q.z, x[e][f], h[j + 2][e]);
            h[j + 3][e] = fma32(q.w, x[e][f], h[j + 3][e]);
          }
        }
      float direction[E], magnitude[E];
#pragma unroll
      for (int e = 0; e < E; e++) {
        direction[e] = w[B2];
        magnitude[e] = w[B2 + 1];
#pragma unroll
        for (int j = 0; j < H; j++) h[j][e] = relu(h[j][e]);
      }
#pragma unroll 1
      for (int c = 0; c < H; c += C) {
        float a[C][E];
#pragma unroll
        for (int j = 0; j < C; j++)
#pragma unroll
          for (int e = 0; e < E; e++) a[j][e] = w[B1 + c + j];
#pragma unroll
        for (int i = 0; i < H; i++)
#pragma unroll
          for (int j = 0; j < C; j += 4) {
            float4 q = *(const float4*)(w + W1 + i * H + c + j);
#pragma unroll
            for (int e = 0; e < E; e++) {
              a[j][e] = fma32(q.x, h[i][e], a[j][e]);
              a[j + 1][e] = fma32(q.y, h[i][e], a[j + 1][e]);
              a[j + 2][e] = fma32(q.z, h[i][e], a[j + 2][e]);
              a[j + 3][e] = fma32(q.w, h[i][e], a[j + 3][e]);
            }
          }
#pragma unroll
        for (int j = 0; j < C; j++)
#pragma unroll
          for (int e = 0; e < E; e++) {
            const float u = relu(computed(a[j][e]));
            direction[e] = fma32(w[W2 + 2 * (c + j)], u, direction[e]);
            magnitude[e] = fma32(w[W2 + 2 * (c + j) + 1], u, magnitude[e]);
          }
      }
#pragma unroll
      for (int e = 0; e < E; e++) {
        const int i = first + e * Threads + lane.t;
        if (i < lane.shape.count) step(lane, i, direction[e], magnitude[e]);
      }
    }
  }

  // Any sizes: an element in a thread, its activations in the scratch, [2][widest][thread].
  DEVICE static void any_layers(const LearnedLane& lane) {
    const int hidden = lane.shape.hiddenSize, layers = lane.shape.hiddenLayers;
    int widest = hidden > F ? hidden : F;
    float *even = lane.scratch + lane.shape.learned + lane.t, *odd = even + (size_t)widest * Threads;
    float* biases = lane.scratch + lane.shape.learned + (size_t)2 * widest * Threads;
    fold_time(lane, biases, layers > 0 ? hidden : 2, lane.panels);
    Tensors tensors(lane.shape);
    for (int i = lane.t; i < lane.shape.count; i += Threads) {
      tensors.to_element(i);
      float x[F];
      Features::of(lane, tensors.now, i, x);
#pragma unroll
      for (int f = 0; f < F; f++) even[f * Threads] = scaled(lane, tensors.index, f, x[f]);
      float *from = even, *to = odd;
      const float* w = weights(lane);
      int inputs = F, rows = F + TimeFeatures;
      for (int l = 0; l <= layers; l++) {
        const int outputs = l < layers ? hidden : 2;
        const float* b = l == 0 ? biases : w + (size_t)rows * outputs;
        for (int j = 0; j < outputs; j++) {
          float sum = b[j];
          for (int n = 0; n < inputs; n++) sum = fma32(w[(size_t)n * outputs + j], from[n * Threads], sum);
          to[j * Threads] = l < layers ? relu(sum) : sum;
        }
        w += (size_t)(rows + 1) * outputs;
        inputs = rows = outputs;
        float* other = from;
        from = to;
        to = other;
      }
      step(lane, i, from[0], from[Threads]);
    }
  }

  // Any: for other sizes of the optimizer's network too, not only two hidden layers of H.
  template <int H, int E, bool Any = true> DEVICE static void update(const LearnedLane& lane) {
    Features::template prepare<Team>(lane);
    take_scales(lane);
    if (!Any || (lane.shape.hiddenSize == H && lane.shape.hiddenLayers == 2)) two_layers<H, E>(lane);
    else any_layers(lane);
    Team::wait(lane.team);
    if (lane.t == 0) *Features::iteration(lane) = *Features::iteration(lane) + 1;
  }
};
