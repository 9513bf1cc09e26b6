using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// Σ x² of the features of <see cref="AdafacFeatures"/> that are products: m/√(r+1e-6), g · f and m · f of one decay, of a block of
/// <see cref="SquareSum"/>.
/// </summary>
/// <remarks>In registers: writing products down takes longer than computing them.</remarks>
internal static unsafe class ProductSquares
{
    private const int Group = SquareSum.Partials;

    /// <summary>A block's sums: of m/√(r+1e-6), of g · f and of m · f; the fourth number has no meaning.</summary>
    /// <typeparam name="TFactors">How factors reach the elements of a group.</typeparam>
    /// <param name="ofLine">Factors without Y.</param>
    /// <param name="lines">The line of each group.</param>
    /// <param name="ofPlace">Factors without X, or those of elements.</param>
    /// <param name="places">The place of each group's first element.</param>
    /// <param name="groups">Groups of sixteen elements, at most 4.</param>
    /// <param name="gradient">Of the block.</param>
    /// <param name="momentum">Of the block.</param>
    /// <param name="inverseRoots">1/√(r+1e-6) of the block.</param>
    /// <param name="tiny">Whether momenta may be below <see cref="TinyMomenta.Bound"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Of<TFactors>(
        float* ofLine,
        int* lines,
        float* ofPlace,
        int* places,
        int groups,
        float* gradient,
        float* momentum,
        float* inverseRoots,
        bool tiny)
        where TFactors : struct, IFactors =>
        tiny ? Tiny<TFactors>(ofLine, lines, ofPlace, places, groups, gradient, momentum, inverseRoots)
        : Avx512F.IsSupported ? Wide<TFactors>(ofLine, lines, ofPlace, places, groups, gradient, momentum, inverseRoots)
        : Narrow<TFactors>(ofLine, lines, ofPlace, places, groups, gradient, momentum, inverseRoots);

    /// <summary>Adds the sums of all blocks, as <see cref="Of"/> has them, to those of all features.</summary>
    /// <param name="totals">Of each decay.</param>
    /// <param name="sums">Of all features.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Vector256<double>* totals, double* sums)
    {
        for (var decay = 0; decay < FactoredMoments.Decays; decay++, sums++)
        {
            sums[AdafacKernels.MomentumByRms] += totals[decay][0];
            sums[AdafacKernels.FactoredGradient] += totals[decay][1];
            sums[AdafacKernels.FactoredMomentum] += totals[decay][2];
        }
    }

    // Where momenta may be subnormal, and so slow: their products are computed lifted, and lowered as doubles.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<double> Tiny<TFactors>(
        float* ofLine, int* lines, float* ofPlace, int* places, int groups, float* gradient, float* momentum, float* inverseRoots)
        where TFactors : struct, IFactors
    {
        double* r = stackalloc double[SquareSum.Block], g = stackalloc double[SquareSum.Block], m = stackalloc double[SquareSum.Block];
        for (var i = 0; i < groups * Group; i += Vector256<float>.Count)
        {
            var group = i / Group;
            var factors = FactorsAt<TFactors>(ofLine, ofPlace, lines[group], places[group] + (i % Group));
            var momenta = Vector256.Load(momentum + i);
            var inverse = Vector256.Load(inverseRoots + i);
            var small = Vector256.LessThan(Vector256.Abs(momenta), Vector256.Create(TinyMomenta.Bound));
            var others = Vector256.AndNot(momenta, small.AsSingle());
            var lifted = Subnormals.LiftedMagnitudes(momenta & small.AsSingle());
            Store(inverse * others, Subnormals.LiftedTimes(lifted, inverse), r + i);
            Store(factors * Vector256.Load(gradient + i), Vector256<float>.Zero, g + i);
            Store(factors * others, Subnormals.LiftedTimes(lifted, factors), m + i);
        }

        var count = groups * Group;
        return Vector256.Create(SquareSum.OfDoubles(r, count), SquareSum.OfDoubles(g, count), SquareSum.OfDoubles(m, count), 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FactorsAt<TFactors>(float* ofLine, float* ofPlace, nint line, nint place)
        where TFactors : struct, IFactors => TFactors.At<Floats8, Vector256<float>>(ofLine, ofPlace, line, place);

    // Of each number one of the two is 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> numbers, Vector256<float> lifted, double* to)
    {
        var scale = Vector256.Create(1.0 / Subnormals.Lift);
        (Vector256.WidenLower(numbers) + (Vector256.WidenLower(lifted) * scale)).Store(to);
        (Vector256.WidenUpper(numbers) + (Vector256.WidenUpper(lifted) * scale)).Store(to + Vector256<double>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Wide<TFactors>(
        float* ofLine, int* lines, float* ofPlace, int* places, int groups, float* gradient, float* momentum, float* inverseRoots)
        where TFactors : struct, IFactors
    {
        Vector512<double> r01 = default, r23 = default, g01 = default, g23 = default, m01 = default, m23 = default;
        for (var group = 0; group < groups; group++)
        {
            var (line, place) = ((nint)lines[group], (nint)places[group]);
            Eight(FactorsAt<TFactors>(ofLine, ofPlace, line, place), gradient, momentum, inverseRoots, ref r01, ref g01, ref m01);
            Eight(
                FactorsAt<TFactors>(ofLine, ofPlace, line, place + 8), gradient + 8, momentum + 8, inverseRoots + 8,
                ref r23, ref g23, ref m23);
            gradient += Group;
            momentum += Group;
            inverseRoots += Group;
        }

        return SquareSum.Totals(
            SquareSum.Halves(r01) + SquareSum.Halves(r23), SquareSum.Halves(g01) + SquareSum.Halves(g23),
            SquareSum.Halves(m01) + SquareSum.Halves(m23));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Narrow<TFactors>(
        float* ofLine, int* lines, float* ofPlace, int* places, int groups, float* gradient, float* momentum, float* inverseRoots)
        where TFactors : struct, IFactors
    {
        Vector256<double> r0 = default, r1 = default, r2 = default, r3 = default;
        Vector256<double> g0 = default, g1 = default, g2 = default, g3 = default;
        Vector256<double> m0 = default, m1 = default, m2 = default, m3 = default;
        for (var group = 0; group < groups; group++)
        {
            var (line, place) = ((nint)lines[group], (nint)places[group]);
            Fours(
                FactorsAt<TFactors>(ofLine, ofPlace, line, place), gradient, momentum, inverseRoots,
                ref r0, ref r1, ref g0, ref g1, ref m0, ref m1);
            Fours(
                FactorsAt<TFactors>(ofLine, ofPlace, line, place + 8), gradient + 8, momentum + 8, inverseRoots + 8,
                ref r2, ref r3, ref g2, ref g3, ref m2, ref m3);
            gradient += Group;
            momentum += Group;
            inverseRoots += Group;
        }

        return SquareSum.Totals((r0 + r1) + (r2 + r3), (g0 + g1) + (g2 + g3), (m0 + m1) + (m2 + m3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(
        Vector256<float> factors,
        float* gradient,
        float* momentum,
        float* inverseRoots,
        ref Vector512<double> r,
        ref Vector512<double> g,
        ref Vector512<double> m)
    {
        var momenta = Vector256.Load(momentum);
        r = SquareSum.Add(r, Vector256.Load(inverseRoots) * momenta);
        g = SquareSum.Add(g, factors * Vector256.Load(gradient));
        m = SquareSum.Add(m, factors * momenta);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fours(
        Vector256<float> factors,
        float* gradient,
        float* momentum,
        float* inverseRoots,
        ref Vector256<double> r0,
        ref Vector256<double> r1,
        ref Vector256<double> g0,
        ref Vector256<double> g1,
        ref Vector256<double> m0,
        ref Vector256<double> m1)
    {
        var momenta = Vector256.Load(momentum);
        var products = Vector256.Load(inverseRoots) * momenta;
        r0 = SquareSum.Add(r0, products.GetLower());
        r1 = SquareSum.Add(r1, products.GetUpper());
        products = factors * Vector256.Load(gradient);
        g0 = SquareSum.Add(g0, products.GetLower());
        g1 = SquareSum.Add(g1, products.GetUpper());
        products = factors * momenta;
        m0 = SquareSum.Add(m0, products.GetLower());
        m1 = SquareSum.Add(m1, products.GetUpper());
    }
}
