using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Numerics;

public sealed unsafe class TileProductTests
{
    private const float Untouched = 12345;

    public static TheoryData<int, int, int> Sizes()
    {
        var sizes = new TheoryData<int, int, int>();
        foreach (var rows in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 32 })
        {
            sizes.Add(rows, 16, 5);
            sizes.Add(rows, 33, 1);
        }

        foreach (var columns in new[] { 1, 7, 15, 17, 31, 48 })
        {
            sizes.Add(7, columns, 9);
        }

        return sizes;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Each_element_is_one_chain_of_fused_multiply_adds_in_order(int rows, int columns, int depth)
    {
        var ldb = AlignedBuffer.Padded(columns) + 16;
        var ldc = columns + 3;
        using var a = Normals(rows * depth, 1);
        using var b = Normals(depth * ldb, 2);
        using var c = new AlignedBuffer((rows * ldc) + 16);
        using var start = Normals(rows, 3);
        c.Span.Fill(Untouched);
        var product = new TileProduct
        {
            A = a.Pointer,
            ARow = 1,
            AStep = rows,
            B = b.Pointer,
            BStep = ldb,
            C = c.Pointer,
            CRow = ldc,
            Start = start.Pointer,
            Rows = rows,
            Columns = columns,
            Depth = depth,
        };
        product.Run<Unchanged>();
        for (var r = 0; r < rows; r++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = start.Span[r];
                for (var t = 0; t < depth; t++)
                {
                    sum = MathF.FusedMultiplyAdd(a.Span[(t * rows) + r], b.Span[(t * ldb) + column], sum);
                }

                Assert.Equal(sum, c.Span[(r * ldc) + column]);
            }

            Assert.Equal(Untouched, c.Span[(r * ldc) + columns]);
        }
    }

    [Fact]
    public void A_rectified_product_hides_no_NaN_and_a_gate_reads_what_it_overwrites()
    {
        using var a = new AlignedBuffer(1);
        using var b = new AlignedBuffer(16);
        using var c = new AlignedBuffer(16);
        a.Span[0] = 1;
        ReadOnlySpan<float> sums = [-1, 2, float.NaN, float.NegativeInfinity, float.PositiveInfinity, -0f];
        ReadOnlySpan<float> rectified = [0, 2, float.NaN, 0, float.PositiveInfinity, 0];
        sums.CopyTo(b.Span);
        var product = new TileProduct
        {
            A = a.Pointer,
            B = b.Pointer,
            C = c.Pointer,
            Rows = 1,
            Columns = 16,
            Depth = 1,
        };
        product.Run<Rectified>();
        Assert.Equal(rectified, c.Span[..6]);
        ReadOnlySpan<float> gate = [1, 0, 1, 1, -1, 1];
        gate.CopyTo(c.Span);
        b.Span.Fill(5);
        product.Gate = c.Pointer;
        product.Run<Gated>();
        Assert.Equal([5, 0, 5, 5, 0, 5], c.Span[..6]);
    }

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

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(45)]
    public void One_number_that_is_not_finite_is_found_wherever_it_stands(int length)
    {
        var values = new float[length];
        Array.Fill(values, float.MaxValue);
        Assert.True(FiniteCheck.AllFinite(values));
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            for (var i = 0; i < length; i++)
            {
                values[i] = bad;
                Assert.False(FiniteCheck.AllFinite(values));
                values[i] = float.MaxValue;
            }
        }
    }

    private static AlignedBuffer Normals(int length, int pair)
    {
        var buffer = new AlignedBuffer(length);
        new TrajectoryKey(5, pair, 0).Stream(RandomStream.InnerNoise).FillNormal(buffer.Span);
        return buffer;
    }
}
