using Involute.Tasks.Numerics;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>AdafacMLPLOpt in floats, one element after the other.</summary>
internal sealed class ScalarAdafacMlpOptimizer(TensorSlice[] tensors, int hiddenSize, int hiddenLayers)
    : ScalarRule(tensors, 28, hiddenSize, hiddenLayers)
{
    private const int Decays = 3;

    private static readonly double[] Initial = [0.1, 0.01, 0.001, 0.001, 0.1, 0.01, 0.001];

    public override void Update(float[] theta, float[] parameters, float[] state, float[] gradient)
    {
        var slot = parameters.Length;
        var rates = Initial.Select((rate, i) => rate * PortableMath.Exp(10 * (double)theta[i])).ToArray();
        var clipped = rates.Select((rate, i) => (float)(i < 3 ? rate : Math.Min(rate, 1))).ToArray();
        for (var i = 0; i < 4 * slot; i++)
        {
            var g = gradient[i % slot];
            Average(ref state[i], i < 3 * slot ? g : g * g, clipped[i / slot]);
        }

        var factored = 4 * slot;
        var counter = factored + AlignedBuffer.Padded(Tensors.Sum(StateLength));
        Step(theta.AsSpan(7), parameters, state[counter]++, tensor =>
        {
            var features = Features(tensor, parameters, state, gradient, state.AsSpan(factored), clipped.AsSpan(4));
            factored += StateLength(tensor);
            return features;
        });
    }

    private static int StateLength(TensorSlice tensor) => Decays * (tensor.Shape.Count < 2
        ? tensor.Length
        : (tensor.Length / Dimensions(tensor).Largest.Size) + (tensor.Length / Dimensions(tensor).Second.Size));

    private static float[][] Features(
        TensorSlice tensor, float[] parameters, float[] state, float[] gradient, Span<float> averages, Span<float> rates)
    {
        var (slot, n) = (parameters.Length, tensor.Length);
        float[] Part(float[] values, int start) => values[(start + tensor.Offset)..][..n];
        var (g, p, r) = (Part(gradient, 0), Part(parameters, 0), Part(state, Decays * slot));
        var m = Enumerable.Range(0, Decays).Select(d => Part(state, d * slot)).ToArray();
        float[][] row = new float[Decays][], column = new float[Decays][];
        float[][] slopes = new float[Decays][], momenta = new float[Decays][];
        for (var d = 0; d < Decays; d++)
        {
            if (tensor.Shape.Count < 2)
            {
                var v = averages[(d * n)..][..n];
                for (var i = 0; i < n; i++)
                {
                    Average(ref v[i], (float)(((double)g[i] * g[i]) + 1e-30), rates[d]);
                }

                var own = row[d] = column[d] = v.ToArray();
                slopes[d] = Of(n, i => g[i] / MathF.Sqrt(own[i] + 1e-9f));
                momenta[d] = Of(n, i => m[d][i] / MathF.Sqrt(own[i] + 1e-6f));
                continue;
            }

            var (largest, second) = Dimensions(tensor);
            var (rows, columns) = (n / largest.Size, n / second.Size);
            var ofDecay = averages.Slice(d * (rows + columns), rows + columns);
            Add(ofDecay[..rows], g, i => largest.Without(i), rates[d]);
            Add(ofDecay[rows..], g, i => second.Without(i), rates[d]);

            // A row's index lacks the largest dimension, which may make the second largest's stride smaller.
            var inner = second.Stride > largest.Stride ? second.Stride / largest.Size : second.Stride;
            var ofRows = ofDecay[..rows].ToArray();
            var factors = Of(rows, i =>
            {
                var first = i - (i / inner % second.Size * inner);
                var sum = 0.0;
                for (var k = 0; k < second.Size; k++)
                {
                    sum += ofRows[first + (k * inner)];
                }

                var mean = (float)(sum / second.Size) + 1e-9f;
                return 1 / MathF.Sqrt(Math.Max(ofRows[i] / mean, 1e-9f));
            });
            var ofColumns = ofDecay[rows..].ToArray();
            row[d] = Of(n, i => ofRows[largest.Without(i)]);
            column[d] = Of(n, i => ofColumns[second.Without(i)]);
            var factor = Of(n, i => factors[largest.Without(i)] * (1 / MathF.Sqrt(Math.Max(column[d][i], 1e-9f))));
            slopes[d] = Of(n, i => g[i] * factor[i]);
            momenta[d] = Of(n, i => m[d][i] * factor[i]);
        }

        var inverse = Of(n, i => 1 / MathF.Sqrt(r[i] + 1e-6f));
        float[] Root(float[] of) => Of(n, i => 1 / MathF.Sqrt(of[i] + 1e-8f));
        return
        [
            g, p, .. m, r, .. m.Select(of => Of(n, i => of[i] * inverse[i])), inverse, .. slopes,
            .. row.Select(of => (float[])of.Clone()), .. column.Select(of => (float[])of.Clone()),
            .. row.Select(Root), .. column.Select(Root), .. momenta,
        ];
    }

    private static void Add(Span<float> averages, float[] gradient, Func<int, int> place, float rate)
    {
        var (sums, counts) = (new double[averages.Length], new int[averages.Length]);
        for (var i = 0; i < gradient.Length; i++)
        {
            sums[place(i)] += ((double)gradient[i] * gradient[i]) + 1e-30;
            counts[place(i)]++;
        }

        for (var i = 0; i < averages.Length; i++)
        {
            Average(ref averages[i], (float)(sums[i] / counts[i]), rate);
        }
    }

    private static float[] Of(int n, Func<int, float> value) => [.. Enumerable.Range(0, n).Select(value)];

    // Of equal dimensions the later one is larger.
    private static (Dimension Largest, Dimension Second) Dimensions(TensorSlice tensor)
    {
        var shape = tensor.Shape;
        var order = Enumerable.Range(0, shape.Count).OrderBy(dimension => shape[dimension]).ToArray();
        Dimension Of(int dimension) => new(shape[dimension], shape.Skip(dimension + 1).Aggregate(1, (a, b) => a * b));
        return (Of(order[^1]), Of(order[^2]));
    }

    private sealed record Dimension(int Size, int Stride)
    {
        public int Without(int element) => (element / (Stride * Size) * Stride) + (element % Stride);
    }
}
