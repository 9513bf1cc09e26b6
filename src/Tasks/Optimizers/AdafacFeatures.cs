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

    private FactoredSide _rows;
    private FactoredSide _columns;

    /// <inheritdoc/>
    public static int Count => AdafacKernels.Features;

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

    /// <summary>The tensor's dimensions; null for scalars and vectors.</summary>
    public required Factoring? Shape { get; init; }

    /// <summary>Elements of the tensor.</summary>
    public required int Length { get; init; }

    /// <summary>Moves the factored averages on; comes before the features.</summary>
    /// <param name="rates">1 − decay, [3].</param>
    /// <param name="scratch">This thread's.</param>
    public void TakeGradient(ReadOnlySpan<float> rates, RuleScratch scratch)
    {
        if (Shape is not { } shape)
        {
            FactoredMoments.AddUnfactored(Length, Factored, Gradient, rates, scratch.Means(Length));
            return;
        }

        var stride = shape.Rows + shape.Columns;
        FactoredMoments.Add(shape, Factored, Gradient, rates, scratch.Means(stride));
        var ofRows = FactoredSide.Room(shape.Rows);
        var tables = scratch.Tables(ofRows + FactoredSide.Room(shape.Columns));
        _rows = new FactoredSide
        {
            Count = shape.Rows,
            Averages = Factored,
            AverageStride = stride,
            Roots = tables,
        };
        _columns = new FactoredSide
        {
            Count = shape.Columns,
            Averages = Factored + shape.Rows,
            AverageStride = stride,
            Roots = tables + ofRows,
        };
        _rows.TakeRoots();
        _columns.TakeRoots();
        _columns.TakeColumnFactors();
        FactoredMoments.RowFactors(shape, Factored, _rows.Factors, _rows.Stride);
    }

    /// <inheritdoc/>
    public readonly void SumSquares(float* block, double* sums)
    {
        var ones = stackalloc float[AdafacKernels.Features];
        new Span<float>(ones, AdafacKernels.Features).Fill(1);
        new Span<double>(sums, AdafacKernels.Features).Clear();
        for (var first = 0; first < Length; first += SquareSum.Block)
        {
            var count = Math.Min(SquareSum.Block, Length - first);
            Write(first, count, ones, block);
            for (var f = 0; f < AdafacKernels.Features && count % AlignedBuffer.Unit > 0; f++)
            {
                var row = block + (f * ElementBlock.Stride);
                new Span<float>(row + count, AlignedBuffer.Padded(count) - count).Clear();
            }

            SquareSum.AddBlocks(block, ElementBlock.Stride, AdafacKernels.Features, count, sums);
        }
    }

    /// <inheritdoc/>
    public readonly void Write(int first, int count, float* scales, float* block)
    {
        if (Shape is { } shape)
        {
            Spread(shape, first, count, scales, block);
        }

        // A vector that reaches behind the tensor could reach behind the lane: of gradient and parameters, whose memory
        // may end there, the last numbers are copied. The state goes on for more than a vector.
        var whole = count & -AdafacKernels.Lanes;
        WriteVectors(first, whole, Gradient + first, Parameters + first, scales, block);
        if (whole < count)
        {
            var rest = stackalloc float[2 * AdafacKernels.Lanes];
            new Span<float>(rest, 2 * AdafacKernels.Lanes).Clear();
            Copy(Gradient + first + whole, count - whole, rest);
            Copy(Parameters + first + whole, count - whole, rest + AdafacKernels.Lanes);
            WriteVectors(first + whole, 1, rest, rest + AdafacKernels.Lanes, scales, block + whole);
        }
    }

    private static void Copy(float* from, int count, float* to) =>
        new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));

    private readonly void WriteVectors(
        int first, int count, float* gradient, float* parameters, float* scales, float* block)
    {
        var averages = Averages + first;
        AdafacKernels.Own(gradient, parameters, averages, Slot, count, scales, block);
        if (Shape is null)
        {
            AdafacKernels.Unfactored(gradient, averages, Slot, Factored + first, Length, count, scales, block);
        }
        else
        {
            AdafacKernels.ByFactors(gradient, averages, Slot, count, scales, block);
        }
    }

    private readonly void Spread(in Factoring shape, int first, int count, float* scales, float* block)
    {
        var run = new ElementRun(shape, first);
        for (var at = 0; at < count; run.Advance())
        {
            var length = Math.Min(run.Length, count - at);
            var row = shape.LaterIsLargest ? run.WithoutY : run.WithoutX;
            var column = shape.LaterIsLargest ? run.WithoutX : run.WithoutY;
            if (shape.C > 1)
            {
                AdafacKernels.Spread<Moving, Moving>(_rows, row, _columns, column, length, scales, block + at);
            }
            else if (shape.LaterIsLargest)
            {
                AdafacKernels.Spread<Standing, Moving>(_rows, row, _columns, column, length, scales, block + at);
            }
            else
            {
                AdafacKernels.Spread<Moving, Standing>(_rows, row, _columns, column, length, scales, block + at);
            }

            at += length;
        }
    }
}
