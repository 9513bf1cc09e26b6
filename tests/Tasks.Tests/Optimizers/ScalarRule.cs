using Involute.Tasks.Numerics;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>
/// A learned update rule in floats, one element after the other: the operations and their order, which decide the bits.
/// </summary>
internal abstract class ScalarRule(TensorSlice[] tensors, int elementFeatures, int hiddenSize, int hiddenLayers)
{
    private const float Multiplier = 0.001f;

    private static readonly double[] TimeScales = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];

    private readonly int[] _widths =
        [elementFeatures + TimeScales.Length, .. Enumerable.Repeat(hiddenSize, hiddenLayers), 2];

    /// <summary>The tensors of a lane.</summary>
    protected TensorSlice[] Tensors { get; } = tensors;

    /// <summary>One update of a lane, whose state is laid out as the product's.</summary>
    public abstract void Update(float[] theta, float[] parameters, float[] state, float[] gradient);

    /// <summary>a ← a + rate · (x − a).</summary>
    protected static void Average(ref float average, float value, float rate) =>
        average = MathF.FusedMultiplyAdd(value - average, rate, average);

    /// <summary>The steps of all tensors, whose features <paramref name="of"/> gives: [feature][element].</summary>
    protected void Step(ReadOnlySpan<float> weights, float[] parameters, float iteration, Func<TensorSlice, float[][]> of)
    {
        foreach (var tensor in Tensors)
        {
            var features = of(tensor);
            foreach (var feature in features)
            {
                var scale = (float)(1 / Math.Sqrt(1e-5 + (SumOfSquares(feature) / tensor.Length)));
                for (var i = 0; i < feature.Length; i++)
                {
                    feature[i] *= scale;
                }
            }

            for (var i = 0; i < tensor.Length; i++)
            {
                var outputs = Network(weights, features, i, iteration);
                parameters[tensor.Offset + i] -= Multiplier * outputs[0] * VectorMath.Exp(Multiplier * outputs[1]);
            }
        }
    }

    // Blocks of 64 from the tensor's start; in a block element i goes to partial sum i mod 16.
    private static double SumOfSquares(float[] values)
    {
        var sum = 0.0;
        foreach (var block in values.Chunk(64))
        {
            var q = new double[16];
            for (var i = 0; i < block.Length; i++)
            {
                q[i % 16] += (double)block[i] * block[i];
            }

            double Quarter(int i) => (q[i] + q[4 + i]) + (q[8 + i] + q[12 + i]);
            sum += (Quarter(0) + Quarter(1)) + (Quarter(2) + Quarter(3));
        }

        return sum;
    }

    private float[] Network(ReadOnlySpan<float> weights, float[][] features, int element, float iteration)
    {
        float[] inputs =
        [
            .. features.Select(feature => feature[element]),
            .. TimeScales.Select(s => (float)(1 - (2 / (PortableMath.Exp(2 * ((iteration / s) - 1)) + 1)))),
        ];
        for (var layer = 0; layer + 1 < _widths.Length; layer++)
        {
            var (rows, columns) = (_widths[layer], _widths[layer + 1]);
            var outputs = weights.Slice(rows * columns, columns).ToArray();
            for (var j = 0; j < columns; j++)
            {
                // The time features come first in the chain, because they are the same for all elements.
                for (var n = 0; n < rows; n++)
                {
                    var i = layer > 0 ? n : (n + elementFeatures) % rows;
                    outputs[j] = MathF.FusedMultiplyAdd(weights[(i * columns) + j], inputs[i], outputs[j]);
                }

                if (layer + 2 < _widths.Length && outputs[j] <= 0)
                {
                    outputs[j] = 0;
                }
            }

            weights = weights[((rows + 1) * columns)..];
            inputs = outputs;
        }

        return inputs;
    }
}
