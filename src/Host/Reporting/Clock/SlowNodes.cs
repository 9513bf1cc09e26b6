using System.Globalization;
using Involute.Runs;

namespace Involute.Host.Reporting.Clock;

/// <summary>Finds nodes whose windows take much longer than those of the others for a while, and says so once.</summary>
/// <remarks>Looked at again and again, each time with what the nodes have computed since.</remarks>
internal sealed class SlowNodes
{
    /// <summary>A node is slow from here on: its time for a window, divided by that of the others.</summary>
    public const double Slow = 2;

    /// <summary>It is slow no more from here on.</summary>
    public const double Usual = 1.5;

    /// <summary>So many looks in a row decide.</summary>
    public const int Looks = 15;

    private readonly Dictionary<string, (int InARow, bool IsSlow)> _nodes = [];

    /// <summary>What is new.</summary>
    /// <param name="nodes">What each node has computed since the last look.</param>
    /// <param name="step">The outer step.</param>
    public IReadOnlyList<RunNews> Look(IReadOnlyList<NodeRow> nodes, long step)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        foreach (var gone in _nodes.Keys.Except(nodes.Select(node => node.Node)).ToList())
        {
            _nodes.Remove(gone);
        }

        return [.. nodes.Select(node => Look(node, nodes, step)).OfType<RunNews>()];
    }

    private RunNews? Look(NodeRow node, IReadOnlyList<NodeRow> nodes, long step)
    {
        var others = nodes.Where(other => other != node).ToList();
        var windows = others.Sum(other => other.PairWindows);
        var ratio = node.SecondsPerWindow / (others.Sum(other => other.ComputeSeconds) / windows);
        if (!double.IsFinite(ratio))
        {
            // It, or all others, have computed nothing meanwhile.
            return null;
        }

        var (inARow, isSlow) = _nodes.GetValueOrDefault(node.Node);
        var changes = isSlow ? ratio < Usual : ratio >= Slow;
        inARow = changes ? inARow + 1 : 0;
        if (inARow < Looks)
        {
            _nodes[node.Node] = (inARow, isSlow);
            return null;
        }

        _nodes[node.Node] = (0, !isSlow);
        return isSlow
            ? new RunNews("worker-usual", $"worker {node.Node} is about as fast as the others again")
            {
                Step = step,
                Node = node.Node,
            }
            : new RunNews(
                "worker-slow",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"worker {node.Node} is slow: its windows take {ratio:F1} times as long as those of the others"))
            {
                Step = step,
                Node = node.Node,
                IsWarning = true,
            };
    }
}
