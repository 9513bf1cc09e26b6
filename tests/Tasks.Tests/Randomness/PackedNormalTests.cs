using System.Runtime.Intrinsics;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Randomness;

/// <summary>Normal and uniform numbers of several keys at once against those of one.</summary>
public sealed class PackedNormalTests
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
        var stream = new CounterStream(6, 0, 0, 0, RandomStream.TaskSample);
        double[] values = [.. Edges.SelectMany(Around), .. Enumerable.Range(0, 20_000).Select(i => stream.Uniform((uint)i))];
        for (var i = 0; i < values.Length; i++)
        {
            double[] four = [values[i], values[(i * 13) % values.Length], 0.3, values[(i + 1) % values.Length]];
            var packed = PackedNormal.Quantile(Vector256.Create(four));
            var truncated = PackedNormal.TruncatedQuantile(Vector256.Create(four));
            for (var lane = 0; lane < four.Length; lane++)
            {
                Assert.Equal(
                    BitConverter.DoubleToInt64Bits(StandardNormal.Quantile(four[lane])), BitConverter.DoubleToInt64Bits(packed[lane]));
                Assert.Equal(
                    BitConverter.DoubleToInt64Bits(TruncatedNormal.Quantile(four[lane])), BitConverter.DoubleToInt64Bits(truncated[lane]));
            }
        }
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

    private static IEnumerable<double> Around(double value)
    {
        double[] near = [value, Math.BitIncrement(value), Math.BitDecrement(value)];
        return near.Concat(near.Select(each => 1 - each)).Where(each => each is > 0 and < 1);
    }
}
