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

    private FactoredSide _withoutY;
    private FactoredSide _withoutX;
    private WrittenTables _written;
    private float* _room;
    private double* _lineSquares;

    /// <inheritdoc/>
    public static int Count => AdafacKernels.Features;

    /// <inheritdoc/>
    public static bool AreLifted => false;

    /// <summary>The tensor's gradient.</summary>
    public required float* Gradient { get; init; }

    /// <summary>The tensor.</summary>
    public required float* Parameters { get; init; }

    /// <summary>The tensor's part of three slots of momenta and one of mean squares.</summary>
    public required float* Averages { get; init; }

    /// <summary>The same with 0 in the place of tiny momenta; null where there are none, or the network's weights are too large.</summary>
    public required float* Cleared { get; init; }

    /// <summary>Which momenta have tiny numbers (<see cref="TinyMomenta.Has"/>).</summary>
    public required int Tiny { get; init; }

    /// <summary>1/√(mean square + 1e-6) of the tensor's elements.</summary>
    public required float* InverseRoots { get; init; }

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
        _room = scratch.Room(ElementBlock.Stride);
        if (Shape is not { } shape)
        {
            FactoredMoments.AddUnfactored(Length, Factored, Gradient, rates, scratch.Means(Length));
            return;
        }

        var stride = shape.Rows + shape.Columns;
        FactoredMoments.Add(shape, Factored, Gradient, rates, scratch.Means(stride));
        var tables = scratch.Tables(FactoredSide.Room(shape.Rows) + FactoredSide.Room(shape.Columns));
        var rows = new FactoredSide
        {
            Count = shape.Rows,
            Feature = AdafacKernels.Row,
            Averages = Factored,
            AverageStride = stride,
            Tables = tables,
            Stride = FactoredSide.StrideOf(shape.Rows),
        };
        var columns = new FactoredSide
        {
            Count = shape.Columns,
            Feature = AdafacKernels.Column,
            Averages = Factored + shape.Rows,
            AverageStride = stride,
            Tables = tables + FactoredSide.Room(shape.Rows),
            Stride = FactoredSide.StrideOf(shape.Columns),
        };
        rows.TakeRoots();
        columns.TakeRoots();
        columns.TakeColumnFactors();
        FactoredMoments.RowFactors(shape, Factored, rows.FactorsOf(0), rows.Stride);
        (_withoutY, _withoutX) = shape.LaterIsLargest ? (rows, columns) : (columns, rows);
        _lineSquares = scratch.LineSquares(FactoredSquares.Room(_withoutY));
        _written = new WrittenTables(scratch.Written(WrittenTables.Room));
    }

    /// <inheritdoc/>
    public readonly void SumSquares(float* block, double* sums)
    {
        new Span<double>(sums, AdafacKernels.Features).Clear();
        sums[0] = SquareSum.OfRow(Gradient, Length);
        sums[1] = SquareSum.OfRow(Parameters, Length);
        SquareSum.OfRows(Averages, Slot, AdafacKernels.Copies - 2, Length, sums + 2);
        var whole = 0;
        if (Shape is { } shape)
        {
            whole = FactoredSquares.Has(shape)
                ? FactoredSquares.Add(shape, _withoutY, _withoutX, Gradient, Averages, Slot, Tiny, InverseRoots, _lineSquares, sums)
                : _written.AddSquares(shape, _withoutY, _withoutX, Length, Gradient, Averages, Slot, Tiny, InverseRoots, sums);
            sums[AdafacKernels.InverseRms] = SquareSum.OfRow(InverseRoots, whole);
        }

        // What is in no whole block, scalars and vectors.
        var ones = stackalloc float[AdafacKernels.Features];
        new Span<float>(ones, AdafacKernels.Features).Fill(1);
        for (var first = whole; first < Length; first += SquareSum.Block)
        {
            var count = Math.Min(SquareSum.Block, Length - first);
            Derive(first, count, ones, block);
            if (count % SquareSum.Partials > 0)
            {
                ElementBlock.ClearBehind(block, AdafacKernels.Features, count);
            }

            SquareSum.AddBlocks(
                block + (AdafacKernels.Copies * ElementBlock.Stride), ElementBlock.Stride, AdafacKernels.Features - AdafacKernels.Copies,
                count, sums + AdafacKernels.Copies);
        }
    }

    /// <inheritdoc/>
    public readonly void Write(int first, int count, float* scales, float lift, float* block)
    {
        for (var f = 0; f < AdafacKernels.Copies; f++)
        {
            ElementBlock.Scale(Values(f) + first, count, scales[f], block + (f * ElementBlock.Stride));
        }

        Derive(first, count, scales, block);
    }

    /// <inheritdoc/>
    /// <remarks>Of tensors of rank 2 or more, by the usual network, but for what fills no register.</remarks>
    public readonly int Direct(OptimizerNetwork network)
    {
        if (Shape is not { } shape || !AdafacTile.Is(network))
        {
            return 0;
        }

        return GoesByLines(shape)
            ? AdafacTile.ElementsOfLines(shape, AdafacTile.Register)
            : Length / AdafacTile.Register * AdafacTile.Register;
    }

    /// <inheritdoc/>
    public readonly int Outputs(float* weights, float* firstBiases, float* scales, int count, int from, float* outputs)
    {
        // Where tables are those of elements, these are counted from the first one.
        var shape = Shape!.Value;
        var byLines = GoesByLines(shape);
        var origin = byLines ? 0 : from;
        var some = byLines ? count : Math.Min(WrittenTables.Elements, count - from);
        var operands = new AdafacOperands
        {
            Weights = weights,
            Biases = firstBiases,
            Scales = scales,
            Gradient = Gradient + origin,
            Parameters = Parameters + origin,
            Averages = Averages + origin,
            Cleared = Cleared is null ? null : Cleared + origin,
            Tiny = Tiny,
            Slot = Slot,
            InverseRoots = InverseRoots + origin,
            Tables = byLines ? TablesOfLines(shape, scales, from) : TablesOfElements(shape, scales, from, some),
        };
        return origin + AdafacTile.Run(operands, some, from - origin, outputs);
    }

    // A matrix; where its lines are no whole registers, one so large that writing tables for the elements would cost more.
    private readonly bool GoesByLines(in Factoring shape) =>
        shape is { A: 1, B: 1, C: 1 }
        && (FactoredSquares.Has(shape)
            || (Length > WrittenTables.Elements && AdafacTile.ElementsOfLines(shape, AdafacTile.Register) > 0));

    private readonly AdafacTables TablesOfLines(in Factoring shape, float* scales, int from)
    {
        if (from == 0)
        {
            _withoutY.TakeScaled(scales);
            _withoutX.TakeScaled(scales);
        }

        return AdafacTables.OfLines(shape, _withoutY, _withoutX);
    }

    private readonly AdafacTables TablesOfElements(in Factoring shape, float* scales, int from, int count)
    {
        // The sums of squares leave those of a small tensor behind.
        if (FactoredSquares.Has(shape) || Length is < SquareSum.Block or > WrittenTables.Elements)
        {
            _written.Write(shape, _withoutY, _withoutX, from, count);
        }

        _written.Scale(scales, count);
        return AdafacTables.OfElements(_written);
    }

    private readonly float* Values(int copy) => copy switch
    {
        0 => Gradient,
        1 => Parameters,
        _ => Averages + ((copy - 2) * Slot),
    };

    /// <summary>Writes the features that are no copies.</summary>
    /// <param name="first">Index of the first element.</param>
    /// <param name="count">Number of elements.</param>
    /// <param name="scales">[28].</param>
    /// <param name="block">Receives them.</param>
    private readonly void Derive(int first, int count, float* scales, float* block)
    {
        AdafacKernels.ByRms(Averages + first, Slot, InverseRoots + first, count, scales, block);
        if (Shape is not { } shape)
        {
            AdafacKernels.Unfactored(
                GradientOf(first, count), Averages + first, Slot, Factored + first, Length, count, scales, block);
        }
        else if (shape.C == 1)
        {
            DeriveRuns<Standing>(shape, first, count, scales, block);
        }
        else
        {
            DeriveRuns<Moving>(shape, first, count, scales, block);
        }
    }

    private readonly void DeriveRuns<TWithoutY>(
        in Factoring shape, int first, int count, float* scales, float* block)
        where TWithoutY : struct, IPlacement
    {
        var walk = new RunWalk(shape, first);
        while (count > 0)
        {
            var runs = walk.Take(count);
            AdafacKernels.ByFactors<TWithoutY>(
                _withoutY, _withoutX, runs, GradientOf(first, runs.Elements), Averages + first, Slot, scales, block);
            AdafacKernels.Spread<TWithoutY>(
                _withoutY, runs.WithoutY, runs.StepWithoutY, runs, scales, block + (_withoutY.Feature * ElementBlock.Stride), ElementBlock.Stride);
            AdafacKernels.Spread<Moving>(
                _withoutX, runs.WithoutX, runs.StepWithoutX, runs, scales, block + (_withoutX.Feature * ElementBlock.Stride), ElementBlock.Stride);
            first += runs.Elements;
            block += runs.Elements;
            count -= runs.Elements;
        }
    }

    /// <summary>The gradient of some elements, readable to the end of the last vector.</summary>
    /// <remarks>
    /// A vector that reaches behind the tensor could reach behind the gradient's memory: then the numbers are copied.
    /// The state, where the averages are, goes on for more than a vector.
    /// </remarks>
    private readonly float* GradientOf(int first, int count)
    {
        var from = Gradient + first;
        if (first + count + AdafacKernels.Lanes <= Length)
        {
            return from;
        }

        new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(_room, count));
        return _room;
    }
}
