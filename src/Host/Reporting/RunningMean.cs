namespace Involute.Host.Reporting;

/// <summary>The mean of the last finite values.</summary>
/// <param name="window">At most so many.</param>
internal sealed class RunningMean(int window)
{
    /// <summary>Rows that a picture's mean is over at most.</summary>
    public const int MostRows = 200;

    private readonly double[] _last = new double[window];
    private long _count;

    /// <summary>Adds a value, which does not count if it is not finite.</summary>
    /// <returns>The mean up to here; NaN before the first that counts.</returns>
    public double Add(double value)
    {
        if (double.IsFinite(value))
        {
            _last[_count++ % window] = value;
        }

        // Added up anew each time: a sum that is carried along would drift, and keep what a huge value has rounded away.
        var sum = 0.0;
        var count = (int)Math.Min(_count, window);
        foreach (var one in _last.AsSpan(0, count))
        {
            sum += one;
        }

        return count > 0 ? sum / count : double.NaN;
    }
}
