using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Regression;

/// <summary>One thread's rows of a table, and the activations of the arm that is computed on them.</summary>
/// <remarks>
/// Everything is [row, unit]. Rows are computed one behind the other; a unit is one chain of fused multiply-adds over
/// its inputs in ascending order, beginning with its bias, and a gradient one over the rows.
/// </remarks>
internal sealed class MlpRegressionBatch : ITaskBatch
{
    private readonly RegressionData _data;
    private readonly int[] _widths;
    private readonly IReadOnlyList<TensorSlice> _parameters;
    private readonly RegressionLoss _loss;
    private readonly BatchOrder _order = new();
    private readonly int[] _indices;
    private readonly float[] _targets;

    // [layer][row, unit]: features, hidden layers, predictions; and the loss's derivatives by all but the features.
    private readonly float[][] _units;
    private readonly float[][] _signals;
    private bool _prepared;

    public MlpRegressionBatch(
        RegressionData data, int[] widths, IReadOnlyList<TensorSlice> parameters, int rows, RegressionLoss loss)
    {
        (_data, _widths, _parameters, _loss) = (data, widths, parameters, loss);
        _indices = new int[rows];
        _targets = new float[checked(rows * data.Targets)];
        _units = [.. widths.Select(width => new float[checked(rows * width)])];
        _signals = [[], .. _units.Skip(1).Select(units => new float[units.Length])];
    }

    private int Layers => _widths.Length - 1;

    private int ParameterCount => _parameters[^1].Offset + _parameters[^1].Length;

    /// <inheritdoc/>
    public void Prepare(StepKey key, DataSplit split, RandomStream order)
    {
        _order.Fill(key, split, order, _data.Count(split), _indices);
        Gather(_data.FeaturesOf(split), _data.Features, _units[0]);
        Gather(_data.TargetsOf(split), _data.Targets, _targets);
        _prepared = true;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The batch has not been prepared.</exception>
    public double LossAndGradient(ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        gradient = gradient[..ParameterCount];
        if (!TryForward(parameters[..ParameterCount]))
        {
            gradient.Fill(float.NaN);
            return double.NaN;
        }

        Differentiate();
        Backward(parameters, gradient);
        return MeanLoss();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The batch has not been prepared.</exception>
    public double Loss(ReadOnlySpan<float> parameters) =>
        TryForward(parameters[..ParameterCount]) ? MeanLoss() : double.NaN;

    private static Span<float> Row(float[] rows, int row, int width) => rows.AsSpan(row * width, width);

    private void Gather(ReadOnlySpan<float> source, int width, float[] target)
    {
        for (var row = 0; row < _indices.Length; row++)
        {
            source.Slice(_indices[row] * width, width).CopyTo(Row(target, row, width));
        }
    }

    private bool TryForward(ReadOnlySpan<float> parameters)
    {
        if (!_prepared)
        {
            throw new InvalidOperationException("the batch has not been prepared");
        }

        if (!FiniteCheck.AllFinite(parameters))
        {
            return false;
        }

        for (var layer = 0; layer < Layers; layer++)
        {
            var (inputs, outputs) = (_widths[layer], _widths[layer + 1]);
            var weights = Slice(parameters, _parameters[2 * layer]);
            var biases = Slice(parameters, _parameters[(2 * layer) + 1]);
            for (var row = 0; row < _indices.Length; row++)
            {
                var input = Row(_units[layer], row, inputs);
                var output = Row(_units[layer + 1], row, outputs);
                biases.CopyTo(output);
                for (var i = 0; i < inputs; i++)
                {
                    RowKernels.AddScaled(output, weights.Slice(i * outputs, outputs), input[i]);
                }

                if (layer + 1 < Layers)
                {
                    RowKernels.Tanh(output);
                }
            }
        }

        return true;
    }

    private double MeanLoss()
    {
        var predictions = _units[^1];
        var sum = 0.0;
        for (var i = 0; i < predictions.Length; i++)
        {
            double error = predictions[i] - _targets[i];
            sum += _loss == RegressionLoss.Squared ? error * error : Math.Abs(error);
        }

        return sum / predictions.Length;
    }

    private void Differentiate()
    {
        var (predictions, signal) = (_units[^1], _signals[^1]);
        var share = 1.0 / predictions.Length;
        for (var i = 0; i < predictions.Length; i++)
        {
            var error = predictions[i] - _targets[i];
            signal[i] = (float)(share * (_loss == RegressionLoss.Squared ? 2.0 * error
                : error > 0 ? 1 : error < 0 ? -1 : error)); // 0 at the kink, and NaN stays NaN
        }
    }

    private void Backward(ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        gradient.Clear();
        for (var layer = Layers - 1; layer >= 0; layer--)
        {
            var (inputs, outputs) = (_widths[layer], _widths[layer + 1]);
            var weights = Slice(parameters, _parameters[2 * layer]);
            var weightGradient = gradient.Slice(_parameters[2 * layer].Offset, _parameters[2 * layer].Length);
            var biasGradient = gradient.Slice(_parameters[(2 * layer) + 1].Offset, outputs);
            for (var row = 0; row < _indices.Length; row++)
            {
                var input = Row(_units[layer], row, inputs);
                var signal = Row(_signals[layer + 1], row, outputs);
                RowKernels.AddScaled(biasGradient, signal, 1);
                for (var i = 0; i < inputs; i++)
                {
                    RowKernels.AddScaled(weightGradient.Slice(i * outputs, outputs), signal, input[i]);
                }

                if (layer > 0)
                {
                    var below = Row(_signals[layer], row, inputs);
                    for (var i = 0; i < inputs; i++)
                    {
                        // tanh' = 1 − tanh².
                        below[i] = RowKernels.Dot(weights.Slice(i * outputs, outputs), signal)
                            * MathF.FusedMultiplyAdd(-input[i], input[i], 1);
                    }
                }
            }
        }
    }

    private static ReadOnlySpan<float> Slice(ReadOnlySpan<float> values, TensorSlice tensor) =>
        values.Slice(tensor.Offset, tensor.Length);
}
