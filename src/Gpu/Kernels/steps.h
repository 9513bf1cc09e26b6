// Users' step functions: a program that src/Gpu/Steps made of a step, run by every thread for one lane, through all steps of a
// window. All threads of a block do the same instruction at the same time, each on numbers of its own.
#pragma once
#include "portable.h"

// What stands before the constants (as bits, padded to a multiple of four) and the instructions.
struct StepHeader {
  int32_t instructions, onceASegment, constants, slots, state, theta, tables, padding;
};
// The segments of one pair.
struct StepJob {
  int32_t pair, first, count, padding;
};
struct StepSegment {
  uint32_t seed0, seed1, trajectory, pair, firstStep;
  int32_t steps;
  int32_t initial;  // which initial states its lanes begin with; -1: they go on
  int32_t frozen;   // which of its lanes are frozen, one bit each; -1: as they were
  int64_t losses;   // where they go: that of step s and arm a to losses + s * arms + a
  int64_t tables;   // the first number that the host worked out for it
};

// Those of Steps/Operation.cs.
enum StepOperation {
  Constant, Theta, State, InnerStep, Normal, Uniform, Table, Add, Subtract, Multiply, Negate, Abs, IfLess, Move, Divide, Sqrt, Exp, Log, Sin,
  Cos, Tanh, Loss
};

// Where the numbers of a lane are: slot i at memory[column + i * stride], constants (operands with the highest bit) as well.
// In shared memory: constants at its beginning, and 32 bits are enough for a place.
struct SharedNumbers {
  float* memory;
  uint32_t column, stride;
  DEVICE float& slot(uint32_t i) const { return memory[column + i * stride]; }
  DEVICE float read(uint32_t operand) const { return memory[operand & 0x8000u ? operand & 0x7FFFu : column + operand * stride]; }
};
// In global memory: constants where the program is.
struct GlobalNumbers {
  float* values;
  const float* constants;
  int64_t stride;
  DEVICE float& slot(uint32_t i) const { return values[i * stride]; }
  DEVICE float read(uint32_t operand) const { return operand & 0x8000u ? constants[operand & 0x7FFFu] : values[operand * stride]; }
};

// What a step knows of its lane and key; and the block of random numbers that was drawn last: steps often ask for both halves.
// Places in arrays, not pointers: a pointer that is null at first makes clang forget which memory it points into.
struct LaneStep {
  int64_t theta, table, loss;
  uint32_t seed0, seed1, trajectory, pair, step;
  uint64_t drawn;
  Block block;
};

// A launch's arrays.
struct StepWindow {
  const StepHeader* program;
  const uint4* code;
  const StepJob* jobs;
  const StepSegment* segments;
  const float* thetas;    // [segment, arm, theta]
  const float* initials;  // [initial, arm, state]
  const float* tables;    // [step of a segment, table]
  float* state;           // [state, pair, arm]
  float* losses;
  int64_t arms, lanes;
};

DEVICE uint64_t random_bits(LaneStep& at, uint32_t stream, uint32_t index) {
  uint64_t wanted = ((uint64_t)stream << 32) | (index >> 1);
  if (at.drawn != wanted) {
    at.block = philox_block(index >> 1, at.step, at.trajectory, (at.pair << 8) | stream, at.seed0, at.seed1);
    at.drawn = wanted;
  }
  return (index & 1) == 0 ? at.block.first : at.block.second;
}

// Runs instructions; returns the step's loss, where one of them says it. Behind the last one stands one that is read and not run.
template <bool OnceASegment, typename Numbers>
DEVICE float instruct(const StepWindow& window, int first, int end, const Numbers& lane, LaneStep& at) {
  float loss = 0;
  uint4 next = __ldg(window.code + first);
  for (int i = first; i < end; i++) {
    uint4 word = next;
    next = __ldg(window.code + i + 1);
    float a = lane.read(word.y & 0xFFFFu), b = lane.read(word.y >> 16), result = a;
    uint32_t operation = word.x & 0xFFFFu;
    if (operation >= Add && operation <= Multiply) {
      float sum = a + b, difference = a - b, product = a * b;
      result = operation == Add ? sum : operation == Subtract ? difference : product;
    } else if (operation >= Negate && operation <= Move) {
      if (operation == IfLess) {
        float c = lane.read(word.z & 0xFFFFu), d = lane.read(word.z >> 16);
        result = a < b ? c : d;
      } else {
        result = operation == Negate ? -a : operation == Abs ? fabsf(a) : a;
      }
    } else if (operation == Divide) {
      result = a / b;
    } else if (operation == Exp) {
      result = (float)portable_exp(a);
    } else if (operation == Log) {
      result = (float)portable_log(a);
    } else if (operation == Sqrt) {
      result = sqrtf(a);
    } else if (operation == Sin || operation == Cos) {
      result = (float)of_quadrant(a, operation == Sin ? 0 : 1);
    } else if (operation == Tanh) {
      result = (float)portable_tanh(a);
    } else if (OnceASegment) {
      if (operation == Theta) result = window.thetas[at.theta + word.w];
    } else if (operation == Normal || operation == Uniform) {
      double uniform = uniform_of(random_bits(at, word.z, word.w));
      result = (float)(operation == Normal ? normal_quantile(uniform) : uniform);
    } else if (operation == InnerStep) {
      result = (float)at.step;
    } else if (operation == Table) {
      result = window.tables[at.table + word.w];
    } else if (operation == Loss) {
      loss = a;
      continue;
    }
    lane.slot(word.x >> 16) = result;
  }
  return loss;
}

template <typename Numbers> DEVICE void run_lane(const StepWindow& window, int64_t index, const Numbers& lane) {
  StepHeader program = *window.program;
  int64_t arms = window.arms, arm = index % arms;
  StepJob job = window.jobs[index / arms];
  float* state = window.state + job.pair * arms + arm;
  LaneStep at{};
  bool frozen = false;
  int segment = job.first, left = 0;
  for (int i = 0; i < program.state; i++) lane.slot(i) = state[i * window.lanes];

  // Lanes whose segments end at different steps go on together.
  for (;;) {
    if (left == 0) {
      if (segment == job.first + job.count) break;
      StepSegment next = window.segments[segment];
      if (next.initial >= 0) {
        const float* initial = window.initials + (next.initial * arms + arm) * program.state;
        for (int i = 0; i < program.state; i++) lane.slot(i) = initial[i];
      }
      if (next.frozen >= 0) frozen = (next.frozen >> arm) & 1;
      left = frozen ? 0 : next.steps;
      at.loss = next.losses + arm;
      at.theta = (segment * arms + arm) * program.theta;
      at.table = next.tables;
      at.seed0 = next.seed0;
      at.seed1 = next.seed1;
      at.trajectory = next.trajectory;
      at.pair = next.pair;
      at.step = next.firstStep;
      segment++;
      if (left > 0) instruct<true>(window, 0, program.onceASegment, lane, at);
    }
    if (left > 0) {
      at.drawn = ~(uint64_t)0;
      float value = instruct<false>(window, program.onceASegment, program.instructions, lane, at);
      window.losses[at.loss] = value;
      at.loss += arms;
      at.table += program.tables;
      at.step++;
      left--;
      if (value - value != 0) {
        frozen = true;
        left = 0;
      }
    }
  }

  for (int i = 0; i < program.state; i++) state[i * window.lanes] = lane.slot(i);
}
