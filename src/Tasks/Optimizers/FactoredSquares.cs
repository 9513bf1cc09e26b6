using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// Σ x² of all features of a tensor that are no copies, where the order of <see cref="SquareSum"/> allows it: without spreading what rows
/// and columns give to the elements, and without writing down what is multiplied by it.
/// </summary>
/// <remarks>
/// It does where nothing lies behind Y and Y is a multiple of 16: then each group of sixteen elements lies in one line,
/// has one number without Y, whose square all sixteen partial sums get, and sixteen numbers without X that follow each
/// other. These are the same from line to line, so that often a block has the sums of the block before.
/// </remarks>
internal static unsafe class FactoredSquares
{
    private const int Group = SquareSum.Partials;
    private const int Groups = SquareSum.Block / Group;
    private const int Decays = FactoredMoments.Decays;

    // Three of averages and three of roots, each with a fourth that nothing is done with.
    private const int LineSquares = 8;

    /// <summary>Whether a tensor's sums are to be had in this way.</summary>
    public static bool Has(in Factoring shape) => shape.C == 1 && shape.Y % Group == 0;

    /// <summary>Doubles that the squares of the averages and roots without Y take.</summary>
    public static int Room(in FactoredSide withoutY) => LineSquares * withoutY.Count;

    /// <summary>Adds the sums of the averages and their roots, and of all that is multiplied by factors, of each decay.</summary>
    /// <param name="shape">The tensor's dimensions.</param>
    /// <param name="withoutY">Its rows or columns without Y.</param>
    /// <param name="withoutX">Its rows or columns without X.</param>
    /// <param name="gradient">The tensor's gradient.</param>
    /// <param name="averages">Its first momentum.</param>
    /// <param name="slot">Floats from one momentum to the next.</param>
    /// <param name="tiny">Which momenta, a bit each, have numbers below <see cref="TinyMomenta.Bound"/>.</param>
    /// <param name="inverseRoots">1/√(r+1e-6) of its elements.</param>
    /// <param name="squares">Room for <see cref="Room"/> doubles.</param>
    /// <param name="sums">Of all features.</param>
    public static void Add(
        in Factoring shape,
        in FactoredSide withoutY,
        in FactoredSide withoutX,
        float* gradient,
        float* averages,
        nint slot,
        int tiny,
        float* inverseRoots,
        double* squares,
        double* sums)
    {
        double* sumsWithoutY = sums + withoutY.Feature, sumsWithoutX = sums + withoutX.Feature;
        int* lines = stackalloc int[Groups], starts = stackalloc int[Groups];
        var ofBlock = stackalloc double[2 * Decays];
        (int, int, int, int, int) known = default;
        SquaresOfLines(withoutY, squares);
        Vector256<double> averagesOfLines = default, rootsOfLines = default;
        var line = new RunWalk(shape, 0);
        var place = 0;
        for (var left = shape.A * shape.X * shape.B * shape.Y / Group; left > 0;)
        {
            var groups = Math.Min(Groups, left);
            left -= groups;
            for (var group = 0; group < groups; group++)
            {
                (lines[group], starts[group]) = (line.WithoutY, line.WithoutX + place);
                place += Group;
                if (place == shape.Y)
                {
                    line.Advance(shape.Y);
                    place = 0;
                }
            }

            var places = (groups, starts[0], starts[1], starts[2], starts[3]);
            if (places != known)
            {
                known = places;
                for (var decay = 0; decay < Decays; decay++)
                {
                    ofBlock[decay] = SquareSum.OfGroups(withoutX.AveragesOf(decay), starts, groups);
                    ofBlock[Decays + decay] = SquareSum.OfGroups(withoutX.RootsOf(decay), starts, groups);
                }
            }

            for (var decay = 0; decay < Decays; decay++)
            {
                sumsWithoutX[decay] += ofBlock[decay];
                sumsWithoutX[decay + AdafacKernels.ToRoots] += ofBlock[Decays + decay];
                if (TinyMomenta.Has(tiny, decay))
                {
                    AddTinyProducts(
                        withoutY.FactorsOf(decay), lines, withoutX.FactorsOf(decay), starts, groups,
                        gradient, averages + (decay * slot), inverseRoots, sums + decay);
                }
                else
                {
                    AddProducts(
                        withoutY.FactorsOf(decay), lines, withoutX.FactorsOf(decay), starts, groups,
                        gradient, averages + (decay * slot), inverseRoots, sums + decay);
                }
            }

            AddSixteens(squares, lines, groups, ref averagesOfLines, ref rootsOfLines);
            gradient += groups * Group;
            averages += groups * Group;
            inverseRoots += groups * Group;
        }

        for (var decay = 0; decay < Decays; decay++)
        {
            sumsWithoutY[decay] += averagesOfLines[decay];
            sumsWithoutY[decay + AdafacKernels.ToRoots] += rootsOfLines[decay];
        }
    }

    // m/√(r+1e-6), g · f and m · f of one decay, in registers: writing them down takes longer than computing them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddProducts(
        float* ofLine,
        int* lines,
        float* ofPlace,
        int* starts,
        int groups,
        float* gradient,
        float* momentum,
        float* inverseRoots,
        double* sums)
    {
        var totals = Avx512F.IsSupported
            ? Wide(ofLine, lines, ofPlace, starts, groups, gradient, momentum, inverseRoots)
            : Narrow(ofLine, lines, ofPlace, starts, groups, gradient, momentum, inverseRoots);
        sums[AdafacKernels.MomentumByRms] += totals[0];
        sums[AdafacKernels.FactoredGradient] += totals[1];
        sums[AdafacKernels.FactoredMomentum] += totals[2];
    }

    // The same where momenta may be subnormal, and so slow: their products are computed lifted, and lowered as doubles.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTinyProducts(
        float* ofLine,
        int* lines,
        float* ofPlace,
        int* starts,
        int groups,
        float* gradient,
        float* momentum,
        float* inverseRoots,
        double* sums)
    {
        double* r = stackalloc double[SquareSum.Block], g = stackalloc double[SquareSum.Block], m = stackalloc double[SquareSum.Block];
        for (var i = 0; i < groups * Group; i += Vector256<float>.Count)
        {
            var group = i / Group;
            var factors = Vector256.Create(ofLine[lines[group]]) * Vector256.Load(ofPlace + starts[group] + (i % Group));
            var momenta = Vector256.Load(momentum + i);
            var inverse = Vector256.Load(inverseRoots + i);
            var small = Vector256.LessThan(Vector256.Abs(momenta), Vector256.Create(TinyMomenta.Bound));
            var others = Vector256.AndNot(momenta, small.AsSingle());
            var lifted = Subnormals.LiftedMagnitudes(momenta & small.AsSingle());
            Store(inverse * others, Subnormals.LiftedTimes(lifted, inverse), r + i);
            Store(factors * Vector256.Load(gradient + i), Vector256<float>.Zero, g + i);
            Store(factors * others, Subnormals.LiftedTimes(lifted, factors), m + i);
        }

        sums[AdafacKernels.MomentumByRms] += SquareSum.OfDoubles(r, groups * Group);
        sums[AdafacKernels.FactoredGradient] += SquareSum.OfDoubles(g, groups * Group);
        sums[AdafacKernels.FactoredMomentum] += SquareSum.OfDoubles(m, groups * Group);
    }

    // Of each number one of the two is 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> numbers, Vector256<float> lifted, double* to)
    {
        var scale = Vector256.Create(1.0 / Subnormals.Lift);
        (Vector256.WidenLower(numbers) + (Vector256.WidenLower(lifted) * scale)).Store(to);
        (Vector256.WidenUpper(numbers) + (Vector256.WidenUpper(lifted) * scale)).Store(to + Vector256<double>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Wide(
        float* ofLine, int* lines, float* ofPlace, int* starts, int groups, float* gradient, float* momentum, float* inverseRoots)
    {
        Vector512<double> r01 = default, r23 = default, g01 = default, g23 = default, m01 = default, m23 = default;
        for (var group = 0; group < groups; group++)
        {
            var standing = Vector256.Create(ofLine[lines[group]]);
            var moving = ofPlace + starts[group];
            Eight(standing, moving, gradient, momentum, inverseRoots, ref r01, ref g01, ref m01);
            Eight(standing, moving + 8, gradient + 8, momentum + 8, inverseRoots + 8, ref r23, ref g23, ref m23);
            gradient += Group;
            momentum += Group;
            inverseRoots += Group;
        }

        return SquareSum.Totals(
            SquareSum.Halves(r01) + SquareSum.Halves(r23), SquareSum.Halves(g01) + SquareSum.Halves(g23),
            SquareSum.Halves(m01) + SquareSum.Halves(m23));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Narrow(
        float* ofLine, int* lines, float* ofPlace, int* starts, int groups, float* gradient, float* momentum, float* inverseRoots)
    {
        Vector256<double> r0 = default, r1 = default, r2 = default, r3 = default;
        Vector256<double> g0 = default, g1 = default, g2 = default, g3 = default;
        Vector256<double> m0 = default, m1 = default, m2 = default, m3 = default;
        for (var group = 0; group < groups; group++)
        {
            var standing = Vector128.Create(ofLine[lines[group]]);
            var moving = ofPlace + starts[group];
            Four(standing, moving, gradient, momentum, inverseRoots, ref r0, ref g0, ref m0);
            Four(standing, moving + 4, gradient + 4, momentum + 4, inverseRoots + 4, ref r1, ref g1, ref m1);
            Four(standing, moving + 8, gradient + 8, momentum + 8, inverseRoots + 8, ref r2, ref g2, ref m2);
            Four(standing, moving + 12, gradient + 12, momentum + 12, inverseRoots + 12, ref r3, ref g3, ref m3);
            gradient += Group;
            momentum += Group;
            inverseRoots += Group;
        }

        return SquareSum.Totals((r0 + r1) + (r2 + r3), (g0 + g1) + (g2 + g3), (m0 + m1) + (m2 + m3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(
        Vector256<float> standing,
        float* moving,
        float* gradient,
        float* momentum,
        float* inverseRoots,
        ref Vector512<double> r,
        ref Vector512<double> g,
        ref Vector512<double> m)
    {
        var factors = standing * Vector256.Load(moving);
        var momenta = Vector256.Load(momentum);
        r = SquareSum.Add(r, Vector256.Load(inverseRoots) * momenta);
        g = SquareSum.Add(g, factors * Vector256.Load(gradient));
        m = SquareSum.Add(m, factors * momenta);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(
        Vector128<float> standing,
        float* moving,
        float* gradient,
        float* momentum,
        float* inverseRoots,
        ref Vector256<double> r,
        ref Vector256<double> g,
        ref Vector256<double> m)
    {
        var factors = standing * Vector128.Load(moving);
        var momenta = Vector128.Load(momentum);
        r = SquareSum.Add(r, Vector128.Load(inverseRoots) * momenta);
        g = SquareSum.Add(g, factors * Vector128.Load(gradient));
        m = SquareSum.Add(m, factors * momenta);
    }

    // Sixteen equal partial sums, added in pairs: sixteen times one of them, without rounding.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSixteens(
        double* squares, int* lines, int groups, ref Vector256<double> averages, ref Vector256<double> roots)
    {
        Vector256<double> ofAverages = default, ofRoots = default;
        for (var group = 0; group < groups; group++)
        {
            var of = squares + ((nint)lines[group] * LineSquares);
            ofAverages += Vector256.Load(of);
            ofRoots += Vector256.Load(of + (LineSquares / 2));
        }

        averages += ofAverages * Vector256.Create((double)Group);
        roots += ofRoots * Vector256.Create((double)Group);
    }

    // x² of the averages and of the roots without Y, of all decays, line by line.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SquaresOfLines(in FactoredSide side, double* squares)
    {
        float* averages = side.AveragesOf(0), roots = side.RootsOf(0);
        nint next = side.AverageStride, nextRoots = side.Stride;
        for (nint line = 0; line < side.Count; line++, squares += LineSquares)
        {
            Squares(averages + line, next).Store(squares);
            Squares(roots + line, nextRoots).Store(squares + (LineSquares / 2));
        }
    }

    // x² of three numbers, and 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Squares(float* x, nint stride)
    {
        var wide = SquareSum.Widened(Vector128.Create(x[0], x[stride], x[2 * stride], 0));
        return wide * wide;
    }
}
