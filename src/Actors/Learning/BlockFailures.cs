using Involute.Estimators.Plans;

namespace Involute.Actors.Learning;

/// <summary>How often each block has failed in the step of now, and what follows from one more failure.</summary>
/// <param name="settings">The run's.</param>
/// <param name="blocks">The run's blocks of pairs, in pair order.</param>
internal sealed class BlockFailures(LearnerSettings settings, IReadOnlyList<PairBlock> blocks)
{
    private readonly (ThetaVersion Version, int Count)[] _failures = new (ThetaVersion, int)[blocks.Count];

    /// <summary>The last failure that was tried again, in words; null if there was none.</summary>
    public string? Last { get; private set; }

    /// <summary>A block has failed.</summary>
    /// <param name="block">The block.</param>
    /// <param name="cut">What it starts again from.</param>
    /// <param name="error">Why.</param>
    /// <param name="fatal">Whether another try is pointless.</param>
    /// <returns>Why the run cannot go on, or what to tell of the restart.</returns>
    public (string? Hopeless, string News) Add(int block, ReplayCut cut, string error, bool fatal)
    {
        var version = cut.Now;
        var failure = $"{blocks[block]} failed in outer step {version.Next} "
            + $"(seed {settings.Plan.Windows.Seed}): {error}";
        if (fatal)
        {
            return (failure, failure);
        }

        Last = failure;
        var count = _failures[block].Version == version ? _failures[block].Count + 1 : 1;
        _failures[block] = (version, count);
        var most = settings.Run.MaxPairRestarts;
        return (
            count > most ? $"{failure}, again after {most} restarts" : null,
            $"{failure}; restart {count} of {most}, from step {cut.Version}");
    }
}
