using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>The 28 features of <see cref="AdafacMlpOptimizer"/>, from averages that have seen the gradient.</summary>
/// <remarks>
/// In this order, where [3] counts decays: g; p; m [3]; r; m/√(r+1e-6) [3]; 1/√(r+1e-6); g · f [3]; row [3]; column
/// [3];
/// 1/√(row+1e-8) [3]; 1/√(column+1e-8) [3]; m · f [3], with f the row factor times the column factor. For scalars and
/// vectors row and column are both the element's own average v, g's factor is 1/√(v+1e-9) and m's is 1/√(v+1e-6).
/// </remarks>
internal unsafe struct AdafacFeatures : IElementFeatures
{
    /// <summary>Least number of which a root is divided by.</summary>
    public const float LeastSquare = 1e-9f;

    /// <summary>Added to a mean square before its root is taken.</summary>
    public const float RmsEpsilon = 1e-6f;

    /// <summary>Added to a factored average before its root is taken as a feature.</summary>
    public const float AverageEpsilon = 1e-8f;

    private const int Block = ElementRule.Block;
    private const int FactoredGradient = 10;
    private const int Row = 13;
    private const int Column = 16;
    private const int FactoredMomentum = 25;

    /// <inheritdoc/>
    public static int Count => 28;

    /// <summary>The tensor's gradient.</summary>
    public required float* Gradient { get; init; }

    /// <summary>The tensor.</summary>
    public required float* Parameters { get; init; }

    /// <summary>The tensor's part of three slots of momenta and one of mean squares.</summary>
    public required float* Averages { get; init; }

    /// <summary>Floats from one slot to the next.</summary>
    public required nint Slot { get; init; }

    /// <summary>The tensor's part of the factored averages.</summary>
    public required float* Factored { get; init; }

    /// <summary>Room for [3 × rows] row factors; null for scalars and vectors.</summary>
    public required float* RowFactors { get; init; }

    /// <summary>The tensor's dimensions; unused for scalars and vectors.</summary>
    public required Factoring Shape { get; init; }

    /// <summary>Elements of the tensor.</summary>
    public required int Length { get; init; }

    /// <summary>Moves the factored averages on; comes before <see cref="Write"/>.</summary>
    /// <param name="rates">1 − decay, [3].</param>
    public readonly void TakeGradient(ReadOnlySpan<float> rates)
    {
        if (RowFactors is null)
        {
            FactoredMoments.AddUnfactored(Length, Factored, Gradient, rates);
        }
        else
        {
            FactoredMoments.Add(Shape, Factored, Gradient, rates);
            FactoredMoments.RowFactors(Shape, Factored, RowFactors);
        }
    }

    /// <inheritdoc/>
    public readonly void Write(int first, int count, float* block)
    {
        Copy(Gradient + first, count, block);
        Copy(Parameters + first, count, block + Block);
        for (var slot = 0; slot < 4; slot++)
        {
            Copy(Averages + (slot * Slot) + first, count, block + ((2 + slot) * Block));
        }

        var columns = AlignedBuffer.Padded(count);
        MomentaByRms(block, columns);
        if (RowFactors is null)
        {
            for (var decay = 0; decay < FactoredMoments.Decays; decay++)
            {
                Copy(Factored + (decay * Length) + first, count, block + ((Row + decay) * Block));
                Copy(Factored + (decay * Length) + first, count, block + ((Column + decay) * Block));
                Unfactored(block + (decay * Block), block, columns);
            }
        }
        else
        {
            Gather(first, count, block);
            for (var decay = 0; decay < FactoredMoments.Decays; decay++)
            {
                ByFactors(block + (decay * Block), block, columns);
            }
        }

        for (var row = Row; row < Column + FactoredMoments.Decays; row++)
        {
            InverseRoot(block + (row * Block), block + ((row + 6) * Block), columns);
        }
    }

    private static void Copy(float* from, int count, float* to) =>
        new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MomentaByRms(float* block, int columns)
    {
        for (var i = 0; i < columns; i += Vector256<float>.Count)
        {
            var rms = Vector256.Load(block + (5 * Block) + i);
            var inverse = Vector256<float>.One / Vector256.Sqrt(rms + Vector256.Create(RmsEpsilon));
            for (var decay = 2; decay < 5; decay++)
            {
                (Vector256.Load(block + (decay * Block) + i) * inverse).Store(block + ((decay + 4) * Block) + i);
            }

            inverse.Store(block + (9 * Block) + i);
        }
    }

    // Row factors already stand where the product with the gradient will.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByFactors(float* ofDecay, float* gradient, int columns)
    {
        for (var i = 0; i < columns; i += Vector256<float>.Count)
        {
            var column = Vector256.Load(ofDecay + (Column * Block) + i);
            var columnFactor = Vector256<float>.One
                / Vector256.Sqrt(Vector256.Max(column, Vector256.Create(LeastSquare)));
            var factor = Vector256.Load(ofDecay + (FactoredGradient * Block) + i) * columnFactor;
            (Vector256.Load(gradient + i) * factor).Store(ofDecay + (FactoredGradient * Block) + i);
            (Vector256.Load(ofDecay + (2 * Block) + i) * factor).Store(ofDecay + (FactoredMomentum * Block) + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unfactored(float* ofDecay, float* gradient, int columns)
    {
        for (var i = 0; i < columns; i += Vector256<float>.Count)
        {
            // v + 1e-9 is never below the least square: v is an average of squares.
            var average = Vector256.Load(ofDecay + (Row * Block) + i);
            var forGradient = Vector256.Sqrt(average + Vector256.Create(LeastSquare));
            var forMomentum = Vector256.Sqrt(average + Vector256.Create(RmsEpsilon));
            (Vector256.Load(gradient + i) / forGradient).Store(ofDecay + (FactoredGradient * Block) + i);
            (Vector256.Load(ofDecay + (2 * Block) + i) / forMomentum).Store(ofDecay + (FactoredMomentum * Block) + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InverseRoot(float* from, float* to, int columns)
    {
        for (var i = 0; i < columns; i += Vector256<float>.Count)
        {
            var root = Vector256.Sqrt(Vector256.Load(from + i) + Vector256.Create(AverageEpsilon));
            (Vector256<float>.One / root).Store(to + i);
        }
    }

    /// <summary>Spreads row averages, column averages and row factors over the elements.</summary>
    private readonly void Gather(int first, int count, float* block)
    {
        var (rows, columns) = (Shape.Rows, Shape.Columns);
        var place = new ElementPlace(Shape, first);
        for (var i = 0; i < count; i++, place.Advance())
        {
            var (row, column) = (place.Row, place.Column);
            for (var decay = 0; decay < FactoredMoments.Decays; decay++)
            {
                var averages = Factored + (decay * (rows + columns));
                block[((FactoredGradient + decay) * Block) + i] = RowFactors[(decay * rows) + row];
                block[((Row + decay) * Block) + i] = averages[row];
                block[((Column + decay) * Block) + i] = averages[rows + column];
            }
        }
    }
}
