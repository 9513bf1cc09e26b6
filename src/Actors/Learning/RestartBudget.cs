using Involute.Estimators;

namespace Involute.Actors.Learning;

/// <summary>Counts how often each block fails while the run stands at one step.</summary>
internal sealed class RestartBudget(int blocks, int limit)
{
    private readonly (ThetaVersion Version, int Count)[] _failures = new (ThetaVersion, int)[blocks];

    /// <summary>Failures of a block at the step it failed at last.</summary>
    public int Count(int block) => _failures[block].Count;

    /// <summary>Counts a failure; false if the block may not be placed again.</summary>
    public bool Spend(int block, ThetaVersion version)
    {
        var before = _failures[block];
        _failures[block] = before.Version == version ? (version, before.Count + 1) : (version, 1);
        return _failures[block].Count <= limit;
    }
}
