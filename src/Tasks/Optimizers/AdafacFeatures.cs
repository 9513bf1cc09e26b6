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
    }

    /// <inheritdoc/>
    public readonly void SumSquares(float* block, double* sums)
    {
        new Span<double>(sums, AdafacKernels.Features).Clear();
        SquareSum.OfRows(Gradient, 0, 1, Length, sums);
        SquareSum.OfRows(Parameters, 0, 1, Length, sums + 1);
        SquareSum.OfRows(Averages, Slot, AdafacKernels.Copies - 2, Length, sums + 2);
        if (Shape is { } shape && FactoredSquares.Has(shape))
        {
            SquareSum.OfRows(InverseRoots, 0, 1, Length, sums + AdafacKernels.InverseRms);
            FactoredSquares.Add(shape, _withoutY, _withoutX, Gradient, Averages, Slot, Tiny, InverseRoots, _lineSquares, sums);
            return;
        }

        var ones = stackalloc float[AdafacKernels.Features];
        new Span<float>(ones, AdafacKernels.Features).Fill(1);
        for (var first = 0; first < Length; first += SquareSum.Block)
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
    /// <remarks>Of a matrix, by the usual network; none where its lines leave registers half empty.</remarks>
    public readonly int Direct(OptimizerNetwork network) =>
        Shape is { A: 1, B: 1, C: 1 } shape && AdafacTile.Is(network) ? AdafacTile.Elements(shape) : 0;

    /// <inheritdoc/>
    public readonly int Outputs(float* weights, float* firstBiases, float* scales, int count, int from, float* outputs)
    {
        if (from == 0)
        {
            _withoutY.TakeScaled(scales);
            _withoutX.TakeScaled(scales);
        }

        var operands = new AdafacOperands
        {
            Weights = weights,
            Biases = firstBiases,
            Scales = scales,
            Gradient = Gradient,
            Parameters = Parameters,
            Averages = Averages,
            Cleared = Cleared,
            Tiny = Tiny,
            Slot = Slot,
            InverseRoots = InverseRoots,
            WithoutY = _withoutY,
            WithoutX = _withoutX,
        };
        return AdafacTile.Run(operands, Shape!.Value, count, from, outputs);
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
            AdafacKernels.Spread<TWithoutY>(_withoutY, runs.WithoutY, runs.StepWithoutY, runs, scales, block);
            AdafacKernels.Spread<Moving>(_withoutX, runs.WithoutX, runs.StepWithoutX, runs, scales, block);
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
