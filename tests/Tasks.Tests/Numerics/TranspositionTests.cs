using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Numerics;

public sealed unsafe class TranspositionTests
{
    [Theory]
    [InlineData(8, 8)]
    [InlineData(3, 21)]
    [InlineData(17, 5)]
    public void A_transposition_exchanges_rows_and_columns(int rows, int columns)
    {
        var (sourceRow, targetRow) = (AlignedBuffer.Padded(columns), AlignedBuffer.Padded(rows));
        using var source = Normals(targetRow * sourceRow, 4);
        using var target = new AlignedBuffer(sourceRow * targetRow);
        Transposition.Run(source.Pointer, sourceRow, target.Pointer, targetRow, rows, columns);
        for (var i = 0; i < rows * columns; i++)
        {
            var (r, c) = (i / columns, i % columns);
            Assert.Equal(source.Span[(r * sourceRow) + c], target.Span[(c * targetRow) + r]);
        }
    }

    private static AlignedBuffer Normals(int length, int pair)
    {
        var buffer = new AlignedBuffer(length);
        new TrajectoryKey(5, pair, 0).Stream(RandomStream.InnerNoise).FillNormal(buffer.Span);
        return buffer;
    }
}
