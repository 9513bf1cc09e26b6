namespace Involute.Host.Reporting.TensorBoard;

/// <summary>The finite ones of some numbers, counted in bins of equal width.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="SumOfSquares">The sum of their squares.</param>
/// <param name="Limits">Upper limits of the bins; the last is the largest of the numbers.</param>
/// <param name="Counts">Numbers in each bin.</param>
/// <param name="Least">The smallest of the numbers.</param>
internal sealed record HistogramBins(
    long Count, double Sum, double SumOfSquares, double[] Limits, double[] Counts, double Least)
{
    /// <summary>Bins of a histogram whose numbers differ.</summary>
    public const int Bins = 30;

    /// <summary>Counts them; null if none is finite.</summary>
    public static HistogramBins? Of(ReadOnlySpan<float> values)
    {
        var (least, most, count, sum, squares) = (double.PositiveInfinity, double.NegativeInfinity, 0L, 0.0, 0.0);
        foreach (var value in values)
        {
            if (float.IsFinite(value))
            {
                least = Math.Min(least, value);
                most = Math.Max(most, value);
                sum += value;
                squares += (double)value * value;
                count++;
            }
        }

        if (count == 0)
        {
            return null;
        }

        var width = (most - least) / Bins;
        var counts = new double[width > 0 ? Bins : 1];
        foreach (var value in values)
        {
            if (float.IsFinite(value))
            {
                counts[width > 0 ? Math.Min(Bins - 1, (int)((value - least) / width)) : 0]++;
            }
        }

        double[] limits = [.. Enumerable.Range(1, counts.Length - 1).Select(bin => least + (bin * width)), most];
        return new HistogramBins(count, sum, squares, limits, counts, least);
    }

    /// <summary>The message <c>HistogramProto</c>.</summary>
    /// <remarks>TensorBoard takes the first bin as one without a width, hence an empty one before the others.</remarks>
    public ProtoMessage Message() => new ProtoMessage()
        .Double(1, Least).Double(2, Limits[^1]).Double(3, Count).Double(4, Sum).Double(5, SumOfSquares)
        .Doubles(6, [Least, .. Limits]).Doubles(7, [0, .. Counts]);
}
