using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// The rows or the columns of a tensor: their averages, and what is computed once for each of them instead of once for
/// each element.
/// </summary>
/// <remarks>
/// Three of each, one for each decay. Reads go up to seven floats behind the averages, into what follows in the state.
/// </remarks>
internal readonly unsafe struct FactoredSide
{
    /// <summary>Number of rows, or of columns.</summary>
    public required int Count { get; init; }

    /// <summary>Averages of the first decay, in the state.</summary>
    public required float* Averages { get; init; }

    /// <summary>Floats from one decay's averages to the next.</summary>
    public required nint AverageStride { get; init; }

    /// <summary>1/√(average + 1e-8), [3 × <see cref="Stride"/>].</summary>
    public required float* Roots { get; init; }

    /// <summary>What the gradient and a momentum are multiplied by, [3 × <see cref="Stride"/>].</summary>
    public float* Factors => Roots + (FactoredMoments.Decays * Stride);

    /// <summary>Floats from one decay's roots or factors to the next.</summary>
    public int Stride => StrideOf(Count);

    /// <summary>Floats of the roots and factors of so many rows or columns.</summary>
    public static int Room(int count) => 2 * FactoredMoments.Decays * StrideOf(count);

    /// <summary>Computes the roots.</summary>
    public void TakeRoots()
    {
        for (var decay = 0; decay < FactoredMoments.Decays; decay++)
        {
            InverseRoots(Averages + (decay * AverageStride), Count, Roots + (decay * Stride));
        }
    }

    /// <summary>Computes the factors of columns; those of rows are <see cref="FactoredMoments.RowFactors"/>.</summary>
    public void TakeColumnFactors()
    {
        for (var decay = 0; decay < FactoredMoments.Decays; decay++)
        {
            InverseRootsOfLarge(Averages + (decay * AverageStride), Count, Factors + (decay * Stride));
        }
    }

    private static int StrideOf(int count) => Numerics.AlignedBuffer.Padded(count + Vector256<float>.Count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InverseRoots(float* averages, int count, float* to)
    {
        var epsilon = Vector256.Create(AdafacFeatures.AverageEpsilon);
        for (var i = 0; i < count; i += Vector256<float>.Count)
        {
            (Vector256<float>.One / Vector256.Sqrt(Vector256.Load(averages + i) + epsilon)).Store(to + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InverseRootsOfLarge(float* averages, int count, float* to)
    {
        var least = Vector256.Create(AdafacFeatures.LeastSquare);
        for (var i = 0; i < count; i += Vector256<float>.Count)
        {
            (Vector256<float>.One / Vector256.Sqrt(Vector256.Max(Vector256.Load(averages + i), least))).Store(to + i);
        }
    }
}
