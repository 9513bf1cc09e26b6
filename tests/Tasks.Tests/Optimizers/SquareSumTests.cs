using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tests.Numerics;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>Sums of squares have the bits of the order that <see cref="SquareSum"/> names, in registers of any width.</summary>
public sealed unsafe class SquareSumTests
{
    private const int Features = AdafacKernels.Features;

    [Fact]
    public void Rows_of_any_length_are_summed_in_the_order_of_blocks_and_partial_sums()
    {
        const int MostRows = 9;
        var sums = stackalloc double[MostRows];
        for (var count = 1; count <= 601; count += count < 70 ? 1 : 7)
        {
            var rows = 1 + (count % MostRows);
            var stride = count + 3;
            using var values = Drawn((rows * stride) + SquareSum.Block, count);
            SquareSum.OfRows(values.Pointer, stride, rows, count, sums);
            for (var row = 0; row < rows; row++)
            {
                Assert.Equal(InOrder(values.Span.Slice(row * stride, count)), sums[row]);
            }
        }
    }

    // Matrices whose lines are whole groups of sixteen, of which blocks hold one or several, and others.
    [Theory]
    [InlineData(false, 64, 32)]
    [InlineData(false, 32, 48)]
    [InlineData(false, 5, 16)]
    [InlineData(false, 16, 16)]
    [InlineData(false, 80, 3)]
    [InlineData(false, 32, 10)]
    [InlineData(false, 2, 3, 48)]
    [InlineData(false, 4, 2, 32)]
    [InlineData(false, 7)]
    [InlineData(false, 40, 26)]
    [InlineData(false, 9, 8, 3, 3)]
    [InlineData(true, 32, 10)]
    [InlineData(true, 40, 26)]
    [InlineData(true, 64, 32)]
    [InlineData(true, 5, 16)]
    [InlineData(true, 2, 3, 48)]
    public void Squares_of_features_are_summed_as_if_the_features_were_written_down(bool tinyMomenta, params int[] shape)
    {
        var length = shape.Aggregate(1, (product, size) => product * size);
        var tensor = new TensorSlice("t", 0, shape);
        var slot = AlignedBuffer.Padded(length);
        using var numbers = Drawn(3 * slot, 1);
        using var averages = Drawn((5 * slot) + ElementBlock.Stride, 2);
        using var factored = Drawn(FactoredMoments.StateLength(tensor) + ElementBlock.Stride, 3);
        foreach (ref var square in factored.Span)
        {
            square = Math.Abs(square);
        }

        foreach (ref var inverseRoot in numbers.Span[(2 * slot)..])
        {
            inverseRoot = Math.Abs(inverseRoot);
        }

        if (tinyMomenta)
        {
            // Of the first momentum all, so that its sums tell what became of them; of the others two in three.
            var drawn = new DrawnFloats(4);
            for (var i = 0; i < 3 * slot; i++)
            {
                averages.Span[i] = i >= slot && drawn.Once(3) ? averages.Span[i] : drawn.OfAnyMagnitude() * 1e-36f;
            }
        }

        var features = new AdafacFeatures
        {
            Gradient = numbers.Pointer,
            Parameters = numbers.Pointer + slot,
            Averages = averages.Pointer,
            Cleared = null,
            Tiny = tinyMomenta ? 7 : 0,
            InverseRoots = numbers.Pointer + (2 * slot),
            Slot = slot,
            Factored = factored.Pointer,
            Shape = shape.Length < 2 ? null : Factoring.Of(shape),
            Length = length,
        };
        features.TakeGradient([0.1f, 0.01f, 0.001f], RuleScratch.OfThread);
        using var block = new AlignedBuffer(Features * ElementBlock.Stride);
        var sums = stackalloc double[Features];
        features.SumSquares(block.Pointer, sums);

        var written = Enumerable.Range(0, Features).Select(_ => new List<float>()).ToArray();
        var ones = stackalloc float[Features];
        new Span<float>(ones, Features).Fill(1);
        for (var first = 0; first < length; first += SquareSum.Block)
        {
            var count = Math.Min(SquareSum.Block, length - first);
            features.Write(first, count, ones, 1, block.Pointer);
            for (var f = 0; f < Features; f++)
            {
                written[f].AddRange(block.Span.Slice(f * ElementBlock.Stride, count));
            }
        }

        for (var f = 0; f < Features; f++)
        {
            Assert.Equal(InOrder(written[f].ToArray()), sums[f]);
            Assert.NotEqual(0, sums[f]);
        }
    }

    // Blocks of 64; in a block number i goes to partial sum i mod 16; partial sums four apart, then what these give.
    private static double InOrder(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        for (; !values.IsEmpty; values = values[Math.Min(SquareSum.Block, values.Length)..])
        {
            var partial = new double[SquareSum.Partials];
            for (var i = 0; i < Math.Min(SquareSum.Block, values.Length); i++)
            {
                partial[i % SquareSum.Partials] += (double)values[i] * values[i];
            }

            var quarters = new double[4];
            for (var i = 0; i < 4; i++)
            {
                quarters[i] = (partial[i] + partial[i + 4]) + (partial[i + 8] + partial[i + 12]);
            }

            sum += (quarters[0] + quarters[1]) + (quarters[2] + quarters[3]);
        }

        return sum;
    }

    private static AlignedBuffer Drawn(int length, int pair)
    {
        var buffer = new AlignedBuffer(length);
        new TrajectoryKey(5, pair, 0).Stream(RandomStream.InnerNoise).FillNormal(buffer.Span);
        return buffer;
    }
}
