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

    // Examples that are computed step by step; their logits of ten classes are a sixth of the first-level cache.
    private const int Part = 8 * Block;

    /// <summary>Computes the gradient of the mean loss from logits, and returns that loss.</summary>
    /// <param name="logits">[classes, stride], overwritten.</param>
    /// <param name="stride">Floats from one class to the next.</param>
    /// <param name="labels">Each a class as a float, or <see cref="NoLabel"/>; whole blocks of sixteen.</param>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <param name="examples">Number of examples in the batch; the memory has whole blocks of sixteen.</param>
    /// <param name="gradient">[examples, gradientStride]; columns up to a multiple of eight are overwritten.</param>
    /// <param name="gradientStride">Floats from one example to the next.</param>
    /// <param name="totals">Receives the gradient's total of each class, in the order of the examples; whole vectors of eight.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LossAndGradient(
        float* logits, nint stride, float* labels, int classes, int examples, float* gradient, nint gradientStride,
        float* totals)
    {
        for (var first = 0; first < classes; first += Lanes)
        {
            Vector256<float>.Zero.Store(totals + first);
        }

        var lower = Vector256<double>.Zero;
        var upper = Vector256<double>.Zero;
        float* differences = stackalloc float[Part], sums = stackalloc float[Part];
        for (var first = 0; first < examples; first += Part)
        {
            // Each step goes over many examples: what it waits for is another's, and not its own.
            var count = Math.Min((examples - first + Block - 1) / Block * Block, Part);
            Largest(logits, labels, count, classes, stride, sums, differences);
            Odds(logits, count, classes, stride, sums);
            Gradients(logits, labels, count, classes, 1f / examples, stride, sums, gradient, gradientStride, totals);
            for (var i = 0; i < count; i += Lanes)
            {
                var valid = Vector256.GreaterThanOrEqual(Vector256.Load(labels + i), Vector256<float>.Zero);
                var losses = (VectorMath.Log(Vector256.Load(sums + i)) - Vector256.Load(differences + i)) & valid;
                lower += Vector256.WidenLower(losses);
                upper += Vector256.WidenUpper(losses);
            }

            logits += count;
            labels += count;
            gradient += count * gradientStride;
        }

        var all = lower + upper;
        return ((all[0] + all[1]) + (all[2] + all[3])) / examples;
    }

    // The largest logit of each example, and what its label's is below it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Largest(
        float* logits, float* labels, int count, int classes, nint stride, float* largest, float* differences)
    {
        for (var i = 0; i < count; i += Lanes)
        {
            var z = logits + i;
            var label = Vector256.Load(labels + i);
            var most = Vector256.Load(z);
            var target = most;
            var index = Vector256<float>.Zero;
            for (var left = classes - 1; left > 0; left--)
            {
                var logit = Vector256.Load(z += stride);
                index += Vector256<float>.One;
                most = Vector256.ConditionalSelect(Vector256.GreaterThan(logit, most), logit, most);
                target = Vector256.ConditionalSelect(Vector256.Equals(label, index), logit, target);
            }

            most.Store(largest + i);
            (target - most).Store(differences + i);
        }
    }

    // e^(z − largest) in the place of z, and its sum over the classes in the place of the largest.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Odds(float* logits, int count, int classes, nint stride, float* sums)
    {
        for (var i = 0; i < count; i += Block)
        {
            // A logit that is NaN may not be the largest, but its exponential makes the sum NaN.
            var z = logits + i;
            var largest0 = Vector256.Load(sums + i);
            var largest1 = Vector256.Load(sums + i + Lanes);
            var sum0 = Vector256<float>.Zero;
            var sum1 = sum0;
            var left = classes;
            for (; left > 1; left -= 2, z += 2 * stride)
            {
                var odds0 = Vector256.Load(z) - largest0;
                var odds1 = Vector256.Load(z + Lanes) - largest1;
                var next0 = Vector256.Load(z + stride) - largest0;
                var next1 = Vector256.Load(z + stride + Lanes) - largest1;
                VectorMath.ExpBelow<Floats8, Vector256<float>>(ref odds0, ref odds1, ref next0, ref next1);
                odds0.Store(z);
                odds1.Store(z + Lanes);
                next0.Store(z + stride);
                next1.Store(z + stride + Lanes);
                sum0 = (sum0 + odds0) + next0;
                sum1 = (sum1 + odds1) + next1;
            }

            if (left > 0)
            {
                var odds0 = VectorMath.ExpBelow<Floats8, Vector256<float>>(Vector256.Load(z) - largest0);
                var odds1 = VectorMath.ExpBelow<Floats8, Vector256<float>>(Vector256.Load(z + Lanes) - largest1);
                odds0.Store(z);
                odds1.Store(z + Lanes);
                sum0 += odds0;
                sum1 += odds1;
            }

            sum0.Store(sums + i);
            sum1.Store(sums + i + Lanes);
        }
    }

    // Eight examples and eight classes at a time: what has been computed for the examples of a class becomes the classes of an
    // example, and is added to the totals.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gradients(
        float* odds, float* labels, int count, int classes, float share, nint stride, float* sums, float* gradient,
        nint gradientStride, float* totals)
    {
        var weight = Vector256.Create(share);
        for (var i = 0; i < count; i += Lanes)
        {
            var label = Vector256.Load(labels + i);
            var valid = Vector256.GreaterThanOrEqual(label, Vector256<float>.Zero);
            var scale = weight / Vector256.Load(sums + i);
            var index = Vector256<float>.Zero;
            var z = odds + i;
            var to = gradient + (i * gradientStride);
            for (var first = 0; first < classes; first += Lanes, to += Lanes)
            {
                var left = classes - first;
                Vector256<float> g0, g1, g2, g3, g4, g5, g6, g7;
                g0 = Gradient(ref z, stride, label, ref index, scale, weight, valid);
                g1 = left > 1 ? Gradient(ref z, stride, label, ref index, scale, weight, valid) : Vector256<float>.Zero;
                g2 = left > 2 ? Gradient(ref z, stride, label, ref index, scale, weight, valid) : Vector256<float>.Zero;
                g3 = left > 3 ? Gradient(ref z, stride, label, ref index, scale, weight, valid) : Vector256<float>.Zero;
                g4 = left > 4 ? Gradient(ref z, stride, label, ref index, scale, weight, valid) : Vector256<float>.Zero;
                g5 = left > 5 ? Gradient(ref z, stride, label, ref index, scale, weight, valid) : Vector256<float>.Zero;
                g6 = left > 6 ? Gradient(ref z, stride, label, ref index, scale, weight, valid) : Vector256<float>.Zero;
                g7 = left > 7 ? Gradient(ref z, stride, label, ref index, scale, weight, valid) : Vector256<float>.Zero;
                Transposition.Turn(ref g0, ref g1, ref g2, ref g3, ref g4, ref g5, ref g6, ref g7);
                Transposition.Store(g0, g1, g2, g3, g4, g5, g6, g7, to, gradientStride);
                var total = Vector256.Load(totals + first) + g0;
                total = total + g1 + g2 + g3 + g4 + g5 + g6 + g7;
                total.Store(totals + first);
            }
        }
    }

    // Of one class, for eight examples; goes on to the next class.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Gradient(
        ref float* odds, nint stride, Vector256<float> label, ref Vector256<float> index, Vector256<float> scale,
        Vector256<float> weight, Vector256<float> valid)
    {
        var gradient = ((Vector256.Load(odds) * scale) - (weight & Vector256.Equals(label, index))) & valid;
        odds += stride;
        index += Vector256<float>.One;
        return gradient;
    }
}
