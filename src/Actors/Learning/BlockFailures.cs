using Involute.Estimators.Plans;

namespace Involute.Actors.Learning;

/// <summary>How often each block has failed in the step of now, and what follows from one more failure.</summary>
/// <param name="settings">The run's.</param>
/// <param name="blocks">The run's blocks of pairs, in pair order.</param>
/// <param name="emit">Receives what to tell.</param>
internal sealed class BlockFailures(
    LearnerSettings settings, IReadOnlyList<PairBlock> blocks, Action<LearnerEffect> emit)
{
    private readonly (ThetaVersion Version, int Count)[] _failures = new (ThetaVersion, int)[blocks.Count];
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private int _untold;

    /// <summary>The last failure that was tried again, in words; null if there was none.</summary>
    public string? Last { get; private set; }

    /// <summary>Failures that were tried again.</summary>
    public long Total { get; private set; }

    /// <summary>A block has failed. It is told, but for the same reason only once in a step.</summary>
    /// <param name="block">The block.</param>
    /// <param name="cut">What it starts again from.</param>
    /// <param name="error">Why.</param>
    /// <param name="fatal">Whether another try is pointless.</param>
    /// <returns>Why the run cannot go on; null if the block starts again.</returns>
    public string? Add(int block, ReplayCut cut, string error, bool fatal)
    {
        var version = cut.Now;
        var failure = $"{blocks[block]} failed in outer step {version.Next} "
            + $"(seed {settings.Plan.Windows.Seed}): {error}";
        if (fatal)
        {
            return failure;
        }

        Last = failure;
        Total++;
        var count = _failures[block].Version == version ? _failures[block].Count + 1 : 1;
        _failures[block] = (version, count);
        var most = settings.Run.MaxPairRestarts;
        if (count > most)
        {
            return $"{failure}, again after {most} restarts";
        }

        // The same but for a step's or a pair's number.
        if (_told.Add(string.Concat(error.Where(it => !char.IsAsciiDigit(it)))))
        {
            emit(new LearnerEffect.Warn($"{failure}; restart {count} of {most}, from step {cut.Version}")
            {
                Event = "pairs-failed",
                Pair = blocks[block].First,
            });
        }
        else
        {
            _untold++;
        }

        return null;
    }

    /// <summary>The step is done: failures that have not been told one by one are told in one line.</summary>
    public void StepDone(ThetaVersion done)
    {
        if (_untold > 0)
        {
            emit(new LearnerEffect.Warn(
                $"outer step {done}: pairs failed {_untold} more times for the same reason, and were restarted too"));
        }

        _told.Clear();
        _untold = 0;
    }
}
