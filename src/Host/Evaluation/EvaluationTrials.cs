using Involute.Tasks.Randomness;

namespace Involute.Host.Evaluation;

/// <summary>
/// The trajectories of evaluations: initial parameters, task samples and data orders never met in training.
/// </summary>
internal static class EvaluationTrials
{
    /// <summary>Most trials of an evaluation.</summary>
    public const int Limit = 1024;

    /// <summary>
    /// Pair id of the first trial: the top of the 24 bits that a pair id has. Runs have at most 1,000,000 pairs, so no
    /// pair of a training run has such an id.
    /// </summary>
    public const int FirstPair = CounterStream.PairLimit - Limit;

    /// <summary>The trajectory of a trial, 0 to <see cref="Limit"/> − 1.</summary>
    public static TrajectoryKey Key(long seed, int trial)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trial);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(trial, Limit);
        return new TrajectoryKey(seed, FirstPair + trial, 0);
    }
}
