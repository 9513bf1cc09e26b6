using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Optimizers;

namespace Involute.Tasks.InnerTasks;

/// <summary>Steps of eight lanes side by side on Σ (p − c)²: all of a group's memory stays in the first-level cache.</summary>
/// <remarks>
/// A step updates the parameters and, in the same pass, measures the loss behind it: that of the next step before its
/// update. Losses are summed in double in the order of the elements; the square of a float is exact in double, so that a
/// fused sum has the bits of one that is rounded twice.
/// </remarks>
internal static unsafe class QuadraticKernel<TRule>
    where TRule : struct, IPackedRule<TRule>
{
    /// <summary>Floats of one element: parameters, centres, then the slots.</summary>
    public static int ElementLength => (2 + TRule.Slots) * PackedLanes.Count;

    /// <summary>Floats before the elements: constants, then scalars.</summary>
    public static int HeadLength => (TRule.Constants + TRule.Scalars) * PackedLanes.Count;

    /// <summary>Runs some steps.</summary>
    /// <param name="group">Head, elements, and one element of padding, all of them <see cref="PackedLanes"/>.</param>
    /// <param name="elements">Without the padding.</param>
    /// <param name="steps">At least 1.</param>
    /// <param name="after">Whether a step's loss is measured behind its update.</param>
    /// <param name="active">The lanes that step, one bit each; nothing of the others changes.</param>
    /// <param name="losses">[steps + 1, lanes]; the last row, and the numbers of lanes that do not step, say nothing.</param>
    /// <param name="frozenAt">
    /// Of each lane the step whose loss is not finite, if it has one: the lane has not stepped on from there.
    /// </param>
    public static void Run(
        float* group, int elements, int steps, bool after, uint active, double* losses, int* frozenAt)
    {
        var first = group + HeadLength;
        Measure(first, elements, losses);
        active &= ~Freeze(active, losses, 0, frozenAt);
        var mask = PackedLanes.Mask(active);
        for (var step = 0; step < steps && active != 0; step++)
        {
            // The loss behind the last update may belong to a step that is still to come.
            var measured = after ? step : step + 1;
            Step(group, first, elements, mask, losses + (measured * PackedLanes.Count));
            if (measured < steps && Freeze(active, losses, measured, frozenAt) is var frozen and not 0)
            {
                active &= ~frozen;
                mask = PackedLanes.Mask(active);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Measure(float* at, int elements, double* losses)
    {
        var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (var end = at + (elements * ElementLength); at < end; at += ElementLength)
        {
            Add(Vector256.Load(at) - Vector256.Load(at + PackedLanes.Count), ref low, ref high);
        }

        low.Store(losses);
        high.Store(losses + Vector256<double>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Step(float* group, float* at, int elements, Vector256<float> active, double* losses)
    {
        var rule = TRule.Begin(group, group + (TRule.Constants * PackedLanes.Count), active);
        var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (var end = at + (elements * ElementLength); at < end; at += ElementLength)
        {
            var before = Vector256.Load(at);
            var centre = Vector256.Load(at + PackedLanes.Count);
            var distance = before - centre;
            var parameters = rule.Update(before, distance + distance, at + (2 * PackedLanes.Count), active);
            parameters = PackedLanes.Select(active, parameters, before);
            parameters.Store(at);
            Add(parameters - centre, ref low, ref high);
        }

        low.Store(losses);
        high.Store(losses + Vector256<double>.Count);
        if (!rule.LeavesZeros(active))
        {
            var before = Vector256.Load(at);
            var padding = rule.Update(before, Vector256<float>.Zero, at + (2 * PackedLanes.Count), active);
            PackedLanes.Store(padding, before, at, active);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<float> distance, ref Vector256<double> low, ref Vector256<double> high)
    {
        var (first, second) = Vector256.Widen(distance);
        low = Vector256.MultiplyAddEstimate(first, first, low);
        high = Vector256.MultiplyAddEstimate(second, second, high);
    }

    // Which of the active lanes have a loss that is not finite.
    private static uint Freeze(uint active, double* losses, int step, int* frozenAt)
    {
        losses += step * PackedLanes.Count;
        var (low, high) = (Vector256.Load(losses), Vector256.Load(losses + Vector256<double>.Count));
        var finite = Vector256.Equals(low - low, Vector256<double>.Zero).ExtractMostSignificantBits()
            | (Vector256.Equals(high - high, Vector256<double>.Zero).ExtractMostSignificantBits() << Vector256<double>.Count);
        var frozen = active & ~finite;
        for (var lanes = frozen; lanes != 0; lanes &= lanes - 1)
        {
            frozenAt[BitOperations.TrailingZeroCount(lanes)] = step;
        }

        return frozen;
    }
}
