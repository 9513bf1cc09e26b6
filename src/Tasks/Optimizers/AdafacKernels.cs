using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Optimizers;

/// <summary>Writes the features of <see cref="AdafacFeatures"/>, in its order, each times its scale.</summary>
/// <remarks>
/// Counts are rounded up to whole vectors: of what is read, except where rows and columns stand, and of what is written.
/// </remarks>
internal static unsafe class AdafacKernels
{
    /// <summary>Number of features.</summary>
    public const int Features = 28;

    /// <summary>Elements of a vector.</summary>
    public const int Lanes = 8;

    private const int Stride = ElementBlock.Stride;
    private const int Decays = FactoredMoments.Decays;
    private const int Momentum = 2;
    private const int MeanSquare = 5;
    private const int MomentumByRms = 6;
    private const int InverseRms = 9;
    private const int FactoredGradient = 10;
    private const int Row = 13;
    private const int Column = 16;
    private const int RowRoot = 19;
    private const int ColumnRoot = 22;
    private const int FactoredMomentum = 25;

    /// <summary>The features that need no factored average.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Own(
        float* gradient, float* parameters, float* averages, nint slot, int count, float* scales, float* block)
    {
        var epsilon = Vector256.Create(AdafacFeatures.RmsEpsilon);
        for (nint i = 0; i < count; i += Lanes)
        {
            var meanSquares = Vector256.Load(averages + (MeanSquare - Momentum) * slot + i);
            var inverse = Vector256<float>.One / Vector256.Sqrt(meanSquares + epsilon);
            Store(Vector256.Load(gradient + i), scales, block + i, 0);
            Store(Vector256.Load(parameters + i), scales, block + i, 1);
            Store(meanSquares, scales, block + i, MeanSquare);
            Store(inverse, scales, block + i, InverseRms);
            var momenta = Vector256.Load(averages + i);
            Store(momenta, scales, block + i, Momentum);
            Store(momenta * inverse, scales, block + i, MomentumByRms);
            momenta = Vector256.Load(averages + slot + i);
            Store(momenta, scales, block + i, Momentum + 1);
            Store(momenta * inverse, scales, block + i, MomentumByRms + 1);
            momenta = Vector256.Load(averages + (2 * slot) + i);
            Store(momenta, scales, block + i, Momentum + 2);
            Store(momenta * inverse, scales, block + i, MomentumByRms + 2);
        }
    }

    /// <summary>
    /// Gradient and momenta by the factors that <see cref="Spread"/> left in the gradient's place.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ByFactors(
        float* gradient, float* averages, nint slot, int count, float* scales, float* block)
    {
        for (var decay = 0; decay < Decays; decay++, averages += slot, scales++, block += Stride)
        {
            for (nint i = 0; i < count; i += Lanes)
            {
                var factors = Vector256.Load(block + (FactoredGradient * Stride) + i);
                Store(Vector256.Load(gradient + i) * factors, scales, block + i, FactoredGradient);
                Store(Vector256.Load(averages + i) * factors, scales, block + i, FactoredMomentum);
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
                Store(inverse, scales, block + i, RowRoot);
                Store(inverse, scales, block + i, ColumnRoot);
            }
        }
    }

    /// <summary>
    /// Averages, roots and factors of rows and columns, spread over the elements of a run; the product of the factors,
    /// unscaled, takes the gradient's place.
    /// </summary>
    /// <param name="rows">The tensor's rows.</param>
    /// <param name="row">Of the run's first element.</param>
    /// <param name="columns">The tensor's columns.</param>
    /// <param name="column">Of the run's first element.</param>
    /// <param name="count">Elements.</param>
    /// <param name="scales">[28].</param>
    /// <param name="block">Column of the first element.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spread<TRows, TColumns>(
        in FactoredSide rows, nint row, in FactoredSide columns, nint column, int count, float* scales, float* block)
        where TRows : struct, IPlacement
        where TColumns : struct, IPlacement
    {
        float* rowAverages = rows.Averages + row, columnAverages = columns.Averages + column;
        float* rowRoots = rows.Roots + row, columnRoots = columns.Roots + column;
        float* rowFactors = rows.Factors + row, columnFactors = columns.Factors + column;
        for (var decay = 0; decay < Decays; decay++, scales++, block += Stride)
        {
            for (nint i = 0; i < count; i += Lanes)
            {
                (TRows.At(rowFactors, i) * TColumns.At(columnFactors, i)).Store(block + (FactoredGradient * Stride) + i);
                Store(TRows.At(rowAverages, i), scales, block + i, Row);
                Store(TColumns.At(columnAverages, i), scales, block + i, Column);
                Store(TRows.At(rowRoots, i), scales, block + i, RowRoot);
                Store(TColumns.At(columnRoots, i), scales, block + i, ColumnRoot);
            }

            rowAverages += rows.AverageStride;
            columnAverages += columns.AverageStride;
            rowRoots += rows.Stride;
            columnRoots += columns.Stride;
            rowFactors += rows.Stride;
            columnFactors += columns.Stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> values, float* scales, float* block, int feature) =>
        (values * Vector256.Create(scales[feature])).Store(block + (feature * Stride));
}
