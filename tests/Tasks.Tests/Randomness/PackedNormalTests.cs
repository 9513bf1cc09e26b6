using System.Runtime.Intrinsics;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Randomness;

/// <summary>Normal and uniform numbers of several keys at once against those of one.</summary>
public sealed unsafe class PackedNormalTests
{
    // Where the approximation changes: the centre's ends, the shoulders' ends, and the least and largest number that is drawn.
    private static readonly double[] Edges =
    [
        Math.ScaleB(0.5, -52), 1e-15, 1e-13, 1.3887943864964021e-11, 1.38879438649640e-11, 1.4e-11, 1e-9, 1e-4, 0.07, 0.0749999999, 0.075, 0.0750000001,
        0.2, 0.49999, 0.5,
    ];

    [Fact]
    public void Quantiles_have_the_bits_of_single_ones_beside_any_other()
    {
        var values = Numbers();
        for (var i = 0; i < values.Length; i++)
        {
            double[] four = [values[i], values[(i * 13) % values.Length], 0.3, values[(i + 1) % values.Length]];
            var packed = PackedNormal.Quantile(Vector256.Create(four));
            for (var lane = 0; lane < four.Length; lane++)
            {
                Assert.Equal(
                    BitConverter.DoubleToInt64Bits(StandardNormal.Quantile(four[lane])), BitConverter.DoubleToInt64Bits(packed[lane]));
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(PackedNormal.Most)]
    public void Quantiles_of_many_have_the_bits_of_single_ones(int count)
    {
        var values = Numbers();
        var guarded = new double[count + 1];
        fixed (double* numbers = guarded)
        {
            for (var first = 0; first + count <= values.Length; first += count)
            {
                double[] some = values[first..(first + count)];
                double[] plain = [.. some.Select(StandardNormal.Quantile), 0.125];
                some.CopyTo(guarded, 0);
                guarded[count] = 0.125;
                PackedNormal.Quantiles(numbers, count);
                Assert.Equal(plain.Select(BitConverter.DoubleToInt64Bits), guarded.Select(BitConverter.DoubleToInt64Bits));
                double[] truncated = [.. some.Select(TruncatedNormal.Quantile), 0.125];
                some.CopyTo(guarded, 0);
                PackedNormal.TruncatedQuantiles(numbers, count);
                Assert.Equal(truncated.Select(BitConverter.DoubleToInt64Bits), guarded.Select(BitConverter.DoubleToInt64Bits));
            }
        }
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(1e-13)]
    public void All_of_many_may_lie_on_one_piece_of_the_curve(double probability)
    {
        var numbers = stackalloc double[PackedNormal.Most];
        new Span<double>(numbers, PackedNormal.Most).Fill(probability);
        PackedNormal.Quantiles(numbers, PackedNormal.Most);
        Assert.All(
            new ReadOnlySpan<double>(numbers, PackedNormal.Most).ToArray(),
            number => Assert.Equal(
                BitConverter.DoubleToInt64Bits(StandardNormal.Quantile(probability)), BitConverter.DoubleToInt64Bits(number)));
    }

    [Fact]
    public void The_least_and_the_largest_bits_give_numbers_inside_0_and_1()
    {
        var packed = PackedNormal.Uniform(Vector256.Create(0, ulong.MaxValue, 4095, 1UL << 63));
        Assert.Equal(Math.ScaleB(0.5, -52), packed[0]);
        Assert.Equal(1 - Math.ScaleB(0.5, -52), packed[1]);
        Assert.Equal(packed[0], packed[2]);
        Assert.InRange(packed[3], 0.5, 0.5000001);
    }

    private static double[] Numbers()
    {
        var stream = new CounterStream(6, 0, 0, 0, RandomStream.TaskSample);
        return [.. Edges.SelectMany(Around), .. Enumerable.Range(0, 20_000).Select(i => stream.Uniform((uint)i))];
    }

    private static IEnumerable<double> Around(double value)
    {
        double[] near = [value, Math.BitIncrement(value), Math.BitDecrement(value)];
        return near.Concat(near.Select(each => 1 - each)).Where(each => each is > 0 and < 1);
    }
}
