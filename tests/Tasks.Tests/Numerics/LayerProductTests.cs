using Involute.Tasks.Images;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Numerics;

public sealed unsafe class LayerProductTests
{
    private const float Untouched = 12345;

    public static TheoryData<int, int, int, bool> Sizes()
    {
        var sizes = new TheoryData<int, int, int, bool>();
        foreach (var wide in new[] { false, true })
        {
            foreach (var rows in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 24, 25, 65, 128, 191, 192, 293 })
            {
                sizes.Add(rows, 16, 5, wide);
                sizes.Add(rows, 43, 3, wide);
            }

            foreach (var columns in new[] { 1, 7, 10, 15, 17, 31, 32, 48, 64, 100 })
            {
                sizes.Add(7, columns, 9, wide);
            }

            foreach (var depth in new[] { 1, 127, 128, 129, 255, 256, 257, 600 })
            {
                sizes.Add(9, 37, depth, wide);
            }
        }

        return sizes;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Each_element_is_one_chain_of_fused_multiply_adds_in_order(int rows, int columns, int depth, bool wide)
    {
        var panel = (LayerProduct.Panel * depth) + 16;
        var panels = AlignedBuffer.Padded(columns) / LayerProduct.Panel;
        var row = columns + 3;
        using var a = Normals(rows * depth, 1);
        using var b = Normals(panels * panel, 2);
        using var c = new AlignedBuffer(((rows + 1) * row) + 16);
        using var start = Normals(AlignedBuffer.Padded(columns), 3);
        c.Span.Fill(Untouched);
        var product = new LayerProduct
        {
            A = a.Pointer,
            ARow = 1,
            AStep = rows,
            B = b.Pointer,
            BStep = LayerProduct.Panel,
            BPanel = panel,
            C = c.Pointer + row,
            CRow = row,
            Start = start.Pointer,
            Rows = rows,
            Columns = columns,
            Depth = depth,
        };
        product.Run<Linear>(wide);
        for (var r = 0; r < rows; r++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = start.Span[column];
                for (var t = 0; t < depth; t++)
                {
                    var at = (column / LayerProduct.Panel * panel) + (t * LayerProduct.Panel) + (column % LayerProduct.Panel);
                    sum = MathF.FusedMultiplyAdd(a.Span[(t * rows) + r], b.Span[at], sum);
                }

                Assert.Equal(sum, c.Span[((r + 1) * row) + column]);
            }

            Assert.Equal(-1, c.Span.Slice((r * row) + columns, 3).IndexOfAnyExcept(Untouched));
        }

        Assert.Equal(-1, c.Span[(((rows + 1) * row) - 3)..].IndexOfAnyExcept(Untouched));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_relu_hides_no_NaN_and_its_gradient_reads_what_it_overwrites(bool wide)
    {
        using var a = new AlignedBuffer(1);
        using var b = new AlignedBuffer(32);
        using var c = new AlignedBuffer(32);
        a.Span[0] = 1;
        ReadOnlySpan<float> sums = [-1, 2, float.NaN, float.NegativeInfinity, float.PositiveInfinity, -0f];
        ReadOnlySpan<float> rectified = [0, 2, float.NaN, 0, float.PositiveInfinity, 0];
        sums.CopyTo(b.Span[20..]);
        var product = new LayerProduct
        {
            A = a.Pointer,
            B = b.Pointer,
            BPanel = LayerProduct.Panel,
            C = c.Pointer,
            CRow = 32,
            Rows = 1,
            Columns = 32,
            Depth = 1,
        };
        product.Run<Relu>(wide);
        Assert.Equal(rectified, c.Span[20..26]);
        Assert.True(float.IsPositive(c.Span[25]));
        ReadOnlySpan<float> gate = [1, 0, 1, float.NaN, -1, 1];
        gate.CopyTo(c.Span[20..]);
        b.Span.Fill(5);
        product.Gate = c.Pointer;
        product.Run<ReluGradient>(wide);
        Assert.Equal([5, 0, 5, 0, 0, 5], c.Span[20..26]);
    }

    [Theory]
    [InlineData(255, false)]
    [InlineData(257, false)]
    [InlineData(600, false)]
    [InlineData(255, true)]
    [InlineData(257, true)]
    [InlineData(600, true)]
    public void A_gate_that_is_overwritten_decides_also_where_sums_are_long(int depth, bool wide)
    {
        const int Rows = 9;
        const int Columns = 48;
        using var a = Normals(Rows * depth, 1);
        using var b = Normals(Columns * depth, 2);
        using var c = Normals(Rows * Columns, 3);
        var gate = c.Span.ToArray();
        new LayerProduct
        {
            A = a.Pointer,
            ARow = depth,
            AStep = 1,
            B = b.Pointer,
            BStep = LayerProduct.Panel,
            BPanel = LayerProduct.Panel * depth,
            C = c.Pointer,
            CRow = Columns,
            Gate = c.Pointer,
            Rows = Rows,
            Columns = Columns,
            Depth = depth,
        }.Run<ReluGradient>(wide);
        for (var i = 0; i < Rows * Columns; i++)
        {
            var (r, column) = (i / Columns, i % Columns);
            var (panel, within) = (column / LayerProduct.Panel, column % LayerProduct.Panel);
            var sum = 0f;
            for (var t = 0; t < depth; t++)
            {
                sum = MathF.FusedMultiplyAdd(
                    a.Span[(r * depth) + t], b.Span[(((panel * depth) + t) * LayerProduct.Panel) + within], sum);
            }

            Assert.Equal(gate[i] > 0 ? sum : 0, c.Span[i]);
        }
    }

    [Theory]
    [InlineData(64, 32)]
    [InlineData(32, 10)]
    [InlineData(37, 19)]
    [InlineData(3, 1)]
    [InlineData(16, 24)]
    [InlineData(5, 100)]
    public void Panels_hold_weights_and_zeros_in_both_directions(int inputs, int outputs)
    {
        using var weights = Normals(inputs * outputs, 4);
        using var panels = new AlignedBuffer(WeightPanels.Length(inputs, outputs) + 16);
        panels.Span.Fill(Untouched);
        for (var first = 0; first < outputs; first += WeightPanels.Strip)
        {
            var columns = Math.Min(WeightPanels.Strip, outputs - first);
            panels.Span.Fill(Untouched);
            WeightPanels.Pack(weights.Pointer + first, outputs, inputs, columns, panels.Pointer);
            Check(inputs, columns, (t, column) => weights.Span[(t * outputs) + first + column], panels);
        }

        panels.Span.Fill(Untouched);
        WeightPanels.PackTransposed(weights.Pointer, inputs, outputs, panels.Pointer);
        Check(outputs, inputs, (t, column) => weights.Span[(column * outputs) + t], panels);
    }

    private static void Check(int depth, int columns, Func<int, int, float> expected, AlignedBuffer panels)
    {
        var padded = AlignedBuffer.Padded(columns);
        for (var i = 0; i < padded * depth; i++)
        {
            var (p, within) = Math.DivRem(i, LayerProduct.Panel * depth);
            var (t, c) = Math.DivRem(within, LayerProduct.Panel);
            var column = (p * LayerProduct.Panel) + c;
            Assert.Equal(column < columns ? expected(t, column) : 0, panels.Span[i]);
        }

        Assert.Equal(Untouched, panels.Span[padded * depth]);
    }

    private static AlignedBuffer Normals(int length, int pair)
    {
        var buffer = new AlignedBuffer(length);
        new TrajectoryKey(5, pair, 0).Stream(RandomStream.InnerNoise).FillNormal(buffer.Span);
        return buffer;
    }
}
