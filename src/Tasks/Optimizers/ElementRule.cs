using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// The part that learned update rules share: each feature is divided by its root mean square over the tensor, a network
/// maps an element's features to (o₁, o₂), and p ← p − a · o₁ · exp(b · o₂).
/// </summary>
/// <remarks>
/// Elements go through in blocks whose temporaries stay in the first-level cache, or, where features can be computed in registers, directly.
/// Features are computed twice, for the mean squares and for the network, instead of being kept for a whole tensor.
/// </remarks>
/// <param name="network">Maps features to outputs.</param>
/// <param name="stepMultiplier">a.</param>
/// <param name="exponentMultiplier">b.</param>
internal sealed unsafe class ElementRule(OptimizerNetwork network, double stepMultiplier, double exponentMultiplier)
{
    /// <summary>Added to the mean square: a feature that is 0 everywhere stays 0.</summary>
    public const double MeanSquareEpsilon = 1e-5;

    /// <summary>Elements at most whose outputs are computed directly before their steps are made.</summary>
    public const int DirectElements = 512;

    /// <summary>Floats from one of these outputs to the other: a vector may begin at the last one.</summary>
    public const int DirectStride = DirectElements + 16;

    /// <summary>a.</summary>
    public float StepMultiplier { get; } = (float)stepMultiplier;

    /// <summary>b.</summary>
    public float ExponentMultiplier { get; } = (float)exponentMultiplier;

    /// <summary>Weights of the network's first layer that belong to features of an element.</summary>
    public int FirstWeights => network.FirstWeights;

    /// <summary>The first layer with the time features added to its biases, once for all tensors of an update.</summary>
    public FirstLayer FoldTime<TFeatures>(float* weights, float iteration, RuleScratch scratch)
        where TFeatures : struct, IElementFeatures
    {
        var biases = scratch.Biases(network.Widest);
        network.FoldTime(weights, iteration, biases);
        return TFeatures.AreLifted
            ? FirstLayer.Lifted(weights, biases, scratch.FirstWeights(network.FirstWeights), network.FirstWeights)
            : FirstLayer.Plain(weights, biases);
    }

    /// <summary>An empty block for the elements of this update.</summary>
    public static ElementBlock Begin<TFeatures>(RuleScratch scratch)
        where TFeatures : struct, IElementFeatures =>
        new() { Features = scratch.Features(TFeatures.Count * ElementBlock.Stride) };

    /// <summary>Updates one tensor in place, but for its last elements, which stay in the block.</summary>
    /// <param name="features">Of this tensor; they may read the parameters.</param>
    /// <param name="weights">The network's part of theta.</param>
    /// <param name="firstLayer">From <see cref="FoldTime"/>.</param>
    /// <param name="parameters">First element of the tensor.</param>
    /// <param name="length">Number of elements.</param>
    /// <param name="block">From <see cref="Begin"/>.</param>
    /// <param name="scratch">This thread's.</param>
    public void Update<TFeatures>(
        in TFeatures features,
        float* weights,
        in FirstLayer firstLayer,
        float* parameters,
        int length,
        ref ElementBlock block,
        RuleScratch scratch)
        where TFeatures : struct, IElementFeatures
    {
        var scales = stackalloc float[TFeatures.Count];
        Scales(features, length, scratch.Squares(TFeatures.Count * ElementBlock.Stride), scales);

        // Some features need not be written down for the network.
        var direct = features.Direct(network);
        var outputs = scratch.Outputs(OptimizerNetwork.Outputs * DirectStride);
        for (var first = 0; first < direct;)
        {
            var next = features.Outputs(weights, firstLayer.Biases, scales, direct, first, outputs);
            Steps(outputs, outputs + DirectStride, parameters + first, next - first);
            first = next;
        }

        for (var first = direct; first < length;)
        {
            if (block.Free == 0 || !block.Takes(parameters + first))
            {
                Finish(weights, firstLayer, ref block, scratch);
            }

            var count = Math.Min(block.Free, length - first);
            features.Write(first, count, scales, firstLayer.Lift, block.Next);
            block.Add(parameters + first, count);
            first += count;
        }
    }

    /// <summary>Updates the elements that a block holds, and empties it.</summary>
    public void Finish(float* weights, in FirstLayer firstLayer, ref ElementBlock block, RuleScratch scratch)
    {
        var activations = scratch.Activations(2 * network.Widest * OptimizerNetwork.Strip);
        for (var first = 0; first < block.Count; first += OptimizerNetwork.Strip)
        {
            var count = Math.Min(OptimizerNetwork.Strip, block.Count - first);
            var outputs = network.Forward(
                weights, firstLayer, block.Features + first, ElementBlock.Stride, activations, count);
            Steps(outputs, outputs + OptimizerNetwork.Strip, block.Parameters + first, count);
        }

        block.Clear();
    }

    /// <summary>1 / √(ε + mean square over the tensor) of each feature.</summary>
    private static void Scales<TFeatures>(in TFeatures features, int length, float* room, float* scales)
        where TFeatures : struct, IElementFeatures
    {
        var sums = stackalloc double[TFeatures.Count];
        features.SumSquares(room, sums);
        for (var f = 0; f < TFeatures.Count; f += Vector256<double>.Count)
        {
            var means = Vector256.Load(sums + f) / Vector256.Create((double)length);
            var roots = Vector256.Sqrt(Vector256.Create(MeanSquareEpsilon) + means);
            var inverse = Vector256<double>.One / roots;
            Vector128.Narrow(inverse.GetLower(), inverse.GetUpper()).Store(scales + f);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Steps(float* directions, float* magnitudes, float* parameters, int count)
    {
        var i = Vector512.IsHardwareAccelerated
            ? WholeSteps<Floats16, Vector512<float>>(directions, magnitudes, parameters, 0, count)
            : 0;
        i = WholeSteps<Floats8, Vector256<float>>(directions, magnitudes, parameters, i, count);
        if (i < count)
        {
            var step = Step<Floats8, Vector256<float>>(directions + i, magnitudes + i);
            for (var lane = 0; i < count; i++, lane++)
            {
                parameters[i] -= step[lane];
            }
        }
    }

    // Registers of elements, from one on; returns the first that is left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int WholeSteps<TVector, TRegister>(float* directions, float* magnitudes, float* parameters, int first, int count)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        for (; first <= count - TVector.Count; first += TVector.Count)
        {
            var step = Step<TVector, TRegister>(directions + first, magnitudes + first);
            TVector.Store(TVector.Subtract(TVector.Load(parameters + first), step), parameters + first);
        }

        return first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TRegister Step<TVector, TRegister>(float* directions, float* magnitudes)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        var magnitude = VectorMath.Exp<TVector, TRegister>(
            TVector.Multiply(TVector.Broadcast(ExponentMultiplier), TVector.Load(magnitudes)));
        return TVector.Multiply(
            TVector.Multiply(TVector.Broadcast(StepMultiplier), TVector.Load(directions)), magnitude);
    }
}
