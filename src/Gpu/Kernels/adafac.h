// The features of adafac-mlp (AdafacFeatures, FactoredMoments, FactoredSide, MeanSquares of src/Tasks/Optimizers).
#pragma once
#include "learned.h"

// Seven rates of averages, which the host works out of theta, stand before the network's weights.
struct AdafacFeatures {
  static constexpr int Count = 28, Constants = 7, Decays = 3, Rms = 3, FirstFactored = 4;

  DEVICE static float* factored(const LearnedLane& lane, const Tensor& tensor) { return lane.state + 4 * lane.shape.padded + tensor.factored; }
  DEVICE static float* iteration(const LearnedLane& lane) { return lane.state + lane.shape.iteration; }
  DEVICE static float inverse_root(float x) { return 1 / sqrtf(x); }
  DEVICE static float at_least(float x, float least) { return x < least ? least : x; }  // not a number stays it

  // A matrix [x, y] is averaged over its larger dimension (of equal ones y), which gives "rows", and over the other, "columns".
  struct Sides {
    int rows, columns;
    bool rowIsX;
    DEVICE Sides(const Tensor& tensor) : rows(tensor.x <= tensor.y ? tensor.x : tensor.y), columns(tensor.x <= tensor.y ? tensor.y : tensor.x), rowIsX(tensor.x <= tensor.y) {}
  };
  // Of a decay: factors of rows, their roots, factors of columns, their roots.
  DEVICE static float* tables(const LearnedLane& lane, const Tensor& tensor, int decay) {
    return lane.scratch + lane.shape.tables + tensor.tables + decay * 2 * tensor.sides();
  }

  // Averages take the gradient: element by element, then rows and columns.
  template <class Team> DEVICE static void prepare(const LearnedLane& lane) {
    const float* rates = lane.constants;
    for (int i = lane.t; i < lane.shape.count; i += Team::Threads) {
      const float g = lane.gradient[i];
#pragma unroll
      for (int d = 0; d <= Rms; d++) {
        float* average = lane.state + d * lane.shape.padded + i;
        *average = fma32((d < Rms ? g : g * g) - *average, rates[d], *average);
      }
    }
    for (Tensors all(lane.shape); all.index < all.count(); all.next()) take_means<Team>(lane, all.now);
    Team::wait(lane.team);
    for (Tensors all(lane.shape); all.index < all.count(); all.next())
      if (all.now.y > 0) take_tables<Team>(lane, all.now);
    Team::wait(lane.team);
  }
  // Averages of an element of the padding, whose gradient is 0.
  DEVICE static void pad(const LearnedLane& lane, int i) {
    for (int d = 0; d <= Rms; d++) {
      float* average = lane.state + d * lane.shape.padded + i;
      *average = fma32(0.f - *average, lane.constants[d], *average);
    }
  }
  // Mean of g^2 + 1e-30 in double, ascending; the square of a float is exact in double.
  DEVICE static float mean(const float* g, int count, int stride) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      const double x = g[(size_t)i * stride];
      sum += x * x + 1e-30;
    }
    return (float)(sum / (double)count);
  }
  template <class Team> DEVICE static void take_means(const LearnedLane& lane, const Tensor& tensor) {
    const float* g = lane.gradient + tensor.offset;
    const Sides sides(tensor);
    const int count = tensor.sides();
    for (int i = lane.t; i < count; i += Team::Threads) {
      // First one of each x, then of each y.
      const bool ofX = i < tensor.x;
      const float x = tensor.y == 0 ? mean(g + i, 1, 1) : ofX ? mean(g + (size_t)i * tensor.y, tensor.y, 1) : mean(g + i - tensor.x, tensor.x, tensor.y);
      const int place = tensor.y == 0 ? i : (ofX ? i : i - tensor.x) + (ofX == sides.rowIsX ? 0 : sides.rows);
#pragma unroll
      for (int d = 0; d < Decays; d++) {
        float* average = factored(lane, tensor) + d * count + place;
        *average = fma32(x - *average, lane.constants[FirstFactored + d], *average);
      }
    }
  }
  template <class Team> DEVICE static void take_tables(const LearnedLane& lane, const Tensor& tensor) {
    const Sides sides(tensor);
    for (int item = lane.t; item < Decays * tensor.sides(); item += Team::Threads) {
      const int decay = item / tensor.sides(), i = item % tensor.sides();
      const float *averages = factored(lane, tensor) + decay * tensor.sides(), average = averages[i];
      float* table = tables(lane, tensor, decay);
      if (i < sides.rows) {
        double sum = 0;
        for (int r = 0; r < sides.rows; r++) sum += averages[r];
        const float middle = (float)(sum / (double)sides.rows) + 1e-9f;
        table[i] = inverse_root(at_least(average / middle, 1e-9f));
        table[sides.rows + i] = inverse_root(average + 1e-8f);
      } else {
        table[sides.rows + i] = inverse_root(at_least(average, 1e-9f));
        table[sides.rows + sides.columns + i] = inverse_root(average + 1e-8f);
      }
    }
  }

  DEVICE static void of(const LearnedLane& lane, const Tensor& tensor, int i, float (&x)[Count]) {
    const int padded = lane.shape.padded, e = i - tensor.offset;
    const float g = lane.gradient[i], r = lane.state[Rms * padded + i], inverse = inverse_root(r + 1e-6f);
    x[0] = g;
    x[1] = lane.parameters[i];
    x[5] = r;
    x[9] = inverse;
    const Sides sides(tensor);
    const int atX = tensor.y > 0 ? e / tensor.y : e, atY = tensor.y > 0 ? e % tensor.y : 0;
    const int row = sides.rowIsX ? atX : atY, column = sides.rowIsX ? atY : atX;
#pragma unroll
    for (int d = 0; d < Decays; d++) {
      const float m = lane.state[d * padded + i], *averages = factored(lane, tensor) + d * tensor.sides();
      x[2 + d] = m;
      x[6 + d] = inverse * m;
      if (tensor.y == 0) {
        const float v = averages[e], root = inverse_root(v + 1e-8f);
        x[10 + d] = g / sqrtf(v + 1e-9f);
        x[13 + d] = v;
        x[16 + d] = v;
        x[19 + d] = root;
        x[22 + d] = root;
        x[25 + d] = m / sqrtf(v + 1e-6f);
      } else {
        const float *table = tables(lane, tensor, d), factor = table[row] * table[2 * sides.rows + column];
        x[10 + d] = factor * g;
        x[13 + d] = averages[row];
        x[16 + d] = averages[sides.rows + column];
        x[19 + d] = table[sides.rows + row];
        x[22 + d] = table[2 * sides.rows + sides.columns + column];
        x[25 + d] = factor * m;
      }
    }
  }
};
