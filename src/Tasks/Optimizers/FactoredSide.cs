using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

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

    /// <summary>Feature of the first decay's average; that of its root stands six behind.</summary>
    public required int Feature { get; init; }

    /// <summary>Averages of the first decay, in the state.</summary>
    public required float* Averages { get; init; }

    /// <summary>Floats from one decay's averages to the next.</summary>
    public required nint AverageStride { get; init; }

    /// <summary>Room for <see cref="Room"/> floats.</summary>
    public required float* Tables { get; init; }

    /// <summary>Floats from one decay's roots or factors to the next.</summary>
    public required int Stride { get; init; }

    /// <summary>Floats from one decay's roots or factors to the next, for so many rows or columns.</summary>
    public static int StrideOf(int count) => AlignedBuffer.Padded(count + Vector256<float>.Count);

    /// <summary>Floats of the tables of so many rows or columns: roots, factors, and averages and roots times their scales.</summary>
    public static int Room(int count) => 4 * FactoredMoments.Decays * StrideOf(count);

    /// <summary>The averages of a decay.</summary>
    public float* AveragesOf(int decay) => Averages + (decay * AverageStride);

    /// <summary>1/√(average + 1e-8) of a decay.</summary>
    public float* RootsOf(int decay) => Tables + (decay * Stride);

    /// <summary>What the gradient and the momentum of a decay are multiplied by.</summary>
    public float* FactorsOf(int decay) => Tables + ((FactoredMoments.Decays + decay) * Stride);

    /// <summary>What the gradient and momenta are multiplied by.</summary>
    public DecayTables Factors => new(FactorsOf(0), Stride);

    /// <summary>Averages times their features' scales.</summary>
    public DecayTables Scaled => new(Tables + (2 * FactoredMoments.Decays * Stride), Stride);

    /// <summary>Roots times their features' scales.</summary>
    public DecayTables ScaledRoots => new(Scaled.First + (FactoredMoments.Decays * Stride), Stride);

    /// <summary>Computes averages and roots times their scales.</summary>
    /// <param name="scales">Of all features.</param>
    public void TakeScaled(float* scales)
    {
        float* averages = Scaled.First, roots = ScaledRoots.First;
        scales += Feature;
        for (var decay = 0; decay < FactoredMoments.Decays; decay++, averages += Stride, roots += Stride)
        {
            ElementBlock.Scale(AveragesOf(decay), Count, scales[decay], averages);
            ElementBlock.Scale(RootsOf(decay), Count, scales[decay + AdafacKernels.ToRoots], roots);
        }
    }

    /// <summary>Computes the roots.</summary>
    public void TakeRoots()
    {
        for (var decay = 0; decay < FactoredMoments.Decays; decay++)
        {
            InverseRoots(AveragesOf(decay), Count, RootsOf(decay));
        }
    }

    /// <summary>Computes the factors of columns; those of rows are <see cref="FactoredMoments.RowFactors"/>.</summary>
    public void TakeColumnFactors()
    {
        for (var decay = 0; decay < FactoredMoments.Decays; decay++)
        {
            InverseRootsOfLarge(AveragesOf(decay), Count, FactorsOf(decay));
        }
    }

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
