// Sums of squares around a centre by the element-wise optimizers, one lane per thread: as src/Tasks/InnerTasks/QuadraticKernel.cs.
// Of few dimensions everything is in registers during a window; of more it stays in the lane's memory.
#pragma once
#include "portable.h"
#include "rules.h"

// The segments of one pair.
struct QuadraticJob {
  int32_t pair, first, count, padding;
};
struct QuadraticSegment {
  int32_t steps;
  int32_t fresh;   // which initial parameters its lanes begin a trajectory with; -1: they go on
  int32_t loaded;  // which whole states its lanes begin with; -1: their own
  int32_t centre;  // which centre its trajectory has; -1: the one before
  int32_t frozen;  // which of its lanes are frozen, one bit each; -1: as they were
  int32_t after;   // 1: losses are measured behind the update
  int64_t losses;  // where they go: that of step s and arm a to losses + s * arms + a
};

// A launch's arrays. The numbers of a lane stand in a column of the state: parameters and one element of padding, each slot
// likewise, scalars; behind what a saved state has, the centre.
struct QuadraticWindow {
  const QuadraticJob* jobs;
  const QuadraticSegment* segments;
  const float* thetas;   // [segment, arm, theta]
  const float* fresh;    // [fresh, element], drawn by initial.cu
  const float* loaded;   // [loaded, arm, number]
  const float* centres;  // [centre, element], likewise
  float* state;          // [number, pair, arm]
  double* losses;
  int64_t arms, lanes, elements;
};

// ---- what an update takes from theta (the packed rules' Prepare) --------------------------------------------------------
DEVICE float rate_of(float logarithm) { return (float)portable_exp(logarithm); }
template <typename Rule> struct QuadraticTheta;
template <> struct QuadraticTheta<AdamRule> {
  static constexpr int Length = 4;
  DEVICE static void prepare(const float* theta, float (&constants)[4]) {
    for (int i = 0; i < 4; i++) constants[i] = rate_of(theta[i]);
  }
};
template <> struct QuadraticTheta<SgdRule> {
  static constexpr int Length = 1;
  DEVICE static void prepare(const float* theta, float (&constants)[1]) { constants[0] = -rate_of(theta[0]); }
};
template <> struct QuadraticTheta<MomentumRule> {
  static constexpr int Length = 2;
  DEVICE static void prepare(const float* theta, float (&constants)[2]) {
    constants[0] = -rate_of(theta[0]);
    constants[1] = 1 - rate_of(theta[1]);
  }
};
template <> struct QuadraticTheta<NesterovRule> : QuadraticTheta<MomentumRule> {};
template <> struct QuadraticTheta<RmsPropRule> {
  static constexpr int Length = 2;
  DEVICE static void prepare(const float* theta, float (&constants)[2]) {
    constants[0] = rate_of(theta[0]);
    constants[1] = rate_of(theta[1]);
  }
};

// Padding stays zero unless one of these is not finite (the packed rules' LeavesZeros).
DEVICE bool are_finite(const AdamRule::Scales& s) {
  return (s.size - s.size) + (s.rate1 - s.rate1) + (s.rate2 - s.rate2) + (s.inverse2 - s.inverse2) + (s.epsilon - s.epsilon) == 0;
}
DEVICE bool are_finite(const SgdRule::Scales& s) { return s.step - s.step == 0; }
DEVICE bool are_finite(const MomentumRule::Scales& s) { return (s.step - s.step) + (s.momentum - s.momentum) == 0; }
DEVICE bool are_finite(const RmsPropRule::Scales& s) { return (s.size - s.size) + (s.rate - s.rate) == 0; }

// ---- a lane's memory --------------------------------------------------------------------------------------------------
template <typename Rule> struct LaneColumn {
  static constexpr int Slots = Rule::Slots, Scalars = Rule::Scalars;
  float* at;
  int64_t lanes, elements;

  DEVICE int64_t numbers() const { return (1 + Slots) * (elements + 1) + Scalars; }
  DEVICE float& number(int64_t i) const { return at[i * lanes]; }
  DEVICE float& parameter(int64_t i) const { return number(i); }
  DEVICE float& slot(int k, int64_t i) const { return number((1 + k) * (elements + 1) + i); }
  DEVICE float& scalar(int i) const { return number((1 + Slots) * (elements + 1) + i); }
  DEVICE float& centre(int64_t i) const { return number(numbers() + i); }

  DEVICE void begin(const float* parameters) const {
    for (int64_t i = 0; i < numbers(); i++) number(i) = i < elements ? parameters[i] : 0.f;
  }
  DEVICE void load(const float* numbers_) const {
    for (int64_t i = 0; i < numbers(); i++) number(i) = numbers_[i];
  }
  DEVICE void move_centre(const float* centre_) const {
    for (int64_t i = 0; i < elements; i++) centre(i) = centre_[i];
  }
  DEVICE void update(int64_t i, float gradient, const typename Rule::Scales& scales) const {
    float p = parameter(i), slots[Slots ? Slots : 1];
    for (int k = 0; k < Slots; k++) slots[k] = slot(k, i);
    Rule::update(p, slots, 1, gradient, scales);
    parameter(i) = p;
    for (int k = 0; k < Slots; k++) slot(k, i) = slots[k];
  }
};

// Elements in registers while D > 0, else where they are.
template <typename Rule, int D> struct LaneElements {
  static constexpr int Slots = Rule::Slots;
  float p[D], c[D], s[Slots ? Slots : 1][D];

  DEVICE void take(const LaneColumn<Rule>& column) {
#pragma unroll
    for (int i = 0; i < D; i++) {
      p[i] = column.parameter(i);
      c[i] = column.centre(i);
#pragma unroll
      for (int k = 0; k < Slots; k++) s[k][i] = column.slot(k, i);
    }
  }
  DEVICE void give(const LaneColumn<Rule>& column) const {
#pragma unroll
    for (int i = 0; i < D; i++) {
      column.parameter(i) = p[i];
#pragma unroll
      for (int k = 0; k < Slots; k++) column.slot(k, i) = s[k][i];
    }
  }
  DEVICE double loss(const LaneColumn<Rule>&) const {
    double sum = 0;
#pragma unroll
    for (int i = 0; i < D; i++) {
      double distance = p[i] - c[i];
      sum = __fma_rn(distance, distance, sum);
    }
    return sum;
  }
  DEVICE void update(const LaneColumn<Rule>&, const typename Rule::Scales& scales) {
#pragma unroll
    for (int i = 0; i < D; i++) {
      float distance = p[i] - c[i];
      Rule::update(p[i], &s[0][i], D, distance + distance, scales);
    }
  }
};
template <typename Rule> struct LaneElements<Rule, 0> {
  DEVICE void take(const LaneColumn<Rule>&) {}
  DEVICE void give(const LaneColumn<Rule>&) const {}
  DEVICE double loss(const LaneColumn<Rule>& column) const {
    double sum = 0;
    for (int64_t i = 0; i < column.elements; i++) {
      double distance = column.parameter(i) - column.centre(i);
      sum = __fma_rn(distance, distance, sum);
    }
    return sum;
  }
  DEVICE void update(const LaneColumn<Rule>& column, const typename Rule::Scales& scales) {
    for (int64_t i = 0; i < column.elements; i++) {
      float distance = column.parameter(i) - column.centre(i);
      column.update(i, distance + distance, scales);
    }
  }
};

// ---- a window ---------------------------------------------------------------------------------------------------------
template <typename Rule, int D> DEVICE void run_quadratic(const QuadraticWindow& window, int64_t index) {
  constexpr int Scalars = Rule::Scalars ? Rule::Scalars : 1, Theta = QuadraticTheta<Rule>::Length;
  int64_t arms = window.arms, arm = index % arms;
  QuadraticJob job = window.jobs[index / arms];
  LaneColumn<Rule> column{window.state + job.pair * arms + arm, window.lanes, D ? D : window.elements};
  LaneElements<Rule, D> lane;
  float constants[Rule::Constants], scalars[Scalars];
  bool frozen = false, after = false;
  int segment = job.first, left = 0;
  int64_t at = 0;
  double loss = 0;
  for (int i = 0; i < Rule::Scalars; i++) scalars[i] = column.scalar(i);
  for (int i = 0; i < Rule::Constants; i++) constants[i] = 0;
  lane.take(column);

  // Lanes whose segments end at different steps go on together.
  for (;;) {
    if (left == 0) {
      if (segment == job.first + job.count) break;
      QuadraticSegment next = window.segments[segment];
      if (next.fresh >= 0 || next.loaded >= 0 || next.centre >= 0) {
        lane.give(column);
        for (int i = 0; i < Rule::Scalars; i++) column.scalar(i) = scalars[i];
        if (next.fresh >= 0) column.begin(window.fresh + next.fresh * column.elements);
        if (next.loaded >= 0) column.load(window.loaded + (next.loaded * arms + arm) * column.numbers());
        if (next.centre >= 0) column.move_centre(window.centres + next.centre * column.elements);
        lane.take(column);
        for (int i = 0; i < Rule::Scalars; i++) scalars[i] = column.scalar(i);
      }
      if (next.frozen >= 0) frozen = (next.frozen >> arm) & 1;
      QuadraticTheta<Rule>::prepare(window.thetas + (segment * arms + arm) * Theta, constants);
      after = next.after != 0;
      at = next.losses + arm;
      left = frozen ? 0 : next.steps;
      segment++;
      if (left > 0) {
        loss = lane.loss(column);
        if (loss - loss != 0) {
          window.losses[at] = loss;
          frozen = true;
          left = 0;
        }
      }
    }
    if (left > 0) {
      if (!after) window.losses[at] = loss;
      typename Rule::Scales scales = Rule::begin(constants, scalars);
      lane.update(column, scales);
      if (!are_finite(scales)) column.update(column.elements, 0.f, scales);
      loss = lane.loss(column);
      if (after) window.losses[at] = loss;
      at += arms;
      left--;
      // The loss behind an update that is measured before the next one belongs to a step that is still to come.
      if (loss - loss != 0 && (after || left > 0)) {
        if (!after) window.losses[at] = loss;
        frozen = true;
        left = 0;
      }
    }
  }

  lane.give(column);
  for (int i = 0; i < Rule::Scalars; i++) column.scalar(i) = scalars[i];
}

#define QUADRATIC(name, Rule, dimensions)                                                                                         \
  KERNEL(name, 128, 1)                                                                                                            \
  (const QuadraticJob* jobs, const QuadraticSegment* segments, const float* thetas, const float* fresh, const float* loaded,      \
   const float* centres, float* state, double* losses, long long count, long long arms, long long lanes, long long elements) {    \
    int64_t index = (int64_t)block_x() * block_threads() + thread_x();                                                            \
    QuadraticWindow window{jobs, segments, thetas, fresh, loaded, centres, state, losses, arms, lanes, elements};                 \
    if (index < count * arms) run_quadratic<Rule, dimensions>(window, index);                                                     \
  }
// The dimensions that have a kernel of their own are those of Quadratics/QuadraticRule.cs.
#define QUADRATICS(name, Rule)             \
  QUADRATIC(quadratic_##name, Rule, 0)     \
  QUADRATIC(quadratic_##name##_2, Rule, 2)  \
  QUADRATIC(quadratic_##name##_5, Rule, 5)  \
  QUADRATIC(quadratic_##name##_10, Rule, 10) \
  QUADRATIC(quadratic_##name##_20, Rule, 20)
