using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Images;

/// <summary>Mean softmax cross-entropy of a batch and its gradient with respect to the logits.</summary>
/// <remarks>
/// Eight examples at a time, one to each element of a vector, so that classes are summed in their order for every vector
/// width. Each example's loss is a float; their sum is in double.
/// </remarks>
internal static unsafe class SoftmaxCrossEntropy
{
    /// <summary>The label of the rows behind the batch; they have no loss and no gradient.</summary>
    public const float NoLabel = -1;

    private const int Lanes = 8;
    private const int Block = 2 * Lanes;

    /// <summary>Computes the gradient of the mean loss from logits, and returns that loss.</summary>
    /// <param name="logits">[classes, stride], overwritten; rows up to a multiple of eight are there.</param>
    /// <param name="stride">Floats from one class to the next.</param>
    /// <param name="labels">Each a class as a float, or <see cref="NoLabel"/>; whole blocks of sixteen.</param>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <param name="examples">Number of examples in the batch; the memory has whole blocks of sixteen.</param>
    /// <param name="gradient">[examples, gradientStride]; columns up to a multiple of eight are overwritten.</param>
    /// <param name="gradientStride">Floats from one example to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LossAndGradient(
        float* logits, nint stride, float* labels, int classes, int examples, float* gradient, nint gradientStride)
    {
        var lower = Vector256<double>.Zero;
        var upper = Vector256<double>.Zero;
        var losses = stackalloc float[Block];
        for (var first = 0; first < examples; first += Block)
        {
            Columns(logits, labels + first, classes, 1f / examples, stride, losses);
            Transposition.Run(logits, stride, gradient, gradientStride, classes, Block);
            for (var i = 0; i < Block; i += Lanes)
            {
                lower += Vector256.WidenLower(Vector256.Load(losses + i));
                upper += Vector256.WidenUpper(Vector256.Load(losses + i));
            }

            logits += Block;
            gradient += Block * gradientStride;
        }

        var sums = lower + upper;
        return ((sums[0] + sums[1]) + (sums[2] + sums[3])) / examples;
    }

    // Two vectors of examples side by side: each step waits for the one before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(float* z, float* labels, int classes, float share, nint stride, float* losses)
    {
        var label0 = Vector256.Load(labels);
        var label1 = Vector256.Load(labels + Lanes);
        var largest0 = Vector256.Load(z);
        var largest1 = Vector256.Load(z + Lanes);
        var target0 = largest0;
        var target1 = largest1;
        var end = z + (classes * stride);
        var index = Vector256<float>.Zero;
        for (var row = z + stride; row < end; row += stride)
        {
            var logit0 = Vector256.Load(row);
            var logit1 = Vector256.Load(row + Lanes);
            index += Vector256<float>.One;
            largest0 = Vector256.ConditionalSelect(Vector256.GreaterThan(logit0, largest0), logit0, largest0);
            largest1 = Vector256.ConditionalSelect(Vector256.GreaterThan(logit1, largest1), logit1, largest1);
            target0 = Vector256.ConditionalSelect(Vector256.Equals(label0, index), logit0, target0);
            target1 = Vector256.ConditionalSelect(Vector256.Equals(label1, index), logit1, target1);
        }

        // A logit that is NaN may not be the largest, but its exponential makes the sum NaN.
        var sum0 = Vector256<float>.Zero;
        var sum1 = Vector256<float>.Zero;
        for (var row = z; row < end; row += stride)
        {
            var odds0 = VectorMath.ExpBelow(Vector256.Load(row) - largest0);
            var odds1 = VectorMath.ExpBelow(Vector256.Load(row + Lanes) - largest1);
            odds0.Store(row);
            odds1.Store(row + Lanes);
            sum0 += odds0;
            sum1 += odds1;
        }

        var valid0 = Vector256.GreaterThanOrEqual(label0, Vector256<float>.Zero);
        var valid1 = Vector256.GreaterThanOrEqual(label1, Vector256<float>.Zero);
        var weight = Vector256.Create(share);
        var scale0 = weight / sum0;
        var scale1 = weight / sum1;
        index = Vector256<float>.Zero;
        for (var row = z; row < end; row += stride)
        {
            var gradient0 = (Vector256.Load(row) * scale0) - (weight & Vector256.Equals(label0, index));
            var gradient1 = (Vector256.Load(row + Lanes) * scale1) - (weight & Vector256.Equals(label1, index));
            (gradient0 & valid0).Store(row);
            (gradient1 & valid1).Store(row + Lanes);
            index += Vector256<float>.One;
        }

        ((VectorMath.Log(sum0) - (target0 - largest0)) & valid0).Store(losses);
        ((VectorMath.Log(sum1) - (target1 - largest1)) & valid1).Store(losses + Lanes);
    }
}
