namespace Involute.Host.Reporting;

/// <summary>The mean of the last finite values.</summary>
/// <param name="window">At most so many.</param>
internal sealed class RunningMean(int window)
{
    /// <summary>Rows that a picture's mean is over at most.</summary>
    public const int MostRows = 200;

    private readonly Queue<double> _last = new(window);

    /// <summary>Adds a value, which does not count if it is not finite.</summary>
    /// <returns>The mean up to here; NaN before the first that counts.</returns>
    public double Add(double value)
    {
        if (double.IsFinite(value))
        {
            if (_last.Count == window)
            {
                _last.Dequeue();
            }

            _last.Enqueue(value);
        }

        // Added up anew each time: a sum that is carried along would drift, and keep what a huge value has rounded away.
        return _last.Count > 0 ? _last.Average() : double.NaN;
    }
}
