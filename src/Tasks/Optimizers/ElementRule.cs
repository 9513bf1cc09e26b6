using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// The part that learned update rules share: each feature is divided by its root mean square over the tensor, a network
/// maps an element's features to (o₁, o₂), and p ← p − a · o₁ · exp(b · o₂).
/// </summary>
/// <remarks>
/// Elements go through in blocks whose temporaries stay in the first-level cache. Features are computed twice, for the
/// mean squares and for the network, instead of being kept for a whole tensor.
/// </remarks>
/// <param name="network">Maps features to outputs.</param>
/// <param name="stepMultiplier">a.</param>
/// <param name="exponentMultiplier">b.</param>
internal sealed unsafe class ElementRule(OptimizerNetwork network, double stepMultiplier, double exponentMultiplier)
{
    /// <summary>Elements of a block, and floats from one feature's row to the next; a multiple of 16.</summary>
    public const int Block = 64;

    /// <summary>Added to the mean square: a feature that is 0 everywhere stays 0.</summary>
    public const double MeanSquareEpsilon = 1e-5;

    /// <summary>a.</summary>
    public float StepMultiplier { get; } = (float)stepMultiplier;

    /// <summary>b.</summary>
    public float ExponentMultiplier { get; } = (float)exponentMultiplier;

    /// <summary>The first layer's biases with the time features added, once for all tensors of an update.</summary>
    public float* FoldTime(float* weights, float iteration, RuleScratch scratch)
    {
        var biases = scratch.Biases(network.Widest);
        network.FoldTime(weights, iteration, biases);
        return biases;
    }

    /// <summary>Updates one tensor in place.</summary>
    /// <param name="features">Of this tensor; they may read the parameters.</param>
    /// <param name="weights">The network's part of theta.</param>
    /// <param name="firstBiases">From <see cref="FoldTime"/>.</param>
    /// <param name="parameters">First element of the tensor.</param>
    /// <param name="length">Number of elements.</param>
    /// <param name="scratch">This thread's.</param>
    public void Update<TFeatures>(
        in TFeatures features, float* weights, float* firstBiases, float* parameters, int length, RuleScratch scratch)
        where TFeatures : struct, IElementFeatures
    {
        var block = scratch.Features(TFeatures.Count * Block);
        var activations = scratch.Activations(2 * network.Widest * Block);
        var scales = stackalloc float[TFeatures.Count];
        Scales(features, length, block, scales);
        for (var first = 0; first < length; first += Block)
        {
            var count = Math.Min(Block, length - first);
            var columns = AlignedBuffer.Padded(count);
            features.Write(first, count, block);
            for (var f = 0; f < TFeatures.Count; f++)
            {
                Scale(block + (f * Block), scales[f], columns);
            }

            var outputs = network.Forward(weights, firstBiases, block, activations, Block, columns);
            Steps(outputs, outputs + Block, columns);
            for (var i = 0; i < count; i++)
            {
                parameters[first + i] -= outputs[i];
            }
        }
    }

    /// <summary>1 / √(ε + mean square over the tensor) of each feature.</summary>
    private static void Scales<TFeatures>(in TFeatures features, int length, float* block, float* scales)
        where TFeatures : struct, IElementFeatures
    {
        var sums = stackalloc double[TFeatures.Count];
        new Span<double>(sums, TFeatures.Count).Clear();
        for (var first = 0; first < length; first += Block)
        {
            var count = Math.Min(Block, length - first);
            features.Write(first, count, block);
            for (var f = 0; f < TFeatures.Count; f++)
            {
                sums[f] += SquareSum.Of(block + (f * Block), count);
            }
        }

        for (var f = 0; f < TFeatures.Count; f++)
        {
            scales[f] = (float)(1 / Math.Sqrt(MeanSquareEpsilon + (sums[f] / length)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(float* row, float scale, int columns)
    {
        for (var i = 0; i < columns; i += Vector256<float>.Count)
        {
            (Vector256.Load(row + i) * Vector256.Create(scale)).Store(row + i);
        }
    }

    // Into the place of the directions.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Steps(float* directions, float* magnitudes, int columns)
    {
        var factor = Vector256.Create(StepMultiplier);
        var exponentFactor = Vector256.Create(ExponentMultiplier);
        for (var i = 0; i < columns; i += Vector256<float>.Count)
        {
            var magnitude = VectorMath.Exp(exponentFactor * Vector256.Load(magnitudes + i));
            (factor * Vector256.Load(directions + i) * magnitude).Store(directions + i);
        }
    }
}
