using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Randomness;

public sealed class CounterStreamTests
{
    [Fact]
    public void Puts_the_words_where_the_key_layout_says()
    {
        var stream = new CounterStream(0x0123456789abcdef, 7, 9, 0x123456, RandomStream.DataOrder);
        Assert.Equal(
            Philox4x32.Block(5, 7, 9, (0x123456u << 8) | 5, 0x89abcdef, 0x01234567), stream.Block(5));
    }

    [Fact]
    public void Every_key_field_changes_the_numbers()
    {
        var reference = new CounterStream(1, 2, 3, 4, RandomStream.DataOrder).Bits(0);
        Assert.NotEqual(reference, new CounterStream(2, 2, 3, 4, RandomStream.DataOrder).Bits(0));
        Assert.NotEqual(reference, new CounterStream(1L << 32 | 1, 2, 3, 4, RandomStream.DataOrder).Bits(0));
        Assert.NotEqual(reference, new CounterStream(1, 3, 3, 4, RandomStream.DataOrder).Bits(0));
        Assert.NotEqual(reference, new CounterStream(1, 2, 4, 4, RandomStream.DataOrder).Bits(0));
        Assert.NotEqual(reference, new CounterStream(1, 2, 3, 5, RandomStream.DataOrder).Bits(0));
        Assert.NotEqual(reference, new CounterStream(1, 2, 3, 4, RandomStream.InnerNoise).Bits(0));
        Assert.NotEqual(reference, new CounterStream(1, 2, 3, 4, RandomStream.DataOrder).Bits(1));
    }

    [Fact]
    public void A_pair_beyond_24_bits_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new CounterStream(0, 0, 0, CounterStream.PairLimit, RandomStream.DataOrder));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CounterStream(0, 0, 0, -1, RandomStream.DataOrder));
    }

    [Fact]
    public void A_fill_is_the_sequence_of_single_normals_and_float_is_its_rounding()
    {
        var stream = new CounterStream(11, 0, 0, 0, RandomStream.TaskSample);
        var doubles = new double[7];
        var floats = new float[7];
        stream.FillNormal(doubles.AsSpan(), 0.5);
        stream.FillNormal(floats.AsSpan(), 0.5);
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal(0.5 * stream.Normal((uint)i), doubles[i]);
            Assert.Equal((float)doubles[i], floats[i]);
        }
    }

    [Fact]
    public void Normals_have_the_moments_of_the_standard_normal()
    {
        const int n = 200_000;
        var numbers = new double[n];
        new CounterStream(3, 0, 0, 0, RandomStream.TaskSample).FillNormal(numbers.AsSpan());
        var mean = numbers.Average();
        var variance = numbers.Average(x => x * x);
        var fourth = numbers.Average(x => x * x * x * x);
        // Standard errors: 1, sqrt(2), sqrt(96) over sqrt(n); four of them.
        Assert.InRange(mean, -4 / Math.Sqrt(n), 4 / Math.Sqrt(n));
        Assert.InRange(variance - 1, -4 * Math.Sqrt(2.0 / n), 4 * Math.Sqrt(2.0 / n));
        Assert.InRange(fourth - 3, -4 * Math.Sqrt(96.0 / n), 4 * Math.Sqrt(96.0 / n));
    }

    [Fact]
    public void Integers_cover_their_range_evenly()
    {
        const int n = 60_000;
        var stream = new CounterStream(5, 0, 0, 0, RandomStream.InitialOffset);
        var counts = new int[6];
        for (var i = 0u; i < n; i++)
        {
            counts[stream.Integer(i, 6)]++;
        }

        var sd = Math.Sqrt(n * (1 / 6.0) * (5 / 6.0));
        Assert.All(counts, count => Assert.InRange(count, (n / 6.0) - (4.5 * sd), (n / 6.0) + (4.5 * sd)));
    }

    // Long fills compute several numbers at once.
    [Fact]
    public void A_fill_has_the_bits_of_single_numbers()
    {
        for (var length = 0; length < 300; length = length < 40 ? length + 1 : length + 37)
        {
            var numbers = new CounterStream(-5 - length, 7, 4_000_000_000, length, RandomStream.InnerNoise);
            var (floats, doubles) = (new float[length + 1], new double[length + 1]);
            numbers.FillNormal(floats.AsSpan(0, length), 0.1);
            numbers.FillNormal(doubles.AsSpan(0, length));
            for (var i = 0; i < length; i++)
            {
                Assert.Equal((float)(0.1 * numbers.Normal((uint)i)), floats[i]);
                Assert.Equal(numbers.Normal((uint)i), doubles[i]);
            }

            Assert.Equal(0, floats[length]);
            Assert.Equal(0, doubles[length]);
        }
    }

    // Far from the centre the quantile has two other branches, and the outermost is rare.
    [Fact]
    public void Many_numbers_at_once_are_those_of_one_by_one()
    {
        var numbers = new CounterStream(3, 0, 0, 0, RandomStream.InnerNoise);
        var many = new double[200_000];
        numbers.FillNormal(many.AsSpan());
        for (var i = 0; i < many.Length; i++)
        {
            Assert.Equal(numbers.Normal((uint)i), many[i]);
        }
    }
}
