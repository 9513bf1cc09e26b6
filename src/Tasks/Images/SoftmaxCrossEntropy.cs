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

    /// <summary>Computes the gradient of the mean loss from logits, and returns that loss.</summary>
    /// <param name="logits">[classes, stride], overwritten; rows up to a multiple of eight are there.</param>
    /// <param name="stride">Floats from one class to the next.</param>
    /// <param name="labels">Each a class as a float, or <see cref="NoLabel"/>; whole blocks of eight.</param>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <param name="examples">Number of examples in the batch; the memory has whole blocks of eight.</param>
    /// <param name="gradient">[examples, gradientStride]; columns up to a multiple of eight are overwritten.</param>
    /// <param name="gradientStride">Floats from one example to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LossAndGradient(
        float* logits, nint stride, float* labels, int classes, int examples, float* gradient, nint gradientStride)
    {
        var lower = Vector256<double>.Zero;
        var upper = Vector256<double>.Zero;
        for (var first = 0; first < examples; first += Lanes, logits += Lanes, gradient += Lanes * gradientStride)
        {
            var losses = Columns(logits, Vector256.Load(labels + first), classes, 1f / examples, stride);
            Transposition.Run(logits, stride, gradient, gradientStride, classes, Lanes);
            lower += Vector256.WidenLower(losses);
            upper += Vector256.WidenUpper(losses);
        }

        var sums = lower + upper;
        return ((sums[0] + sums[1]) + (sums[2] + sums[3])) / examples;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<float> Columns(float* z, Vector256<float> label, int classes, float share, nint stride)
    {
        var largest = Vector256.Load(z);
        var target = largest;
        var end = classes * stride;
        var index = Vector256<float>.Zero;
        for (var i = stride; i < end; i += stride)
        {
            var logit = Vector256.Load(z + i);
            index += Vector256<float>.One;
            largest = Vector256.ConditionalSelect(Vector256.GreaterThan(logit, largest), logit, largest);
            target = Vector256.ConditionalSelect(Vector256.Equals(label, index), logit, target);
        }

        // A logit that is NaN may not be the largest, but its exponential makes the sum NaN.
        var sum = Vector256<float>.Zero;
        for (nint i = 0; i < end; i += stride)
        {
            var odds = VectorMath.Exp(Vector256.Load(z + i) - largest);
            odds.Store(z + i);
            sum += odds;
        }

        var valid = Vector256.GreaterThanOrEqual(label, Vector256<float>.Zero);
        var weight = Vector256.Create(share);
        var scale = weight / sum;
        index = Vector256<float>.Zero;
        for (nint i = 0; i < end; i += stride)
        {
            var gradient = Vector256.Load(z + i) * scale;
            gradient -= weight & Vector256.Equals(label, index);
            (gradient & valid).Store(z + i);
            index += Vector256<float>.One;
        }

        return (VectorMath.Log(sum) - (target - largest)) & valid;
    }
}
