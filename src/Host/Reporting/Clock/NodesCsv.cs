using System.Globalization;
using System.Text;
using Involute.Actors.Learning;
using Involute.Host.Output;

namespace Involute.Host.Reporting.Clock;

/// <summary>What a node did in a stretch of outer steps.</summary>
/// <param name="Node">Where it is.</param>
/// <param name="Threads">Windows that it can compute at once.</param>
/// <param name="PairWindows">Windows of single pairs that it has computed.</param>
/// <param name="ComputeSeconds">Time that its threads have computed.</param>
/// <param name="Share">Its share of what all nodes have computed, by time.</param>
/// <param name="Busy">Share of its threads' time in which they have computed.</param>
internal sealed record NodeRow(
    string Node, int Threads, long PairWindows, double ComputeSeconds, double Share, double Busy)
{
    /// <summary>Time of a thread for a window of a pair; NaN if it has computed none.</summary>
    public double SecondsPerWindow => PairWindows > 0 ? ComputeSeconds / PairWindows : double.NaN;

    /// <summary>The rows of a stretch, one for each node that takes part or has computed, by name.</summary>
    /// <param name="totals">What nodes have computed, at the end of the stretch.</param>
    /// <param name="before">The same at its beginning.</param>
    /// <param name="seconds">Its time.</param>
    public static IReadOnlyList<NodeRow> Of(
        NodeTotals totals, IReadOnlyDictionary<string, NodeWork> before, double seconds)
    {
        ArgumentNullException.ThrowIfNull(totals);
        var now = totals.Snapshot();
        var threads = totals.Threads;
        var all = now.Sum(node => node.Value.Seconds - before.GetValueOrDefault(node.Key).Seconds);
        return
        [
            .. now.Keys.Union(threads.Keys).Select(path => (path, name: NodeName.Place(path)))
                .OrderBy(it => it.name, StringComparer.Ordinal)
                .Select(it => Row(it.name, threads.GetValueOrDefault(it.path), now, it.path))
                .Where(row => row.Threads > 0 || row.PairWindows > 0),
        ];

        NodeRow Row(string name, int slots, IReadOnlyDictionary<string, NodeWork> work, string path)
        {
            var (done, then) = (work.GetValueOrDefault(path), before.GetValueOrDefault(path));
            var took = done.Seconds - then.Seconds;
            return new NodeRow(
                name, slots, done.PairWindows - then.PairWindows, took, all > 0 ? took / all : double.NaN,
                slots * seconds > 0 ? took / (slots * seconds) : double.NaN);
        }
    }
}

/// <summary><c>nodes.csv</c>: what each node has computed, in stretches of outer steps.</summary>
internal sealed class NodesCsv : IDisposable
{
    /// <summary>The header line.</summary>
    public const string Header =
        $"{MetricsCsv.OuterStep},time,node,threads,pair_windows,compute_seconds,share,busy,seconds_per_window";

    private readonly StepCsv _csv;

    private NodesCsv(StepCsv csv) => _csv = csv;

    /// <summary>Opens the file; a resume removes the rows after the outer step from which it continues.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static NodesCsv Open(string path, long resumeFrom, Action<string> warn) =>
        new(StepCsv.Open(path, Header, resumeFrom, RowRule.Clock, warn));

    /// <summary>Appends the rows of a stretch.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Append(long outerStep, DateTimeOffset time, IReadOnlyList<NodeRow> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var rows = new StringBuilder();
        foreach (var node in nodes)
        {
            rows.Append(
                CultureInfo.InvariantCulture,
                $"{outerStep},{TimeStamp.Precise(time)},{node.Node},{node.Threads},{node.PairWindows},");
            rows.Append(
                CultureInfo.InvariantCulture,
                $"{node.ComputeSeconds:F3},{node.Share:G4},{node.Busy:G4},{node.SecondsPerWindow:G4}\n");
        }

        _csv.Append(rows.ToString());
    }

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();
}
