using Involute.Actors.Pairs;
using Involute.Runs.Configuration;

namespace Involute.Actors.Nodes;

/// <summary>Looks now and then whether a window of this process does not return.</summary>
/// <param name="windows">
/// Those of the process: a worker's next node must know of threads that are lost to a former one.
/// </param>
/// <param name="limit">The longest that a window may last.</param>
internal sealed class WindowWatch(RunningWindows windows, TimeSpan limit)
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(5);

    /// <summary>The watch of a process that takes part in one run.</summary>
    public WindowWatch(RunConfiguration run)
        : this(new RunningWindows(TimeProvider.System), Limit(run))
    {
    }

    /// <summary>What the threads are in.</summary>
    public RunningWindows Windows => windows;

    /// <summary>Time between two looks.</summary>
    public TimeSpan Interval => limit / 4 < LongestInterval ? limit / 4 : LongestInterval;

    /// <summary>The longest that a window of a run may last.</summary>
    public static TimeSpan Limit(RunConfiguration run) => TimeSpan.FromSeconds(run.WindowLimit);

    /// <summary>One look.</summary>
    public IReadOnlyList<OverdueWindow> Look() => windows.Look(Interval, limit);
}
