using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>Registers of either width give the same outputs; <see cref="LearnedRuleBitsTests"/> tells that these are the right ones.</summary>
public sealed unsafe class AdafacTileTests
{
    [Theory]
    [InlineData(64, 32)]
    [InlineData(32, 64)]
    [InlineData(32, 10)]
    [InlineData(9, 40)]
    [InlineData(7, 15)]
    [InlineData(16, 16)]
    [InlineData(1, 16)]
    [InlineData(3, 144)]
    [InlineData(2, 528)]
    [InlineData(60, 10)]
    [InlineData(300, 3)]
    public void Either_width_of_registers_gives_the_same_bits(int lines, int length)
    {
        var shape = Factoring.Of([lines, length]);
        var narrow = Outputs<Floats8, Vector256<float>>(shape, FillsHalf(shape));
        var wide = Outputs<Floats16, Vector512<float>>(shape, FillsHalf(shape));
        var both = Math.Min(narrow.Length, wide.Length);
        Assert.InRange(both, 1, lines * length);
        Assert.Equal(narrow[..both].Select(Bits), wide[..both].Select(Bits));
        Assert.True(narrow[..both].Distinct().Count() > both / 2);
    }

    [Theory]
    [InlineData(64, 32)]
    [InlineData(32, 64)]
    [InlineData(16, 16)]
    [InlineData(2, 528)]
    [InlineData(60, 10)]
    [InlineData(9, 40)]
    [InlineData(7, 15)]
    public void Tables_of_elements_give_what_those_of_lines_give(int lines, int length)
    {
        var shape = Factoring.Of([lines, length]);
        var written = Outputs<Floats8, Vector256<float>>(shape, ofLines: false);
        var ofLines = Outputs<Floats8, Vector256<float>>(shape, ofLines: true);
        var both = Math.Min(written.Length, ofLines.Length);
        Assert.InRange(both, Math.Min((lines - 1) * length, WrittenTables.Elements), WrittenTables.Elements);
        Assert.Equal(ofLines[..both].Select(Bits), written[..both].Select(Bits));
    }

    // Sums that hide tiny momenta, that are as small as may be or smaller, and that are nothing else.
    [Theory]
    [InlineData(1f)]
    [InlineData(1e-12f)]
    [InlineData(1e-13f)]
    [InlineData(1e-33f)]
    [InlineData(0f)]
    public void Tiny_momenta_change_what_they_change_as_they_are(float biases)
    {
        foreach (var shape in new[] { Factoring.Of([64, 32]), Factoring.Of([9, 40]), Factoring.Of([60, 10]) })
        {
            var ofLines = FillsHalf(shape);
            var plain = Outputs<Floats8, Vector256<float>>(shape, ofLines, biases, guarded: false);
            Assert.Equal(plain.Select(Bits), Outputs<Floats8, Vector256<float>>(shape, ofLines, biases, guarded: true).Select(Bits));
            var wide = Outputs<Floats16, Vector512<float>>(shape, ofLines, biases, guarded: true);
            Assert.Equal(plain[..Math.Min(plain.Length, wide.Length)].Select(Bits), wide[..Math.Min(plain.Length, wide.Length)].Select(Bits));
            Assert.Equal(biases < 1e-20f, plain.Distinct().Count() > plain.Length / 4);
        }
    }

    [Theory]
    [InlineData(1024f, true)]
    [InlineData(-1024f, true)]
    [InlineData(1025f, false)]
    [InlineData(float.NegativeInfinity, false)]
    [InlineData(float.NaN, false)]
    public void Weights_are_small_enough_or_not(float weight, bool small)
    {
        var weights = stackalloc float[3];
        weights[1] = weight;
        Assert.Equal(small, TinyMomenta.AreWeights(weights, 3));
    }

    [Theory]
    [InlineData(4, 3, 16, 0)]
    [InlineData(4, 7, 16, 0)]
    [InlineData(4, 8, 16, 24)]
    [InlineData(4, 8, 8, 32)]
    [InlineData(4, 10, 16, 30)]
    [InlineData(1, 10, 16, 0)]
    [InlineData(4, 17, 16, 68 - 17)]
    [InlineData(4, 32, 16, 128)]
    public void What_a_register_reads_belongs_to_the_matrix(int lines, int length, int register, int elements) =>
        Assert.Equal(elements, AdafacTile.ElementsOfLines(Factoring.Of([lines, length]), register));

    private static bool FillsHalf(in Factoring shape) => AdafacTile.ElementsOfLines(shape, Floats16.Count) > 0;

    private static (int Direction, int Magnitude) Bits((float Direction, float Magnitude) outputs) =>
        (BitConverter.SingleToInt32Bits(outputs.Direction), BitConverter.SingleToInt32Bits(outputs.Magnitude));

    // Without biases: drawn numbers everywhere. With them: all else but momenta is 0, and these are tiny, but for some.
    private static (float Direction, float Magnitude)[] Outputs<TVector, TRegister>(
        in Factoring shape, bool ofLines, float? biases = null, bool guarded = false)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        var elements = shape.Rows * shape.Columns;
        var slot = AlignedBuffer.Padded(elements);
        var optimizer = new AdafacMlpOptimizer();
        using var memory = new Numbers(
            optimizer.Layout.Length, (6 * slot) + (2 * AlignedBuffer.Unit), FactoredSide.Room(shape.Rows), FactoredSide.Room(shape.Columns));
        var (rows, columns) = (memory.Side(shape.Rows, AdafacKernels.Row, 2), memory.Side(shape.Columns, AdafacKernels.Column, 3));
        var lanes = memory.Part(1);
        using var cleared = new AlignedBuffer(4 * slot);
        if (biases is { } bias)
        {
            for (var unit = 0; unit < 4; unit++)
            {
                memory.Part(0)[3 + unit] = bias;
            }

            // Behind the first layer there are none, so that the outputs tell what it gives.
            memory.Part(0)[176] = memory.Part(0)[177] = memory.Part(0)[178] = memory.Part(0)[179] = 0;
            memory.Part(0)[188] = memory.Part(0)[189] = 0;
            new Span<float>(memory.Part(2), FactoredSide.Room(shape.Rows)).Clear();
            new Span<float>(memory.Part(3), FactoredSide.Room(shape.Columns)).Clear();
            new Span<float>(lanes, 2 * slot).Clear();
            new Span<float>(lanes + (5 * slot), slot).Clear();
            for (var i = 0; i < 3 * slot; i++)
            {
                lanes[(2 * slot) + i] *= i % 3 == 0 ? 1e-41f : 1e-37f;
            }

            TinyMomenta.Clear(lanes + (2 * slot), 3 * slot, cleared.Pointer);
        }

        var (withoutY, withoutX) = shape.LaterIsLargest ? (rows, columns) : (columns, rows);
        var scales = memory.Part(0) + 5;
        var count = AdafacTile.ElementsOfLines(shape, TVector.Count);
        using var room = new AlignedBuffer(WrittenTables.Room);
        var written = new WrittenTables(room.Pointer);
        if (ofLines)
        {
            withoutY.TakeScaled(scales);
            withoutX.TakeScaled(scales);
        }
        else
        {
            count = Math.Min(elements / TVector.Count * TVector.Count, WrittenTables.Elements);
            written.Write(shape, withoutY, withoutX, 0, count);
            written.Scale(scales, count);
        }

        var operands = new AdafacOperands
        {
            Weights = memory.Part(0),
            Biases = memory.Part(0) + 3,
            Scales = scales,
            Gradient = lanes,
            Parameters = lanes + slot,
            Averages = lanes + (2 * slot),
            Cleared = guarded ? cleared.Pointer : null,
            Tiny = guarded ? 7 : 0,
            Slot = slot,
            InverseRoots = lanes + slot + 7,
            Tables = ofLines ? AdafacTables.OfLines(shape, withoutY, withoutX) : AdafacTables.OfElements(written),
        };
        using var outputs = new AlignedBuffer(OptimizerNetwork.Outputs * ElementRule.DirectStride);
        var all = new List<(float, float)>();
        while (all.Count < count)
        {
            var next = AdafacTile.Run<TVector, TRegister>(operands, count, all.Count, outputs.Pointer);
            Assert.InRange(next, all.Count + 1, all.Count + ElementRule.DirectElements);
            all.AddRange(Enumerable.Range(0, next - all.Count).Select(i => (outputs.Span[i], outputs.Span[ElementRule.DirectStride + i])));
        }

        Assert.Equal(count, all.Count);
        return [.. all];
    }

    // Normal numbers, in several parts; the first are positive, so that few units are at rest.
    private sealed class Numbers : IDisposable
    {
        private readonly AlignedBuffer[] _parts;

        public Numbers(params int[] lengths)
        {
            _parts = Array.ConvertAll(lengths, length => new AlignedBuffer(length));
            for (var part = 0; part < lengths.Length; part++)
            {
                new CounterStream(part, 0, 0, 0, RandomStream.InnerNoise).FillNormal(_parts[part].Span, 0.3);
            }

            foreach (ref var weight in _parts[0].Span)
            {
                weight = Math.Abs(weight);
            }
        }

        public float* Part(int part) => _parts[part].Pointer;

        public FactoredSide Side(int count, int feature, int part) => new()
        {
            Count = count,
            Feature = feature,
            Averages = Part(part),
            AverageStride = count,
            Tables = Part(part),
            Stride = FactoredSide.StrideOf(count),
        };

        public void Dispose() => Array.ForEach(_parts, part => part.Dispose());
    }
}
