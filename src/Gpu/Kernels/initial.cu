// What trajectories begin with, drawn before the window that they begin in: every number has a random number of its own, and so a
// thread draws the two of one block of Philox, for all arms of a pair. Launched by Problems/Initials.cs.
#include "portable.h"
#include "segment.h"
#include "shape.h"

// TruncatedNormal: cut off at +-2.
DEVICE double truncated_normal(double share) {
  constexpr double Below = 0.022750131948179207, Limit = 2;
  const double x = normal_quantile(Below + share * (1 - 2 * Below));
  return x < -Limit ? -Limit : x > Limit ? Limit : x;
}

// FanInWeights: number i of the stream is that of parameter i; biases are zero.
DEVICE float weight_of(const NetworkShape& shape, int i, uint64_t bits) {
  int l = 0;
  while (l + 1 < shape.layers && i >= shape.layer[l + 1].weights) l++;
  const int inputs = shape.layer[l].width;
  if (i - shape.layer[l].weights >= inputs * shape.layer[l + 1].width) return 0;
  return (float)(1 / sqrt((double)inputs) * truncated_normal(uniform_of(bits)));
}

// Parameters of perceptrons, [start][shape.padded]; starts: the segments that begin. So many blocks for each of them.
KERNEL(initial_weights, 128, 1)(const NetworkShape* shape, const Segment* segments, const int32_t* starts, float* values, long long blocks) {
  const int start = block_x() / (int)blocks, number = block_x() % (int)blocks * block_threads() + thread_x(), first = 2 * number;
  if (first >= shape->count) return;
  const Segment& key = segments[starts[start]];
  const Block drawn = philox_block(number, 0, key.trajectory, key.pair + ParameterInitialisation, key.seed0, key.seed1);
  float* to = values + (size_t)start * shape->padded + first;
  to[0] = weight_of(*shape, first, drawn.first);
  if (first + 1 < shape->count) to[1] = weight_of(*shape, first + 1, drawn.second);
}

// A vector of standard normal numbers: seed, trajectory, pair << 8 with the stream's number.
struct NormalKey {
  uint32_t seed0, seed1, trajectory, pair;
};

// Vectors of a length, [key][length]: CounterStream.FillNormal.
KERNEL(initial_normals, 128, 1)(const NormalKey* keys, float* values, long long length, long long blocks) {
  const int at = block_x() / (int)blocks, number = block_x() % (int)blocks * block_threads() + thread_x(), first = 2 * number;
  if (first >= length) return;
  const NormalKey key = keys[at];
  const Block drawn = philox_block(number, 0, key.trajectory, key.pair, key.seed0, key.seed1);
  float* to = values + at * length + first;
  to[0] = (float)normal_quantile(uniform_of(drawn.first));
  if (first + 1 < length) to[1] = (float)normal_quantile(uniform_of(drawn.second));
}
