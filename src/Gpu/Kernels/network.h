// Windows of perceptrons of any sizes on images, one lane at a time in a block of 256 threads: ImageMlpBatch, MlpNetwork and
// SoftmaxCrossEntropy of src/Tasks/Images with an optimizer of src/Tasks/Optimizers. Sums in the CPU's order, none split.
#pragma once
#include "adafac.h"
#include "order.h"
#include "rules.h"
#include "segment.h"
#include "sizes.h"

constexpr int SmallestNetwork = 1024;  // KeyedPermutation.SmallestNetwork: fewer examples are shuffled
constexpr int SplitShift = 24;         // BatchOrder: each split owns this many blocks of a step's stream

struct NetworkWindow {
  const NetworkShape* shape;
  const Work* works;
  const Segment* segments;
  const float *constants, *starts;  // [row][arm][shape.constants]; [start][shape.padded]
  float* lanes;                     // [lane][stride]: what a saved state holds, then the flag of a frozen lane
  const uint8_t *pixels, *labels;
  const Split* splits;  // by src/Tasks' DataSplit
  double* losses;
  float* scratch;
  int64_t stride, arms, count;  // floats from lane to lane; lanes of a pair; works
};

// What a block has for itself. Of the batch in shared memory where it fits, else in the block's part of the scratch.
template <int R, bool Shared, class Sizes> struct Room {
  float* panels;
  double* sums;    // 8
  uint32_t* keys;  // 8 of the data order
  int* bad;        // whether the lane has a parameter that is not finite
  float *values, *lossOf;
  int *label, *index;
  float* gradient;
  int* order;  // two orders of few examples
  // Bytes of shared memory: 4 (Tiles<R>::Panels + 32), and 4 (activations + 3 batch) more where they are there.
  DEVICE Room(const NetworkShape& shape, const Sizes& sizes, float* scratch)
      : panels(dynamic_shared<float>()), sums((double*)(panels + Tiles<R>::Panels)), keys((uint32_t*)(sums + 8)), bad((int*)(keys + 8)),
        values(Shared ? panels + Tiles<R>::Panels + 32 : scratch + shape.padded + 2 * SmallestNetwork), lossOf(values + sizes.activations()),
        label((int*)(lossOf + sizes.batch())), index(label + sizes.batch()), gradient(scratch), order((int*)(scratch + shape.padded)) {}
};

template <int R, bool Shared, class Sizes = AnySizes> struct NetworkLane {
  using T = Tiles<R>;
  const NetworkWindow& w;
  const NetworkShape& shape;
  const Sizes sizes;
  const Room<R, Shared, Sizes> room;
  const uint32_t t;
  const Segment* segment;
  float *parameters, *state;
  const float* constants;
  uint32_t epochs[2];  // whose orders are in room.order

  DEVICE NetworkLane(const NetworkWindow& window)
      : w(window), shape(*window.shape), sizes(*window.shape), room(*window.shape, sizes, window.scratch + (size_t)block_x() * window.shape->scratch),
        t(thread_x()) {}

  // ---- the batch -----------------------------------------------------------------------------------------------------
  // CounterStream.Integer: by multiplication of 64 random bits.
  DEVICE uint32_t integer(uint32_t number, uint32_t limit, uint32_t epoch, uint32_t stream) const {
    Words q = philox(number >> 1, epoch, segment->trajectory, segment->pair + stream, segment->seed0, segment->seed1);
    uint32_t low = number & 1 ? q.w2 : q.w0, high = number & 1 ? q.w3 : q.w1;
    return (uint32_t)(((uint64_t)high * limit + (((uint64_t)low * limit) >> 32)) >> 32);
  }
  // KeyedPermutation.Shuffle; the numbers are drawn by all threads, the swaps are one thread's.
  DEVICE void shuffle(int count, uint32_t epoch, uint32_t stream, int split, int* to) {
    static_assert(T::Panels >= 2 * SmallestNetwork, "the panels hold numbers and order");
    int *order = (int*)room.panels, *drawn = order + SmallestNetwork;
    for (int i = t; i < count; i += Threads) drawn[i] = integer((2u * split << SplitShift) + i, i + 1, epoch, stream);
    __syncthreads();
    if (t == 0)
      for (int i = 0; i < count; i++) {
        order[i] = order[drawn[i]];
        order[drawn[i]] = i;
      }
    __syncthreads();
    for (int i = t; i < count; i += Threads) to[i] = order[i];
    __syncthreads();
  }
  // Fills the batch; kept: which of the two kept orders is this stream's.
  DEVICE void prepare(uint32_t step, uint32_t stream, int split, int kept) {
    const Split part = w.splits[split];
    const int batch = sizes.batch();
    const uint32_t per = part.count / batch, epoch = step / per, first = step % per * batch;
    if (part.count >= SmallestNetwork) {
      if (t < 2) {
        Words q = philox(((uint32_t)split << SplitShift) + t, epoch, segment->trajectory, segment->pair + stream, segment->seed0, segment->seed1);
        uint32_t* keys = room.keys + 4 * t;
        keys[0] = q.w0;
        keys[1] = q.w1;
        keys[2] = q.w2;
        keys[3] = q.w3;
      }
      __syncthreads();
      const int half = half_bits(part.count);
      for (int b = t; b < batch; b += Threads) room.index[b] = part.first + example_at(first + b, half, part.count, room.keys);
    } else {
      int* order = room.order + kept * SmallestNetwork;
      if (epochs[kept] != epoch) {
        shuffle(part.count, epoch, stream, split, order);
        epochs[kept] = epoch;
      }
      for (int b = t; b < batch; b += Threads) room.index[b] = part.first + order[first + b];
    }
    __syncthreads();
    for (int b = t; b < batch; b += Threads) room.label[b] = w.labels[room.index[b]];
    const int width = sizes.width(Known<0>()), row = sizes.row();
    for (int e = t; e < width * batch; e += Threads) {
      int i = e / batch, b = e % batch;
      room.values[i * row + b] = intensity(w.pixels[(size_t)room.index[b] * width + i]);
    }
    __syncthreads();
  }

  // ---- the network ---------------------------------------------------------------------------------------------------
  DEVICE void forward() const {
    sizes.forward([&](auto l) INLINE {
      const auto inputs = sizes.width(l);
      const auto outputs = sizes.width(after(l));
      const float *weights = parameters + sizes.weights(l), *biases = weights + (size_t)inputs * outputs;
      float* values = room.values + sizes.values(after(l));
      const int row = sizes.row();
      const bool hidden = after(l) < sizes.layers();
      T::product(
          Factor<false>{weights, outputs}, Factor<false>{room.values + sizes.values(l), row}, outputs, sizes.batch(), inputs, room.panels,
          [=](int unit) INLINE { return biases[unit]; },
          [=](int unit, int b, float sum) INLINE { values[unit * row + b] = hidden ? relu(sum) : sum; });
      __syncthreads();
    });
  }
  // Mean loss; the logits' gradient replaces the logits.
  DEVICE double loss() const {
    const int batch = sizes.batch(), row = sizes.row(), classes = sizes.width(sizes.layers()), logits = sizes.values(sizes.layers());
    for (int b = t; b < batch; b += Threads) {
      float* z = room.values + logits + b;
      const int mine = room.label[b];
      float largest = z[0], target = largest, sum = 0;
      for (int k = 1; k < classes; k++) {
        float logit = z[k * row];
        if (logit > largest) largest = logit;
        if (k == mine) target = logit;
      }
      for (int k = 0; k < classes; k++) {
        float odds = exp32(z[k * row] - largest);
        z[k * row] = odds;
        sum += odds;
      }
      const float weight = 1.f / batch, scale = weight / sum;
      for (int k = 0; k < classes; k++) z[k * row] = z[k * row] * scale - (k == mine ? weight : 0.f);
      room.lossOf[b] = log32(sum) - (target - largest);
    }
    __syncthreads();
    if (t < 8) {
      double q = 0;
      for (int b = t; b < batch; b += 8) q += room.lossOf[b];
      room.sums[t] = q;
    }
    __syncthreads();
    const double* s = room.sums;
    return (((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]))) / batch;
  }
  DEVICE void backward() const {
    sizes.backward([&](auto l) INLINE {
      const int row = sizes.row(), batch = sizes.batch();
      const auto inputs = sizes.width(l);
      const auto outputs = sizes.width(after(l));
      float *values = room.values + sizes.values(l), *gradient = room.gradient + sizes.weights(l);
      const float *signal = room.values + sizes.values(after(l)), *weights = parameters + sizes.weights(l);
      const int stride = outputs;
      T::product(
          Factor<true>{values, row}, Factor<true>{signal, row}, inputs, outputs, batch, room.panels, [](int) INLINE { return 0.f; },
          [=](int i, int o, float sum) INLINE { gradient[(size_t)i * stride + o] = sum; });
      for (int o = t; o < outputs; o += Threads) {
        float sum = 0;
        for (int b = 0; b < batch; b++) sum += signal[o * row + b];
        gradient[(size_t)inputs * outputs + o] = sum;
      }
      __syncthreads();
      if (l == 0) return;
      T::product(
          Factor<true>{weights, outputs}, Factor<false>{signal, row}, inputs, sizes.batch(), outputs, room.panels, [](int) INLINE { return 0.f; },
          [=](int i, int b, float sum) INLINE {
            float* at = values + i * row + b;
            *at = *at > 0 ? sum : 0.f;
          });
      __syncthreads();
    });
  }

  // ---- the optimizer -------------------------------------------------------------------------------------------------
  template <class Rule> DEVICE void element_wise() const {
    constexpr int Scalars = Rule::Scalars > 0 ? Rule::Scalars : 1;
    float* tail = state + Rule::Slots * shape.padded;
    float of_theta[Rule::Constants], scalars[Scalars];
    for (int i = 0; i < Rule::Constants; i++) of_theta[i] = constants[i];
    for (int i = 0; i < Rule::Scalars; i++) scalars[i] = tail[i];
    const typename Rule::Scales scales = Rule::begin(of_theta, scalars);
    for (int i = t; i < sizes.count(); i += Threads) Rule::update(parameters[i], state + i, shape.padded, room.gradient[i], scales);
    if (Rule::Scalars == 0) return;
    __syncthreads();
    if (t == 0)
      for (int i = 0; i < Rule::Scalars; i++) tail[i] = scalars[i];
  }
  DEVICE LearnedLane learned() const { return {shape, parameters, state, room.gradient, constants, room.panels, room.gradient, t, 0}; }
  DEVICE void update() const {
    switch (shape.rule) {
      case Adam: element_wise<AdamRule>(); break;
      case Sgd: element_wise<SgdRule>(); break;
      case Momentum: element_wise<MomentumRule>(); break;
      case Nesterov: element_wise<NesterovRule>(); break;
      case RmsProp: element_wise<RmsPropRule>(); break;
      case Mlp: LearnedRule<MlpFeatures, BlockTeam>::template update<32, 2, Sizes::HasAnyOptimizer>(learned()); break;
      case AdafacMlp: LearnedRule<AdafacFeatures, BlockTeam>::template update<4, 2, Sizes::HasAnyOptimizer>(learned()); break;
    }
    __syncthreads();
  }

  // ---- the steps -----------------------------------------------------------------------------------------------------
  // Whether all parameters are finite; a ReLU may hide one that is not.
  DEVICE bool finite() const {
    if (t == 0) *room.bad = 0;
    __syncthreads();
    float check = 0;
    for (int i = t; i < sizes.count(); i += Threads) check = fma32(parameters[i], 0.f, check);
    if (!(check == 0.f)) *room.bad = 1;
    __syncthreads();
    bool all = *room.bad == 0;
    __syncthreads();
    return all;
  }
  DEVICE double loss_of(bool isFinite) const {
    if (!isFinite) return NAN;
    forward();
    return loss();
  }
  // A trajectory that begins: the call's initial parameters, zeros behind them.
  DEVICE void begin() const {
    const float* start = w.starts + (size_t)segment->start * shape.padded;
    for (int i = t; i < shape.length; i += Threads) parameters[i] = i < shape.count ? start[i] : 0.f;
    __syncthreads();
  }
  DEVICE void run(int lane, int arm) {
    parameters = w.lanes + lane * w.stride;
    state = parameters + shape.padded;
    constants = w.constants + (segment->row * w.arms + arm) * shape.constants;
    epochs[0] = epochs[1] = 0xFFFFFFFFu;
    int* frozen = (int*)parameters + shape.length;
    const int time = segment->time;
    if (segment->start >= 0) begin();
    bool alive = time == Evaluation || segment->start >= 0 || *frozen == 0, isFinite = finite();
    for (int s = 0; s < segment->steps; s++) {
      double mean = NAN;
      if (alive) {
        const uint32_t step = segment->firstStep + s;
        prepare(step, time == Evaluation ? EvaluationDataOrder : DataOrder, time == Evaluation ? segment->split : 0, 0);
        mean = loss_of(isFinite);
        if (time != Evaluation && mean - mean == 0) {
          backward();
          update();
          isFinite = finite();
          if (time == OnSplitAfterUpdate) prepare(step, MetaDataOrder, segment->split, 1);
          if (time != BeforeUpdate) mean = loss_of(isFinite);
        }
        alive = time == Evaluation || mean - mean == 0;
      }
      if (t == 0) w.losses[segment->losses + s * w.arms + arm] = mean;
    }
    __syncthreads();
    if (t == 0 && time != Evaluation) *frozen = alive ? 0 : 1;
    __syncthreads();
  }
  DEVICE static void run(const NetworkWindow& window) {
    NetworkLane lane(window);
    for (int i = block_x(); i < window.count; i += grid_blocks()) {
      const Work work = window.works[i];
      for (int k = 0; k < work.count; k++) {
        lane.segment = window.segments + work.first + k;
        lane.run(work.lane, work.arm);
      }
    }
  }
};

// What every kernel of the networks is given.
#define NETWORK_PARAMETERS                                                                                                                        \
  const NetworkShape *shape, const Work *works, const Segment *segments, const float *constants, const float *starts, float *lanes,       \
      const uint8_t *pixels, const uint8_t *labels, const Split *splits, double *losses, float *scratch, long long stride, long long arms, \
      long long count
#define NETWORK_WINDOW \
  { shape, works, segments, constants, starts, lanes, pixels, labels, splits, losses, scratch, stride, arms, count }
// A kernel for a network of two hidden layers whose sizes the compiler knows and its name tells. The list of them, and when they are
// used: Networks/NetworkKernel.cs. Activations are in shared memory where a block of a large card may have as much.
template <class Sizes> constexpr bool fits_shared() {
  return sizeof(float) * (Tiles<8>::Panels + 32 + Sizes::values_of(Sizes::Layers + 1) + 3 * Sizes::Examples) <= 227 * 1024;
}
#define COMMON_NETWORK(inputs, first, second, classes, batch)                                                 \
  KERNEL(network_##inputs##_##first##_##second##_##classes##_##batch, 256, 1)(NETWORK_PARAMETERS) {            \
    using Sizes = FixedSizes<batch, inputs, first, second, classes>;                                          \
    NetworkLane<8, fits_shared<Sizes>(), Sizes>::run(NETWORK_WINDOW);                                         \
  }
