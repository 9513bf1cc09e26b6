using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>The small perceptron inside a learned optimizer: features of one parameter → two numbers.</summary>
/// <remarks>
/// ReLU between layers, linear output. Weights are <c>w0, b0, w1, b1, …</c>, [in, out] row by row. The inputs are the
/// features of the element and then the time features, which are the same for all elements and are therefore added to
/// the first bias, once in an update.
/// </remarks>
internal sealed unsafe class OptimizerNetwork
{
    /// <summary>Direction and log-magnitude.</summary>
    public const int Outputs = 2;

    /// <summary>
    /// Elements that go through the layers together, two tiles of 24 or one of 48; their activations stay in the
    /// first-level cache.
    /// </summary>
    public const int Strip = 48;

    private readonly int[] _widths;
    private readonly int _elementFeatures;

    /// <summary>Describes a network.</summary>
    /// <param name="elementFeatures">Features of an element, at least 1.</param>
    /// <param name="hiddenSize">Units of each hidden layer, at least 1.</param>
    /// <param name="hiddenLayers">Number of hidden layers; 0 makes it linear.</param>
    public OptimizerNetwork(int elementFeatures, int hiddenSize, int hiddenLayers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenSize);
        ArgumentOutOfRangeException.ThrowIfNegative(hiddenLayers);
        _elementFeatures = elementFeatures;
        _widths = [elementFeatures + TimeFeatures.Count, .. Enumerable.Repeat(hiddenSize, hiddenLayers), Outputs];
        Widest = Math.Max(hiddenSize, Outputs);
        Tensors =
        [
            .. Enumerable.Range(0, _widths.Length - 1).SelectMany(layer => new (string, int[])[]
            {
                ($"w{layer}", [_widths[layer], _widths[layer + 1]]),
                ($"b{layer}", [_widths[layer + 1]]),
            }),
        ];
    }

    /// <summary>Units of all layers, the inputs first.</summary>
    public ReadOnlySpan<int> Widths => _widths;

    /// <summary>Weights of the first layer that belong to features of the element.</summary>
    public int FirstWeights => _elementFeatures * _widths[1];

    /// <summary>Names and shapes of the weights.</summary>
    public IReadOnlyList<(string Name, int[] Shape)> Tensors { get; }

    /// <summary>Units of the widest layer behind the inputs.</summary>
    public int Widest { get; }

    /// <summary>The first layer's biases with the time features added.</summary>
    public void FoldTime(float* weights, float iteration, float* biases)
    {
        var outputs = _widths[1];
        var timeWeights = weights + (_elementFeatures * outputs);
        new ReadOnlySpan<float>(weights + (_widths[0] * outputs), outputs).CopyTo(new Span<float>(biases, outputs));
        for (var i = 0; i < TimeFeatures.Count; i++, timeWeights += outputs)
        {
            var feature = TimeFeatures.Of(iteration, i);
            for (var j = 0; j < outputs; j++)
            {
                biases[j] = MathF.FusedMultiplyAdd(feature, timeWeights[j], biases[j]);
            }
        }
    }

    /// <summary>Runs the network on a strip of elements.</summary>
    /// <param name="weights">All weights.</param>
    /// <param name="first">The first layer.</param>
    /// <param name="features">[features × stride], normalised, times <see cref="FirstLayer.Lift"/>.</param>
    /// <param name="stride">Floats from one feature to the next.</param>
    /// <param name="activations">
    /// Twice [<see cref="Widest"/> × <see cref="Strip"/>], overwritten.
    /// </param>
    /// <param name="columns">Elements, at most <see cref="Strip"/>; what stands behind them is computed with them.</param>
    /// <returns>[2 × <see cref="Strip"/>], somewhere in <paramref name="activations"/>.</returns>
    public float* Forward(
        float* weights, in FirstLayer first, float* features, nint stride, float* activations, int columns) =>
        Vector512.IsHardwareAccelerated
            ? Forward<Floats16, Vector512<float>>(weights, first, features, stride, activations, columns)
            : Forward<Floats8, Vector256<float>>(weights, first, features, stride, activations, columns);

    /// <summary>The same, with registers of a certain width; no bit depends on it.</summary>
    public float* Forward<TVector, TRegister>(
        float* weights, in FirstLayer first, float* features, nint stride, float* activations, int columns)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        var input = features;
        var depth = _elementFeatures;
        for (var layer = 0; layer + 1 < _widths.Length; layer++)
        {
            var (inputs, outputs) = (_widths[layer], _widths[layer + 1]);
            var biases = weights + (inputs * outputs);
            var w = layer == 0 ? first.Weights : weights;
            var start = layer == 0 ? first.Biases : biases;
            var output = activations + ((layer & 1) * Widest * Strip);
            for (var column = 0; column < columns; column += NetworkTiles.Columns<TVector, TRegister>())
            {
                if (layer + 2 < _widths.Length)
                {
                    Layer<TVector, TRegister, Relu>(
                        w, outputs, start, input + column, stride, output + column, depth);
                }
                else
                {
                    Layer<TVector, TRegister, Linear>(
                        w, outputs, start, input + column, stride, output + column, depth);
                }
            }

            weights = biases + outputs;
            input = output;
            stride = Strip;
            depth = outputs;
        }

        return input;
    }

    private static void Layer<TVector, TRegister, TFinish>(
        float* weights, int outputs, float* biases, float* input, nint stride, float* output, int depth)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TFinish : struct, ILayerFinish
    {
        nint step = outputs;
        var (tiles, whole) = (outputs / 4, outputs & ~3);
        NetworkTiles.Rows4<TVector, TRegister, TFinish>(
            tiles, weights, step, biases, input, stride, output, Strip, depth);
        outputs -= whole;
        weights += whole;
        biases += whole;
        output += whole * Strip;
        if (outputs >= 2)
        {
            NetworkTiles.Rows2<TVector, TRegister, TFinish>(weights, step, biases, input, stride, output, Strip, depth);
            outputs -= 2;
            weights += 2;
            biases += 2;
            output += 2 * Strip;
        }

        if (outputs > 0)
        {
            NetworkTiles.Rows1<TVector, TRegister, TFinish>(weights, step, biases, input, stride, output, depth);
        }
    }
}
