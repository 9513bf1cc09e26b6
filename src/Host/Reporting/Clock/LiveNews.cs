using Involute.Host.Reporting.Live;

namespace Involute.Host.Reporting.Clock;

/// <summary>What a learner has to tell of itself beside its rates: its checkpoint and its last warnings.</summary>
/// <remarks>Warnings may come from any thread.</remarks>
/// <param name="time">The clock.</param>
internal sealed class LiveNews(TimeProvider time)
{
    /// <summary>Blocks of pairs that are named as the slowest.</summary>
    public const int Slowest = 5;

    private const int MostWarnings = 20;

    private readonly Lock _gate = new();
    private readonly Queue<LiveWarning> _warnings = [];

    /// <summary>The last checkpoint, and when this learner wrote it.</summary>
    public (long Step, DateTimeOffset? Time) Checkpoint { get; set; }

    /// <summary>A warning.</summary>
    public void Add(string message)
    {
        lock (_gate)
        {
            _warnings.Enqueue(new LiveWarning(time.GetUtcNow(), message));
            while (_warnings.Count > MostWarnings)
            {
                _warnings.Dequeue();
            }
        }
    }

    /// <summary>All together.</summary>
    /// <param name="step">Outer steps done, of how many.</param>
    /// <param name="stretch">The run's time, that since the last status, and what was done in it.</param>
    /// <param name="nodes">What the nodes did in it.</param>
    /// <param name="slowest">The slowest blocks.</param>
    /// <param name="restarts">Blocks that were started again.</param>
    public LiveStatus Status(
        (long Done, long All) step, (double Elapsed, double Seconds, StepTotals Sums) stretch,
        IReadOnlyList<NodeRow> nodes, IReadOnlyList<LivePairs> slowest, long restarts)
    {
        lock (_gate)
        {
            return new LiveStatus(
                time.GetUtcNow(),
                Environment.ProcessId,
                step.Done,
                step.All,
                stretch.Elapsed,
                Finite(stretch.Sums.Steps / stretch.Seconds),
                Finite(stretch.Sums.InnerSteps / stretch.Seconds),
                Checkpoint.Step,
                Checkpoint.Time,
                Nodes(nodes, stretch.Seconds),
                slowest,
                restarts,
                [.. _warnings]);
        }
    }

    private static IReadOnlyList<LiveNode> Nodes(IReadOnlyList<NodeRow> nodes, double seconds)
    {
        var windows = nodes.Sum(node => node.PairWindows);
        var usual = windows > 0 ? nodes.Sum(node => node.ComputeSeconds) / windows : double.NaN;
        return
        [
            .. nodes.Select(node => new LiveNode(
                node.Node, node.Threads, Finite(node.PairWindows / seconds), Finite(node.SecondsPerWindow),
                Finite(node.SecondsPerWindow / usual), Finite(node.Busy))),
        ];
    }

    // JSON cannot express NaN or infinity.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
