using System.Runtime.CompilerServices;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// Σ x² of what a tensor's rows and columns give to its elements, without spreading it over them, where the order of
/// <see cref="SquareSum"/> allows it.
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

    /// <summary>Whether a tensor's sums are to be had in this way.</summary>
    public static bool Has(in Factoring shape) => shape.C == 1 && shape.Y % Group == 0;

    /// <summary>Adds the sums of the averages and of their roots, of each decay.</summary>
    /// <param name="shape">The tensor's dimensions.</param>
    /// <param name="withoutY">Its rows or columns without Y.</param>
    /// <param name="withoutX">Its rows or columns without X.</param>
    /// <param name="sums">Of all features.</param>
    public static void Add(in Factoring shape, in FactoredSide withoutY, in FactoredSide withoutX, double* sums)
    {
        double* sumsWithoutY = sums + withoutY.Feature, sumsWithoutX = sums + withoutX.Feature;
        int* lines = stackalloc int[Groups], starts = stackalloc int[Groups];
        var ofBlock = stackalloc double[2 * Decays];
        (int, int, int, int, int) known = default;
        var run = new RunWalk(shape, 0);
        for (var left = shape.A * shape.X * shape.B * shape.Y / Group; left > 0;)
        {
            var groups = Math.Min(Groups, left);
            left -= groups;
            for (var group = 0; group < groups; group++)
            {
                (lines[group], starts[group]) = (run.WithoutY, run.WithoutX);
                run.Advance(Group);
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
            }

            AddSixteens(withoutY.Averages, withoutY.AverageStride, lines, groups, sumsWithoutY);
            AddSixteens(withoutY.RootsOf(0), withoutY.Stride, lines, groups, sumsWithoutY + AdafacKernels.ToRoots);
        }
    }

    // Sixteen equal partial sums, added in pairs: sixteen times one of them, without rounding.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSixteens(float* values, nint stride, int* lines, int groups, double* sums)
    {
        double s0 = 0, s1 = 0, s2 = 0;
        float* v1 = values + stride, v2 = v1 + stride;
        for (var group = 0; group < groups; group++)
        {
            nint line = lines[group];
            s0 += Square(values[line]);
            s1 += Square(v1[line]);
            s2 += Square(v2[line]);
        }

        sums[0] += Group * s0;
        sums[1] += Group * s1;
        sums[2] += Group * s2;
    }

    private static double Square(double value) => value * value;
}
