using Involute.Tasks.Numerics;

namespace Involute.Tasks.Images;

/// <summary>A matrix of which rows are read a few columns at a time: [example, unit], or [unit, example].</summary>
/// <remarks>
/// Columns behind the last one, up to a whole panel, are there and stay finite. Rows of more than two cache lines are an odd
/// number of lines apart, so that the same columns of many rows do not meet in few sets of the cache.
/// </remarks>
internal sealed class SpacedRows : IDisposable
{
    private readonly AlignedBuffer _values;

    /// <summary>Allocates zeros.</summary>
    /// <param name="rows">Number of rows; the memory has whole blocks of sixteen.</param>
    /// <param name="columns">Values of a row.</param>
    public SpacedRows(int rows, int columns)
    {
        var lines = AlignedBuffer.Padded(columns) / AlignedBuffer.Unit;
        Stride = checked((lines > 2 ? lines | 1 : lines) * AlignedBuffer.Unit);
        _values = new AlignedBuffer(checked(AlignedBuffer.Padded(rows) * Stride));
    }

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>The first value.</summary>
    public unsafe float* Pointer => _values.Pointer;

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}
