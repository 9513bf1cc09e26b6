using Involute.Actors.Protocol;
using Involute.Estimators.Plans;

namespace Involute.Actors.Pairs;

/// <summary>The windows that the compute threads of this process are in: one that does not return is found here.</summary>
/// <remarks>
/// How long one has lasted is counted in looks, not read from a clock: a process that was stopped for an hour has not computed
/// for an hour.
/// </remarks>
/// <param name="time">Measures windows that return.</param>
internal sealed class RunningWindows(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<RunningWindow> _running = [];
    private TimeSpan? _longest;

    /// <summary>Pairs begin to compute; the end is the result's disposal.</summary>
    public RunningWindow Begin(PlacedBlock pairs, ThetaVersion version)
    {
        var window = new RunningWindow(pairs, version, time.GetTimestamp(), End);
        lock (_gate)
        {
            _running.Add(window);
        }

        return window;
    }

    /// <summary>One look: what has lasted suspiciously long is news once, and once more when it has lasted too long.</summary>
    /// <param name="interval">Time since the look before.</param>
    /// <param name="limit">The setting.</param>
    public IReadOnlyList<OverdueWindow> Look(TimeSpan interval, TimeSpan limit)
    {
        lock (_gate)
        {
            var patience = new WindowPatience(limit, _longest);
            return [.. _running.Select(window => Judge(window, interval, patience)).OfType<OverdueWindow>()];
        }
    }

    private static OverdueWindow? Judge(RunningWindow window, TimeSpan interval, WindowPatience patience)
    {
        window.Lasted += interval;

        // The patience changes with the windows that return: what was told is kept, not worked out.
        var news = window.Lasted >= patience.Limit ? WindowNews.TooLong
            : window.Lasted >= patience.Suspicion ? WindowNews.Suspicious
            : WindowNews.None;
        if (news <= window.Told)
        {
            return null;
        }

        window.Told = news;
        return new OverdueWindow(
            window.Pairs, window.Version, window.Lasted, patience, IsTooLong: news == WindowNews.TooLong);
    }

    private void End(RunningWindow window)
    {
        window.Took = time.GetElapsedTime(window.Start);
        lock (_gate)
        {
            _running.Remove(window);
            _longest = _longest > window.Took ? _longest : window.Took;
        }
    }
}

/// <summary>A window that a thread is in.</summary>
internal sealed class RunningWindow(PlacedBlock pairs, ThetaVersion version, long start, Action<RunningWindow> end)
    : IDisposable
{
    /// <summary>Whose it is.</summary>
    public PlacedBlock Pairs => pairs;

    /// <summary>The theta that it is computed under.</summary>
    public ThetaVersion Version => version;

    /// <summary>When it began.</summary>
    public long Start => start;

    /// <summary>How long it took; nothing before its end.</summary>
    public TimeSpan Took { get; set; }

    /// <summary>The looks that it has lasted for.</summary>
    public TimeSpan Lasted { get; set; }

    /// <summary>What was told of it.</summary>
    public WindowNews Told { get; set; }

    /// <inheritdoc/>
    public void Dispose() => end(this);
}

/// <summary>What there is to tell of a window, in the order in which it is told.</summary>
internal enum WindowNews
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It lasts longer than windows usually do.</summary>
    Suspicious,

    /// <summary>It counts as one that does not return.</summary>
    TooLong,
}

/// <summary>How long a window may last: its usual time decides, within bounds.</summary>
/// <param name="Setting">The longest that is ever waited for: <c>involute.window-limit</c>.</param>
/// <param name="Longest">The longest window of this process that has returned; null if none has.</param>
internal sealed record WindowPatience(TimeSpan Setting, TimeSpan? Longest)
{
    private static readonly TimeSpan LeastSuspicion = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeastLimit = TimeSpan.FromMinutes(10);

    /// <summary>From here on it is worth a line.</summary>
    public TimeSpan Suspicion => Least(Limit, Most(LeastSuspicion, 10 * (Longest ?? TimeSpan.Zero)));

    /// <summary>From here on it counts as one that does not return.</summary>
    public TimeSpan Limit => Longest is { } longest ? Least(Setting, Most(LeastLimit, 100 * longest)) : Setting;

    private static TimeSpan Most(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>A window that lasts longer than windows usually do.</summary>
/// <param name="Pairs">Whose it is.</param>
/// <param name="Version">The theta that it is computed under.</param>
/// <param name="Lasted">For how long, so far.</param>
/// <param name="Patience">What was waited for.</param>
/// <param name="IsTooLong">Whether it counts as one that does not return.</param>
internal sealed record OverdueWindow(
    PlacedBlock Pairs, ThetaVersion Version, TimeSpan Lasted, WindowPatience Patience, bool IsTooLong)
{
    /// <summary>The line for a person.</summary>
    /// <param name="node">The process.</param>
    public string Line(string node)
    {
        var usual = Patience.Longest is { } longest ? $"; the longest window there took {Seconds(longest)}" : "";
        var lasts = $"a window has not returned for {Seconds(Lasted)}{usual}";
        return IsTooLong
            ? $"{lasts} ({node}; involute.window-limit = {Seconds(Patience.Setting)})"
            : $"{Pairs.Block}, outer step {Version.Next}, {node}: {lasts}. Its step function may not return; the run waits "
                + $"{Seconds(Patience.Limit)} in all (involute.window-limit)";
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
