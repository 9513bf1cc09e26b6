using Involute.Runs;

namespace Involute.Host.Reporting.Clock;

/// <summary>What one node has computed.</summary>
/// <param name="PairWindows">Windows of single pairs.</param>
/// <param name="Seconds">Time that its threads have computed.</param>
internal readonly record struct NodeWork(long PairWindows, double Seconds);

/// <summary>What each node has computed since this learner began, and how long each block takes.</summary>
internal sealed class NodeTotals
{
    // Of the usual time of a block: about the mean of the last twenty windows.
    private const double Smoothing = 0.1;

    private readonly Dictionary<string, NodeWork> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _atWork = new(StringComparer.Ordinal);
    private double[] _usual = [];
    private StepCourse? _last;

    /// <summary>The nodes that took part in the last step, by their paths, and the threads of each.</summary>
    public IReadOnlyDictionary<string, int> Threads => _last?.Threads ?? new Dictionary<string, int>();

    /// <summary>Nodes that have computed a part of the last step.</summary>
    public int AtWork => _atWork.Count;

    /// <summary>The work of each node up to here.</summary>
    public IReadOnlyDictionary<string, NodeWork> Snapshot() => new Dictionary<string, NodeWork>(_nodes);

    /// <summary>Adds an outer step.</summary>
    /// <returns>Time that all threads have computed in it.</returns>
    public double Add(StepCourse course)
    {
        ArgumentNullException.ThrowIfNull(course);
        if (_usual.Length != course.Windows.Count)
        {
            _usual = new double[course.Windows.Count];
        }

        // Neighbouring blocks live on one node: the table is asked once for each stretch of them.
        var (node, work, all) = ("", default(NodeWork), 0.0);
        _atWork.Clear();
        for (var block = 0; block < course.Windows.Count; block++)
        {
            var window = course.Windows[block];
            if (window.Node != node)
            {
                Keep(node, work);
                (node, work) = (window.Node, default);
                _atWork.Add(node);
            }

            // What another machine tells of its time may be anything.
            var seconds = Math.Max(0, window.Took.TotalSeconds);
            work = new NodeWork(work.PairWindows + course.Contributions[block].Block.Count, work.Seconds + seconds);
            all += seconds;
            ref var usual = ref _usual[block];
            usual = usual > 0 ? usual + (Smoothing * (seconds - usual)) : seconds;
        }

        Keep(node, work);

        // The answers of a step may be large, and are not kept for this.
        _last = course with { Contributions = [] };
        return all;
    }

    /// <summary>The blocks that take longest, with their usual time and where they live, the slowest first.</summary>
    public IReadOnlyList<(int Block, double Seconds, string Node)> Slowest(int count) => _last is not { } last
        ? []
        :
        [
            .. Enumerable.Range(0, _usual.Length).OrderByDescending(block => _usual[block]).Take(count)
                .Select(block => (block, _usual[block], last.Windows[block].Node)),
        ];

    private void Keep(string node, NodeWork work)
    {
        if (work.PairWindows > 0)
        {
            var before = _nodes.GetValueOrDefault(node);
            _nodes[node] = new NodeWork(before.PairWindows + work.PairWindows, before.Seconds + work.Seconds);
        }
    }
}
