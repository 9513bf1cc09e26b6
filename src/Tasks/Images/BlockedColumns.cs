using Involute.Tasks.Numerics;

namespace Involute.Tasks.Images;

/// <summary>A matrix [example, unit] with many columns: blocks of them lie one behind the other.</summary>
/// <remarks>
/// A product goes down the rows of a few columns. Where a row has hundreds, each of its lines would lie on another page of
/// memory, too far from the one before for the processor to fetch it early. Columns behind the last one, up to a whole panel,
/// are there and stay finite.
/// </remarks>
internal sealed unsafe class BlockedColumns : IDisposable
{
    // Columns of a block: an odd number of cache lines (SpacedRows), and seven blocks are the 784 pixels of 28 x 28.
    private const int BlockColumns = 7 * AlignedBuffer.Unit;

    private readonly AlignedBuffer _values;

    /// <summary>Allocates zeros.</summary>
    /// <param name="rows">Number of rows; the memory of a block has whole sixteens of them.</param>
    /// <param name="columns">Number of columns.</param>
    public BlockedColumns(int rows, int columns)
    {
        var (whole, rest) = Math.DivRem(columns, BlockColumns);
        var lengthOfWhole = checked(AlignedBuffer.Padded(rows) * BlockColumns);
        var strideOfRest = SpacedRows.StrideOf(rest);
        _values = new AlignedBuffer(checked((whole * lengthOfWhole) + (AlignedBuffer.Padded(rows) * strideOfRest)));
        Blocks = new ColumnBlock[whole + (rest > 0 ? 1 : 0)];
        for (var i = 0; i < Blocks.Length; i++)
        {
            var (stride, count) = i < whole ? (BlockColumns, BlockColumns) : (strideOfRest, rest);
            Blocks[i] = new ColumnBlock(_values.Pointer + (i * lengthOfWhole), stride, i * BlockColumns, count);
        }
    }

    /// <summary>The columns from the left to the right, as a product takes them.</summary>
    public ColumnBlock[] Blocks { get; }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}
