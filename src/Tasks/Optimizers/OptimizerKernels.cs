using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;
using Vector = System.Runtime.Intrinsics.Vector256<float>;

namespace Involute.Tasks.Optimizers;

/// <summary>Scalars of one Adam update, the same for every parameter.</summary>
/// <param name="Step">lr / (1 − Πβ₁).</param>
/// <param name="Rate1">1 − β₁.</param>
/// <param name="Rate2">1 − β₂.</param>
/// <param name="InverseCorrection2">1 / (1 − Πβ₂).</param>
/// <param name="Epsilon">ε, outside the square root.</param>
/// <param name="EpsilonRoot">Added inside the square root.</param>
internal readonly record struct AdamScales(
    float Step, float Rate1, float Rate2, float InverseCorrection2, float Epsilon, float EpsilonRoot)
{
    /// <summary>What <see cref="IdleSteps"/> is to know of the step, which is divided by at least the root.</summary>
    public float Unmoved => Epsilon >= 0 ? IdleSteps.Unmoved(Step) / MathF.Sqrt(EpsilonRoot) : float.PositiveInfinity;
}

/// <summary>
/// Element-wise updates in one pass; element i depends on element i alone, so no width changes the bits.
/// </summary>
/// <remarks>Lengths are padded to a multiple of 16 floats, so there is no tail.</remarks>
internal static class OptimizerKernels
{
    public static int PaddedLength(IReadOnlyList<TensorSlice> parameters) =>
        AlignedBuffer.Padded(parameters[^1].Offset + parameters[^1].Length);

    /// <summary>p ← p − step · g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Descend(Span<float> parameters, ReadOnlySpan<float> gradient, float step)
    {
        var scale = Vector256.Create(-step);
        ref var p = ref MemoryMarshal.GetReference(parameters);
        ref var g = ref MemoryMarshal.GetReference(gradient[..parameters.Length]);
        for (nuint i = 0; i < (nuint)parameters.Length; i += (nuint)Vector.Count)
        {
            Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref g, i), scale, Vector256.LoadUnsafe(ref p, i))
                .StoreUnsafe(ref p, i);
        }
    }

    /// <summary>v ← momentum · v + g, p ← p − step · v.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Descend(
        Span<float> parameters, Span<float> velocity, ReadOnlySpan<float> gradient, float momentum, float step)
    {
        var kept = Vector256.Create(momentum);
        var bound = Subnormals.Bound(momentum);
        var scale = Vector256.Create(-step);
        var unmoved = Vector256.Create(IdleSteps.Unmoved(step));
        ref var p = ref MemoryMarshal.GetReference(parameters);
        ref var v = ref MemoryMarshal.GetReference(velocity[..parameters.Length]);
        ref var g = ref MemoryMarshal.GetReference(gradient[..parameters.Length]);
        for (nuint i = 0; i < (nuint)parameters.Length; i += (nuint)Vector.Count)
        {
            var velocities = Subnormals.NextVelocities(
                Vector256.LoadUnsafe(ref v, i), Vector256.LoadUnsafe(ref g, i), kept, bound);
            velocities.StoreUnsafe(ref v, i);
            var weights = Vector256.LoadUnsafe(ref p, i);
            Vector256.FusedMultiplyAdd(IdleSteps.Effective(velocities, weights, unmoved), scale, weights).StoreUnsafe(ref p, i);
        }
    }

    /// <summary>One Adam update; see <see cref="LearnableAdam"/>.</summary>
    /// <remarks>
    /// A third of the default job's eights have a subnormal moment, of a weight whose gradient stays 0. Such a moment mostly
    /// is its own next one, and a step by it changes no weight but one near 0, so that neither is computed in its lane.
    /// </remarks>
    public static void Adam(
        Span<float> parameters,
        Span<float> first,
        Span<float> second,
        ReadOnlySpan<float> gradient,
        AdamScales scales)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            AdamBySixteens(parameters, first, second, gradient, scales);
        }
        else
        {
            AdamByEights(parameters, first, second, gradient, scales);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AdamByEights(
        Span<float> parameters,
        Span<float> first,
        Span<float> second,
        ReadOnlySpan<float> gradient,
        AdamScales scales)
    {
        var rate1 = Vector256.Create(scales.Rate1);
        var rate2 = Vector256.Create(scales.Rate2);
        var inverse2 = Vector256.Create(scales.InverseCorrection2);
        var epsilon = Vector256.Create(scales.Epsilon);
        var root = Vector256.Create(scales.EpsilonRoot);
        var step = Vector256.Create(scales.Step);
        var bound = Subnormals.Bound(scales.Rate1);
        var unmoved = Vector256.Create(scales.Unmoved);
        ref var p = ref MemoryMarshal.GetReference(parameters);
        ref var m = ref MemoryMarshal.GetReference(first[..parameters.Length]);
        ref var v = ref MemoryMarshal.GetReference(second[..parameters.Length]);
        ref var g = ref MemoryMarshal.GetReference(gradient[..parameters.Length]);
        for (nuint i = 0; i < (nuint)parameters.Length; i += (nuint)Vector.Count)
        {
            var weights = Vector256.LoadUnsafe(ref p, i);
            var gradients = Vector256.LoadUnsafe(ref g, i);
            var moments = Vector256.LoadUnsafe(ref m, i);
            var squares = Vector256.LoadUnsafe(ref v, i);
            var next = Subnormals.NextAverages(moments, gradients, rate1, bound);
            squares = Vector256.FusedMultiplyAdd((gradients * gradients) - squares, rate2, squares);
            next.StoreUnsafe(ref m, i);
            squares.StoreUnsafe(ref v, i);
            var denominator = Vector256.Sqrt(Vector256.FusedMultiplyAdd(squares, inverse2, root)) + epsilon;
            var directions = IdleSteps.Effective(next, weights, unmoved);
            (weights - (step * directions / denominator)).StoreUnsafe(ref p, i);
        }
    }

    // The divider takes as long for sixteen numbers as twice for eight, but half as many instructions wait beside it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AdamBySixteens(
        Span<float> parameters,
        Span<float> first,
        Span<float> second,
        ReadOnlySpan<float> gradient,
        AdamScales scales)
    {
        var rate1 = Vector512.Create(scales.Rate1);
        var rate2 = Vector512.Create(scales.Rate2);
        var inverse2 = Vector512.Create(scales.InverseCorrection2);
        var epsilon = Vector512.Create(scales.Epsilon);
        var root = Vector512.Create(scales.EpsilonRoot);
        var step = Vector512.Create(scales.Step);
        var bound = Vector512.Create(Subnormals.Bound(scales.Rate1), Subnormals.Bound(scales.Rate1));
        var unmoved = Vector512.Create(scales.Unmoved);
        ref var p = ref MemoryMarshal.GetReference(parameters);
        ref var m = ref MemoryMarshal.GetReference(first[..parameters.Length]);
        ref var v = ref MemoryMarshal.GetReference(second[..parameters.Length]);
        ref var g = ref MemoryMarshal.GetReference(gradient[..parameters.Length]);
        for (nuint i = 0; i < (nuint)parameters.Length; i += (nuint)Vector512<float>.Count)
        {
            var weights = Vector512.LoadUnsafe(ref p, i);
            var gradients = Vector512.LoadUnsafe(ref g, i);
            var moments = Vector512.LoadUnsafe(ref m, i);
            var squares = Vector512.LoadUnsafe(ref v, i);
            var next = Subnormals.NextAverages(moments, gradients, rate1, bound);
            squares = Vector512.FusedMultiplyAdd((gradients * gradients) - squares, rate2, squares);
            next.StoreUnsafe(ref m, i);
            squares.StoreUnsafe(ref v, i);
            var denominator = Vector512.Sqrt(Vector512.FusedMultiplyAdd(squares, inverse2, root)) + epsilon;
            var directions = IdleSteps.Effective(next, weights, unmoved);
            (weights - (step * directions / denominator)).StoreUnsafe(ref p, i);
        }
    }
}
