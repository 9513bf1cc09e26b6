using Involute.Tasks.Numerics;

namespace Involute.Tasks.Images;

/// <summary>A matrix of which rows are read a few columns at a time: [example, unit], or [unit, example].</summary>
/// <remarks>
/// Columns behind the last one, up to a whole panel, are there and stay finite. Rows of more than two cache lines are an odd
/// number of lines apart, so that the same columns of many rows do not meet in few sets of the cache.
/// </remarks>
internal sealed unsafe class SpacedRows : IDisposable
{
    // Columns of a block: thirty-two columns of as many rows of weights stay in a first-level cache of 32 KiB.
    private const int BlockColumns = 128;

    private readonly AlignedBuffer _values;

    /// <summary>Allocates zeros.</summary>
    /// <param name="rows">Number of rows; the memory has whole blocks of sixteen.</param>
    /// <param name="columns">Values of a row.</param>
    public SpacedRows(int rows, int columns)
    {
        Stride = StrideOf(columns);
        _values = new AlignedBuffer(checked(AlignedBuffer.Padded(rows) * Stride));
        Blocks = new ColumnBlock[(columns + BlockColumns - 1) / BlockColumns];
        for (var i = 0; i < Blocks.Length; i++)
        {
            var first = i * BlockColumns;
            Blocks[i] = new ColumnBlock(Pointer + first, Stride, first, Math.Min(BlockColumns, columns - first));
        }
    }

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>The first value.</summary>
    public float* Pointer => _values.Pointer;

    /// <summary>The columns from the left to the right, as a product takes them.</summary>
    public ColumnBlock[] Blocks { get; }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();

    /// <summary>Floats from one row to the next, where rows have so many columns.</summary>
    public static int StrideOf(int columns)
    {
        var lines = AlignedBuffer.Padded(columns) / AlignedBuffer.Unit;
        return checked((lines > 2 ? lines | 1 : lines) * AlignedBuffer.Unit);
    }
}
