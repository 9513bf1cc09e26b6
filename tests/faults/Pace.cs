namespace Involute.Faults;

/// <summary>How many steps a run makes per second, seen from outside.</summary>
internal sealed class Pace(Lab lab, string run)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    // Long enough that a checkpoint or another process's burst does not make the rate jump.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private readonly List<(long Time, long Step)> _samples = [];

    /// <summary>Watches for a time; returns the median of the rate over sliding windows, in steps per second.</summary>
    public async Task<double> MedianAsync(TimeSpan time)
    {
        var rates = new List<double>();
        await WatchAsync(time, rate =>
        {
            rates.Add(rate);
            return false;
        });
        return rates.Order().ElementAt(rates.Count / 2);
    }

    /// <summary>Watches until the rate over a window that begins now or later has been reached.</summary>
    /// <returns>How long it took to the window's end; null if it was not within <paramref name="atMost"/>.</returns>
    public Task<TimeSpan?> UntilAsync(double least, TimeSpan atMost) => WatchAsync(atMost, rate => rate >= least);

    private async Task<TimeSpan?> WatchAsync(TimeSpan time, Predicate<double> isEnough)
    {
        _samples.Clear();
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < time)
        {
            var now = TimeProvider.System.GetTimestamp();
            _samples.Add((now, lab.Step(run)));
            var first = _samples.FindLastIndex(
                sample => TimeProvider.System.GetElapsedTime(sample.Time, now) >= Window);
            if (first >= 0 && isEnough(Rate(_samples[first], _samples[^1])))
            {
                return TimeProvider.System.GetElapsedTime(start);
            }

            await lab.WaitAsync(Look);
        }

        return null;
    }

    private static double Rate((long Time, long Step) from, (long Time, long Step) to) =>
        (to.Step - from.Step) / TimeProvider.System.GetElapsedTime(from.Time, to.Time).TotalSeconds;
}
