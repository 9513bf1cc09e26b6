using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Randomness;

public sealed class KeyedPermutationTests
{
    [Theory]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(2048)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(6000)]
    [InlineData(16384)]
    [InlineData(48000)]
    [InlineData(65536)]
    [InlineData(65537)]
    public void Every_number_stands_in_exactly_one_place(int count)
    {
        var permutation = new KeyedPermutation(Stream(0), 7, count);
        var seen = new bool[count];
        for (var place = 0; place < count; place++)
        {
            Assert.False(seen[permutation[place]]);
            seen[permutation[place]] = true;
        }

        foreach (var (first, length) in new[] { (0, count), (count - 13, 13), (1, 7) })
        {
            var several = new int[length];
            permutation.Fill(first, several);
            Assert.Equal(Enumerable.Range(first, length).Select(place => permutation[place]), several);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(1023)]
    public void A_shuffle_holds_every_number_once(int count)
    {
        var order = new int[count];
        KeyedPermutation.Shuffle(Stream(0), 3, order);
        Assert.Equal(Enumerable.Range(0, count), order.Order());
    }

    [Fact]
    public void Places_outside_and_ranges_too_small_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyedPermutation(Stream(0), 0, 1023));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyedPermutation(Stream(0), 0, 1024)[1024]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyedPermutation(Stream(0), 0, 1024)[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new KeyedPermutation(Stream(0), 0, 1024).Fill(1020, new int[5]));
    }

    [Fact]
    public void The_largest_range_is_walked_too()
    {
        var permutation = new KeyedPermutation(Stream(0), 0, int.MaxValue);
        var values = Enumerable.Range(0, 1000).Select(place => permutation[place]).ToArray();
        Assert.Equal(1000, values.Distinct().Count());
        Assert.All(values, value => Assert.InRange(value, 0, int.MaxValue - 1));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1500)]
    [InlineData(48000)]
    public void Over_many_keys_each_place_and_each_distance_is_equally_likely(int count)
    {
        // Chi-squared with 63 degrees of freedom: mean 63, standard deviation 11.2; the keys are fixed.
        const int Cells = 64;
        const int Keys = 100 * Cells;
        var (first, distance) = (new int[Cells], new int[Cells]);
        for (var key = 0; key < Keys; key++)
        {
            var permutation = new KeyedPermutation(Stream((uint)key), 0, count);
            var (a, b) = (permutation[5], permutation[6]);
            first[(long)a * Cells / count]++;
            distance[(long)((a - b + count) % count) * Cells / count]++;
        }

        Assert.InRange(ChiSquared(first), 63 - (4 * 11.2), 63 + (4 * 11.2));
        Assert.InRange(ChiSquared(distance), 63 - (4 * 11.2), 63 + (4 * 11.2));

        static double ChiSquared(int[] counts) => counts.Sum(n => (n - 100.0) * (n - 100.0) / 100);
    }

    private static CounterStream Stream(uint trajectory) =>
        new TrajectoryKey(11, 3, trajectory).Stream(RandomStream.DataOrder);
}
