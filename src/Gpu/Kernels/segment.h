// What the host uploads for a window: which steps of which pairs, and for each block which of them are its own. The same
// structs stand in Networks/WindowCall.cs.
#pragma once
#include "gpu.h"

enum RandomStream { ParameterInitialisation = 2, DataOrder = 5, MetaDataOrder = 6, EvaluationDataOrder = 7 };  // src/Tasks/Randomness/RandomStream.cs

// When a step's loss is measured; Evaluation: no step is made, and a lane that is frozen is measured too.
enum LossTime { BeforeUpdate = 0, SameBatchAfterUpdate = 1, OnSplitAfterUpdate = 2, Evaluation = 3 };

// Consecutive steps of one pair within one trajectory and under one theta.
struct Segment {
  uint32_t seed0, seed1, trajectory, pair;  // the pair's number << 8: the stream's number is added
  int32_t firstStep, steps;
  int32_t losses;  // loss of arm a at step s: losses + s * arms + a
  int32_t start;   // which of the call's initial parameters (initial.cu) a new trajectory begins with; -1: the pair goes on
  int32_t row;     // which of the call's constants the arms run under: [row][arm][constants]
  int32_t time;    // LossTime
  int32_t split;   // of the loss: first example and number of examples stand in the data set's table
  int32_t spare;
};

// The lanes of a block: segments [first, first + count), one after the other.
struct Work {
  int32_t lane, arm;  // of the block's first lane: number in the unroll, number in its pair
  int32_t first, count;
};
