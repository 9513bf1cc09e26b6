using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// What a tensor's rows and columns give, written down for some elements one after the other, so that registers hold elements of several
/// lines.
/// </summary>
/// <remarks>Averages and roots stand in the order of their features (<see cref="AdafacFeatures"/>), and factors, rows' by columns', behind.</remarks>
/// <param name="room">For <see cref="Room"/> floats.</param>
internal readonly unsafe struct WrittenTables(float* room)
{
    /// <summary>Elements at most: tables stay near to the first-level cache.</summary>
    public const int Elements = ElementRule.DirectElements;

    /// <summary>Floats from one table to the next.</summary>
    public const int Stride = ElementRule.DirectStride;

    /// <summary>Floats that they take.</summary>
    public const int Room = (Features + Decays) * Stride;

    private const int Decays = FactoredMoments.Decays;
    private const int Features = 2 * AdafacKernels.ToRoots;
    private const int First = AdafacKernels.Row;

    /// <summary>Factors.</summary>
    public DecayTables Factors => new(room + (Features * Stride), Stride);

    /// <summary>Tables of averages or roots.</summary>
    /// <param name="feature">That of the first decay, from <see cref="AdafacKernels.Row"/> on.</param>
    public DecayTables Of(int feature) => new(Table(feature), Stride);

    /// <summary>Writes the tables of some elements.</summary>
    /// <param name="shape">The tensor's dimensions.</param>
    /// <param name="withoutY">Its rows or columns without Y.</param>
    /// <param name="withoutX">Its rows or columns without X.</param>
    /// <param name="first">Index of the first element.</param>
    /// <param name="count">Elements, at most <see cref="Elements"/>.</param>
    public void Write(in Factoring shape, in FactoredSide withoutY, in FactoredSide withoutX, int first, int count)
    {
        if (shape.C == 1)
        {
            Write<Standing>(shape, withoutY, withoutX, first, count);
        }
        else
        {
            Write<Moving>(shape, withoutY, withoutX, first, count);
        }
    }

    /// <summary>Multiplies averages and roots by their scales.</summary>
    /// <param name="scales">Of all features.</param>
    /// <param name="count">Elements.</param>
    public void Scale(float* scales, int count)
    {
        for (var feature = First; feature < First + Features; feature++)
        {
            ElementBlock.Scale(Table(feature), count, scales[feature], Table(feature));
        }
    }

    /// <summary>Adds the squares of averages and roots, and of all that is multiplied by factors, in whole blocks of <see cref="SquareSum"/>.</summary>
    /// <param name="shape">The tensor's dimensions.</param>
    /// <param name="withoutY">Its rows or columns without Y.</param>
    /// <param name="withoutX">Its rows or columns without X.</param>
    /// <param name="length">Elements of the tensor; where they are no more than <see cref="Elements"/>, their tables stay.</param>
    /// <param name="gradient">The tensor's gradient.</param>
    /// <param name="averages">Its first momentum.</param>
    /// <param name="slot">Floats from one momentum to the next.</param>
    /// <param name="tiny">Which momenta, a bit each, have numbers below <see cref="TinyMomenta.Bound"/>.</param>
    /// <param name="inverseRoots">1/√(r+1e-6) of its elements.</param>
    /// <param name="sums">Of all features.</param>
    /// <returns>Index of the first element that is in no whole block.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int AddSquares(
        in Factoring shape,
        in FactoredSide withoutY,
        in FactoredSide withoutX,
        int length,
        float* gradient,
        float* averages,
        nint slot,
        int tiny,
        float* inverseRoots,
        double* sums)
    {
        const int Groups = SquareSum.Block / SquareSum.Partials;
        var places = stackalloc int[Groups];
        for (var group = 0; group < Groups; group++)
        {
            places[group] = group * SquareSum.Partials;
        }

        var factors = Factors.First;
        var products = stackalloc Vector256<double>[Decays];
        var element = 0;
        for (; element <= length - SquareSum.Block; element += SquareSum.Block)
        {
            var place = element % Elements;
            if (place == 0)
            {
                Write(shape, withoutY, withoutX, element, Math.Min(Elements, length - element));
            }

            SquareSum.AddBlocks(room + place, Stride, Features, SquareSum.Block, sums + First);
            for (var decay = 0; decay < Decays; decay++)
            {
                products[decay] += ProductSquares.Of<Written>(
                    null, places, factors + (decay * Stride) + place, places, Groups, gradient + element,
                    averages + (decay * slot) + element, inverseRoots + element, TinyMomenta.Has(tiny, decay));
            }
        }

        ProductSquares.Add(products, sums);
        return element;
    }

    private float* Table(int feature) => room + ((feature - First) * Stride);

    private void Write<TWithoutY>(in Factoring shape, in FactoredSide withoutY, in FactoredSide withoutX, int first, int count)
        where TWithoutY : struct, IPlacement
    {
        var ones = stackalloc float[AdafacKernels.Features];
        new Span<float>(ones, AdafacKernels.Features).Fill(1);
        var walk = new RunWalk(shape, first);
        for (var i = 0; i < count;)
        {
            var runs = walk.Take(count - i);
            AdafacKernels.Factors<TWithoutY>(withoutY, withoutX, runs, Factors.First + i, Stride);
            AdafacKernels.Spread<TWithoutY>(
                withoutY, runs.WithoutY, runs.StepWithoutY, runs, ones, Table(withoutY.Feature) + i, Stride);
            AdafacKernels.Spread<Moving>(withoutX, runs.WithoutX, runs.StepWithoutX, runs, ones, Table(withoutX.Feature) + i, Stride);
            i += runs.Elements;
        }
    }
}
