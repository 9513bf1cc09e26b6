using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    /// <returns>Number of elements: all of the tensor.</returns>
    public static int Add(
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
        var products = stackalloc Vector256<double>[Decays];
        (int, int, int, int, int) known = default;
        SquaresOfLines(withoutY, squares);
        Vector256<double> averagesOfLines = default, rootsOfLines = default;
        var line = new RunWalk(shape, 0);
        var place = 0;
        var elements = shape.A * shape.X * shape.B * shape.Y;
        for (var left = elements / Group; left > 0;)
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
                products[decay] += ProductSquares.Of<OfBoth>(
                    withoutY.FactorsOf(decay), lines, withoutX.FactorsOf(decay), starts, groups,
                    gradient, averages + (decay * slot), inverseRoots, TinyMomenta.Has(tiny, decay));
            }

            AddSixteens(squares, lines, groups, ref averagesOfLines, ref rootsOfLines);
            gradient += groups * Group;
            averages += groups * Group;
            inverseRoots += groups * Group;
        }

        ProductSquares.Add(products, sums);
        for (var decay = 0; decay < Decays; decay++)
        {
            sumsWithoutY[decay] += averagesOfLines[decay];
            sumsWithoutY[decay + AdafacKernels.ToRoots] += rootsOfLines[decay];
        }

        return elements;
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
