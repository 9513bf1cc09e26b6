// Sizes of a network: read from its NetworkShape, or known to the compiler, which then folds every address, leaves out tests for
// what lies outside, and gives each product tiles of its own.
#pragma once
#include "product.h"
#include "shape.h"

DEVICE int after(int layer) { return layer + 1; }
template <int L> DEVICE Known<L + 1> after(Known<L>) { return {}; }

struct AnySizes {
  const NetworkShape& shape;
  DEVICE explicit AnySizes(const NetworkShape& s) : shape(s) {}
  DEVICE int layers() const { return shape.layers; }
  DEVICE int batch() const { return shape.batch; }
  DEVICE int row() const { return shape.row; }
  DEVICE int count() const { return shape.count; }
  DEVICE int activations() const { return shape.activations; }
  DEVICE int width(int layer) const { return shape.layer[layer].width; }
  DEVICE int values(int layer) const { return shape.layer[layer].values; }
  DEVICE int weights(int layer) const { return shape.layer[layer].weights; }
  static constexpr bool HasAnyOptimizer = true;

  // f(layer), for each layer of weights, from the inputs on or from the outputs on.
  template <class F> DEVICE void forward(F f) const {
    for (int l = 0; l < shape.layers; l++) f(l);
  }
  template <class F> DEVICE void backward(F f) const {
    for (int l = shape.layers - 1; l >= 0; l--) f(l);
  }
};

// Batch, then the units of each layer with that of the inputs.
template <int Batch, int... Widths> struct FixedSizes {
  static constexpr int Examples = Batch, Layers = sizeof...(Widths) - 1, Row = (Batch + 3) / 4 * 4 + 4;
  static constexpr int width_of(int layer) {
    const int all[] = {Widths...};
    return all[layer];
  }
  static constexpr int values_of(int layer) { return layer == 0 ? 0 : values_of(layer - 1) + width_of(layer - 1) * Row; }
  static constexpr int weights_of(int layer) { return layer == 0 ? 0 : weights_of(layer - 1) + (width_of(layer - 1) + 1) * width_of(layer); }

  DEVICE explicit FixedSizes(const NetworkShape&) {}
  DEVICE Known<Layers> layers() const { return {}; }
  DEVICE Known<Batch> batch() const { return {}; }
  DEVICE Known<Row> row() const { return {}; }
  DEVICE Known<weights_of(Layers)> count() const { return {}; }
  DEVICE Known<values_of(Layers + 1)> activations() const { return {}; }
  template <int L> DEVICE Known<width_of(L)> width(Known<L>) const { return {}; }
  template <int L> DEVICE Known<values_of(L)> values(Known<L>) const { return {}; }
  template <int L> DEVICE Known<weights_of(L)> weights(Known<L>) const { return {}; }
  static constexpr bool HasAnyOptimizer = false;

  template <int L = 0, class F> DEVICE void forward(F f) const {
    f(Known<L>());
    if constexpr (L + 1 < Layers) forward<L + 1>(f);
  }
  template <int L = Layers - 1, class F> DEVICE void backward(F f) const {
    f(Known<L>());
    if constexpr (L > 0) backward<L - 1>(f);
  }
};
