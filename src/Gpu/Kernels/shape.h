// What all lanes of an unroll of network.h have in common; Networks/NetworkShape.cs fills it.
#pragma once
#include "gpu.h"

enum RuleKind { Adam = 0, Sgd = 1, Momentum = 2, Nesterov = 3, RmsProp = 4, Mlp = 5, AdafacMlp = 6 };

constexpr int MostLayers = 18;             // with that of the inputs

struct Layer {
  int32_t width, values, weights;  // units; first float among the block's activations; first float among the parameters
};
struct NetworkShape {
  int32_t layers, batch, row;       // layers of weights; examples; floats from one unit's activations to the next's
  int32_t count, padded, length;    // parameters; with padding; floats of a saved lane
  int32_t rule, constants;          // RuleKind; constants of an arm
  int32_t activations, scratch;     // floats of all activations; floats of a block's part of the scratch
  // Of a learned optimizer: its network, the lane's blocks of 64 squares, where its counter stands in the state, and where in the
  // block's scratch its sums, scales, tables and activations are.
  int32_t hiddenSize, hiddenLayers;
  float stepMultiplier, exponentMultiplier;
  int32_t squareBlocks, iteration, totals, scales, tables, learned;
  Layer layer[MostLayers];
};
// A part of the data set.
struct Split {
  int32_t first, count;
};

