using Involute.Estimators.Plans;

namespace Involute.Actors.Learning;

/// <summary>
/// Tells a bad node from bad pairs: a block that fails on a node and does its window on another speaks against the
/// node.
/// </summary>
/// <remarks>
/// Blocks that fail everywhere speak against none: <see cref="Placements"/> counts their restarts. Decides from what
/// the learner has seen alone, without a clock.
/// </remarks>
internal sealed class NodeFaults
{
    /// <summary>So many times a node is believed to have had an accident; after that it is not trusted.</summary>
    public const int Limit = 3;

    /// <summary>Outer steps after which a fault is forgotten: a node may live for months.</summary>
    public const int Memory = 100;

    private readonly HashSet<(int Block, string Node)> _failures = [];
    private readonly SortedDictionary<string, List<long>> _faults = new(StringComparer.Ordinal);

    /// <summary>A block has failed on a node in the step of now.</summary>
    public void Failed(int block, string node) => _failures.Add((block, node));

    /// <summary>Whether any block has failed in this step.</summary>
    public bool HasAny => _failures.Count > 0;

    /// <summary>Whether it has in this step: another try is better made elsewhere.</summary>
    public bool HasFailed(int block, string node) => _failures.Contains((block, node));

    /// <summary>The step is done, each block on the node that it was placed on last.</summary>
    /// <param name="version">The step's.</param>
    /// <param name="home">The node that has done a block's window; null if it is gone.</param>
    /// <returns>Nodes that this step has made untrustworthy, in the order of their ids.</returns>
    public IReadOnlyList<string> StepDone(ThetaVersion version, Func<int, string?> home)
    {
        if (_failures.Count == 0)
        {
            return [];
        }

        var accused = _failures.Where(failure => home(failure.Block) is { } better && better != failure.Node)
            .Select(failure => failure.Node).ToList();
        _failures.Clear();
        foreach (var node in accused.GroupBy(node => node))
        {
            if (!_faults.TryGetValue(node.Key, out var faults))
            {
                _faults[node.Key] = faults = [];
            }

            faults.RemoveAll(before => before + Memory <= version.Value);
            faults.AddRange(node.Select(_ => version.Value));
        }

        return [.. accused.Distinct().Where(node => _faults[node].Count >= Limit).Order(StringComparer.Ordinal)];
    }

    /// <summary>A node is gone, or begins anew.</summary>
    public void Forget(string node)
    {
        _failures.RemoveWhere(failure => failure.Node == node);
        _faults.Remove(node);
    }
}
