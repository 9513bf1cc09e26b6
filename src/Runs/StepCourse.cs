using Involute.Estimators.Pairs;

namespace Involute.Runs;

/// <summary>How an outer step came about: who has computed what, and for how long. Theta does not depend on it.</summary>
/// <param name="Contributions">What each block of pairs has answered, in pair order.</param>
/// <param name="Windows">Where and how long each block was computed, in the same order.</param>
/// <param name="Threads">The nodes that take part by their paths, and how many windows each can compute at once.</param>
/// <param name="Discarded">Answers that came twice or too late, since this learner began.</param>
/// <param name="Restarts">Blocks that were started again after a failure, since this learner began.</param>
public sealed record StepCourse(
    IReadOnlyList<PairContribution<float>> Contributions,
    IReadOnlyList<BlockWindow> Windows,
    IReadOnlyDictionary<string, int> Threads,
    long Discarded,
    long Restarts)
{
    /// <summary>The learning rate by which it has changed theta; null if that of the settings.</summary>
    public double? MetaLearningRate { get; init; }
}

/// <summary>Where a block was computed in one outer step.</summary>
/// <param name="Node">The node's path.</param>
/// <param name="Took">How long its windows took there.</param>
public readonly record struct BlockWindow(string Node, TimeSpan Took);
