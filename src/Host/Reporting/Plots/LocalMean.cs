namespace Involute.Host.Reporting.Plots;

/// <summary>
/// A mean that does not lag: at each place, the straight line by least squares through as many values around it.
/// </summary>
/// <remarks>
/// Between values that are equally far apart it is their mean. At both ends the same number of values is taken from one side:
/// there the standard error of the line is twice that of a mean, and a trend is followed nonetheless. Cleveland, "Robust
/// locally weighted regression and smoothing scatterplots", 1979, without weights.
/// </remarks>
internal static class LocalMean
{
    /// <summary>How many values a mean is over, of so many in all.</summary>
    public static int Count(int values, int window) => Math.Min(values, (2 * (window / 2)) + 1);

    /// <summary>
    /// The mean at each place. What is not finite does not count; NaN where nothing does. It never leaves the range of the
    /// values that it is over.
    /// </summary>
    /// <param name="places">Ascending.</param>
    /// <param name="values">As many.</param>
    /// <param name="window">About how many a mean is over.</param>
    public static double[] Of(IReadOnlyList<double> places, IReadOnlyList<double> values, int window)
    {
        var count = Count(values.Count, window);
        return
        [
            .. values.Select((_, i) => At(
                places, values, Math.Clamp(i - (count / 2), 0, values.Count - count), count, places[i])),
        ];
    }

    private static double At(
        IReadOnlyList<double> places, IReadOnlyList<double> values, int first, int count, double place)
    {
        var (n, x, y) = (0, 0.0, 0.0);
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = first; i < first + count; i++)
        {
            if (double.IsFinite(values[i]))
            {
                (n, x, y) = (n + 1, x + places[i], y + values[i]);
                (least, most) = (Math.Min(least, values[i]), Math.Max(most, values[i]));
            }
        }

        if (n == 0)
        {
            return double.NaN;
        }

        (x, y) = (x / n, y / n);
        var (xx, xy) = (0.0, 0.0);
        for (var i = first; i < first + count; i++)
        {
            if (double.IsFinite(values[i]))
            {
                xx += (places[i] - x) * (places[i] - x);
                xy += (places[i] - x) * (values[i] - y);
            }
        }

        var line = n > 2 && xx > 0 ? y + (xy / xx * (place - x)) : y;
        return Math.Clamp(line, least, most);
    }
}
