using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>Writes the features of <see cref="AdafacFeatures"/>, in its order, each times its scale.</summary>
/// <remarks>
/// What is read and written goes on to the end of the last vector, but for rows and columns that stand.
/// </remarks>
internal static unsafe class AdafacKernels
{
    /// <summary>Number of features.</summary>
    public const int Features = 28;

    /// <summary>Features that are no more than copies: g, p, m and r.</summary>
    public const int Copies = 6;

    /// <summary>The first momentum by the root of the mean square.</summary>
    public const int MomentumByRms = 6;

    /// <summary>The inverse of that root.</summary>
    public const int InverseRms = 9;

    /// <summary>The first of g · f.</summary>
    public const int FactoredGradient = 10;

    /// <summary>The first average of rows.</summary>
    public const int Row = 13;

    /// <summary>The first average of columns.</summary>
    public const int Column = 16;

    /// <summary>From averages of rows or columns to their roots.</summary>
    public const int ToRoots = 6;

    /// <summary>The first of m · f.</summary>
    public const int FactoredMomentum = 25;

    /// <summary>Elements of a vector.</summary>
    public const int Lanes = 8;

    private const int Stride = ElementBlock.Stride;
    private const int Decays = FactoredMoments.Decays;
    private const int Momentum = 2;

    /// <summary>Moves three momenta and the mean square on, and computes 1/√(r + 1e-6), in one pass.</summary>
    /// <remarks>The divider, which takes longest, works while the others' numbers come from memory.</remarks>
    /// <typeparam name="TGuard">Whether <see cref="Subnormals"/> are to go the short way.</typeparam>
    /// <param name="averages">m [3], r.</param>
    /// <param name="slot">Floats from one of them to the next, and numbers of each; a multiple of 8.</param>
    /// <param name="gradient">[<paramref name="slot"/>].</param>
    /// <param name="rates">1 − decay of each.</param>
    /// <param name="inverseRoots">Receives [<paramref name="slot"/>].</param>
    /// <returns>Which momenta have tiny numbers now (<see cref="TinyMomenta.Has"/>).</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int TakeGradient<TGuard>(float* averages, nint slot, float* gradient, ReadOnlySpan<float> rates, float* inverseRoots)
        where TGuard : struct, ISumGuard
    {
        float* m1 = averages + slot, m2 = m1 + slot, r = m2 + slot;
        var rate0 = Vector256.Create(rates[0]);
        var rate1 = Vector256.Create(rates[1]);
        var rate2 = Vector256.Create(rates[2]);
        Vector256<int> bound0 = Subnormals.Bound(rates[0]), bound1 = Subnormals.Bound(rates[1]), bound2 = Subnormals.Bound(rates[2]);
        Vector256<uint> least0 = Vector256<uint>.AllBitsSet, least1 = least0, least2 = least0;
        var rateOfSquares = Vector256.Create(rates[AdafacMlpOptimizer.RmsDecay]);
        var epsilon = Vector256.Create(AdafacFeatures.RmsEpsilon);
        for (nint i = 0; i < slot; i += Lanes)
        {
            var g = Vector256.Load(gradient + i);
            var meanSquares = MovingAverages.Next(Vector256.Load(r + i), g * g, rateOfSquares);
            meanSquares.Store(r + i);
            (Vector256<float>.One / Vector256.Sqrt(meanSquares + epsilon)).Store(inverseRoots + i);
            Next<TGuard>(averages + i, g, rate0, bound0, ref least0);
            Next<TGuard>(m1 + i, g, rate1, bound1, ref least1);
            Next<TGuard>(m2 + i, g, rate2, bound2, ref least2);
        }

        return (TinyMomenta.AnySeen(least0) ? 1 : 0) | (TinyMomenta.AnySeen(least1) ? 2 : 0) | (TinyMomenta.AnySeen(least2) ? 4 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next<TGuard>(
        float* momenta, Vector256<float> gradient, Vector256<float> rate, Vector256<int> bound, ref Vector256<uint> least)
        where TGuard : struct, ISumGuard
    {
        var next = TGuard.IsOn
            ? Subnormals.NextAverages(Vector256.Load(momenta), gradient, rate, bound)
            : MovingAverages.Next(Vector256.Load(momenta), gradient, rate);
        next.Store(momenta);
        least = TinyMomenta.Least(least, next);
    }

    /// <summary>Momenta by the root of the mean square, and its inverse.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ByRms(float* averages, nint slot, float* inverseRoots, int count, float* scales, float* block)
    {
        float* m1 = averages + slot, m2 = m1 + slot;
        var scale0 = Vector256.Create(scales[MomentumByRms]);
        var scale1 = Vector256.Create(scales[MomentumByRms + 1]);
        var scale2 = Vector256.Create(scales[MomentumByRms + 2]);
        var scaleOfInverse = Vector256.Create(scales[InverseRms]);
        block += MomentumByRms * Stride;
        for (nint i = 0; i < count; i += Lanes)
        {
            var inverse = Vector256.Load(inverseRoots + i);
            (inverse * Vector256.Load(averages + i) * scale0).Store(block + i);
            (inverse * Vector256.Load(m1 + i) * scale1).Store(block + Stride + i);
            (inverse * Vector256.Load(m2 + i) * scale2).Store(block + (2 * Stride) + i);
            (inverse * scaleOfInverse).Store(block + ((InverseRms - MomentumByRms) * Stride) + i);
        }
    }

    /// <summary>Gradient and momenta by the factors of rows and columns.</summary>
    /// <typeparam name="TWithoutY">How numbers without Y reach the elements of a run; those without X move.</typeparam>
    /// <param name="withoutY">The tensor's rows or columns without Y.</param>
    /// <param name="withoutX">The tensor's rows or columns without X.</param>
    /// <param name="runs">The elements.</param>
    /// <param name="gradient">Of the elements.</param>
    /// <param name="averages">Of the elements, the first momentum.</param>
    /// <param name="slot">Floats from one momentum to the next.</param>
    /// <param name="scales">[28].</param>
    /// <param name="block">Column of the first element.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ByFactors<TWithoutY>(
        in FactoredSide withoutY,
        in FactoredSide withoutX,
        in ElementRuns runs,
        float* gradient,
        float* averages,
        nint slot,
        float* scales,
        float* block)
        where TWithoutY : struct, IPlacement
    {
        nint length = runs.Length, stepY = runs.StepWithoutY, stepX = runs.StepWithoutX;
        block += FactoredGradient * Stride;
        for (var decay = 0; decay < Decays; decay++)
        {
            var scaleOfGradient = Vector256.Create(scales[FactoredGradient + decay]);
            var scaleOfMomentum = Vector256.Create(scales[FactoredMomentum + decay]);
            var y = withoutY.FactorsOf(decay) + runs.WithoutY;
            var x = withoutX.FactorsOf(decay) + runs.WithoutX;
            var g = gradient;
            var m = averages + (decay * slot);
            var to = block + (decay * Stride);
            for (var run = runs.Count; run > 0; run--)
            {
                var standing = Vector256.Create(*y);
                for (nint i = 0; i < length; i += Lanes)
                {
                    var factors = TWithoutY.At(y, standing, i) * Vector256.Load(x + i);
                    (factors * Vector256.Load(g + i) * scaleOfGradient).Store(to + i);
                    (factors * Vector256.Load(m + i) * scaleOfMomentum)
                        .Store(to + ((FactoredMomentum - FactoredGradient) * Stride) + i);
                }

                y += stepY;
                x += stepX;
                g += length;
                m += length;
                to += length;
            }
        }
    }

    /// <summary>The factors of elements, those without Y by those without X, of all decays.</summary>
    /// <typeparam name="TWithoutY">How numbers without Y reach the elements of a run; those without X move.</typeparam>
    /// <param name="withoutY">The tensor's rows or columns without Y.</param>
    /// <param name="withoutX">The tensor's rows or columns without X.</param>
    /// <param name="runs">The elements.</param>
    /// <param name="to">Receives the first decay's.</param>
    /// <param name="stride">Floats from one decay to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Factors<TWithoutY>(
        in FactoredSide withoutY, in FactoredSide withoutX, in ElementRuns runs, float* to, nint stride)
        where TWithoutY : struct, IPlacement
    {
        nint length = runs.Length;
        for (var decay = 0; decay < Decays; decay++, to += stride)
        {
            var y = withoutY.FactorsOf(decay) + runs.WithoutY;
            var x = withoutX.FactorsOf(decay) + runs.WithoutX;
            var of = to;
            for (var run = runs.Count; run > 0; run--)
            {
                var standing = Vector256.Create(*y);
                for (nint i = 0; i < length; i += Lanes)
                {
                    (TWithoutY.At(y, standing, i) * Vector256.Load(x + i)).Store(of + i);
                }

                y += runs.StepWithoutY;
                x += runs.StepWithoutX;
                of += length;
            }
        }
    }

    /// <summary>Averages and roots of rows or columns, spread over elements.</summary>
    /// <typeparam name="TPlacement">How they reach the elements of a run.</typeparam>
    /// <param name="side">The rows or columns.</param>
    /// <param name="first">Index of the first run's first.</param>
    /// <param name="step">From one run's index to the next run's.</param>
    /// <param name="runs">The elements.</param>
    /// <param name="scales">[28].</param>
    /// <param name="to">Receives the first decay's averages.</param>
    /// <param name="stride">Floats from one feature to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spread<TPlacement>(
        in FactoredSide side, int first, nint step, in ElementRuns runs, float* scales, float* to, nint stride)
        where TPlacement : struct, IPlacement
    {
        nint length = runs.Length;
        scales += side.Feature;
        for (var decay = 0; decay < Decays; decay++, scales++, to += stride)
        {
            var scale = Vector256.Create(scales[0]);
            var scaleOfRoot = Vector256.Create(scales[ToRoots]);
            var averages = side.AveragesOf(decay) + first;
            var roots = side.RootsOf(decay) + first;
            var of = to;
            for (var run = runs.Count; run > 0; run--)
            {
                var average = Vector256.Create(*averages);
                var root = Vector256.Create(*roots);
                for (nint i = 0; i < length; i += Lanes)
                {
                    (scale * TPlacement.At(averages, average, i)).Store(of + i);
                    (scaleOfRoot * TPlacement.At(roots, root, i)).Store(of + (ToRoots * stride) + i);
                }

                averages += step;
                roots += step;
                of += length;
            }
        }
    }

    /// <summary>All that depends on the factored averages, for a scalar or a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unfactored(
        float* gradient, float* averages, nint slot, float* own, nint ownStride, int count, float* scales, float* block)
    {
        for (var decay = 0; decay < Decays; decay++, averages += slot, own += ownStride, scales++, block += Stride)
        {
            for (nint i = 0; i < count; i += Lanes)
            {
                // v + 1e-9 is never below the least square: v is an average of squares.
                var average = Vector256.Load(own + i);
                var forGradient = Vector256.Sqrt(average + Vector256.Create(AdafacFeatures.LeastSquare));
                var forMomentum = Vector256.Sqrt(average + Vector256.Create(AdafacFeatures.RmsEpsilon));
                var root = Vector256.Sqrt(average + Vector256.Create(AdafacFeatures.AverageEpsilon));
                var inverse = Vector256<float>.One / root;
                Store(Vector256.Load(gradient + i) / forGradient, scales, block + i, FactoredGradient);
                Store(Vector256.Load(averages + i) / forMomentum, scales, block + i, FactoredMomentum);
                Store(average, scales, block + i, Row);
                Store(average, scales, block + i, Column);
                Store(inverse, scales, block + i, Row + ToRoots);
                Store(inverse, scales, block + i, Column + ToRoots);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> values, float* scales, float* block, int feature) =>
        (values * Vector256.Create(scales[feature])).Store(block + (feature * Stride));
}
