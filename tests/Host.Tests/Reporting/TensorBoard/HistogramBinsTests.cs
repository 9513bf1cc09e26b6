using Involute.Host.Reporting.TensorBoard;
using Xunit;

namespace Involute.Host.Tests.Reporting.TensorBoard;

public sealed class HistogramBinsTests
{
    [Fact]
    public void Each_finite_number_is_counted_once_below_the_limit_of_its_bin()
    {
        float[] values = [.. Enumerable.Range(0, 61).Select(i => i / 2f), float.NaN, float.PositiveInfinity];
        var bins = HistogramBins.Of(values)!;
        Assert.Equal((61, 0, HistogramBins.Bins), (bins.Count, bins.Least, bins.Limits.Length));
        Assert.Equal(30, bins.Limits[^1]);
        Assert.Equal(61, bins.Counts.Sum());

        // Two numbers a bin, and the largest of all in the last one.
        Assert.Equal([.. Enumerable.Repeat(2.0, HistogramBins.Bins - 1), 3], bins.Counts);
        Assert.Equal(values.Take(61).Sum(value => (double)value * value), bins.SumOfSquares);
    }

    [Fact]
    public void Equal_numbers_are_one_bin_and_none_is_no_histogram()
    {
        var bins = HistogramBins.Of([2, 2, 2])!;
        Assert.Equal([3], bins.Counts);
        Assert.Equal([2], bins.Limits);
        Assert.Null(HistogramBins.Of([float.NaN]));
    }
}
