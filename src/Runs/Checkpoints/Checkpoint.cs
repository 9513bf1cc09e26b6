using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;

namespace Involute.Runs.Checkpoints;

/// <summary>The state of one pair actor, as <see cref="PairState{T}.Save"/> wrote it.</summary>
public sealed record PairSnapshot(PairBlock Block, ReadOnlyMemory<byte> State)
{
    /// <summary>
    /// Where the state stands in the run's store; null if it is only in memory. Then <see cref="State"/> is empty.
    /// </summary>
    internal StateGroup? Stored { get; init; }
}

/// <summary>Everything that is needed to go on with a run as if nothing had happened.</summary>
/// <param name="RunId">The run.</param>
/// <param name="IdentitySha256">Hash of the settings that decide theta (lowercase hex); a checkpoint is of no use to
/// another.</param>
/// <param name="State">Theta (its version is the outer step) and the meta-optimizer's memory.</param>
/// <param name="MeanLoss">Mean meta-loss of the step that made this theta; NaN before the first.</param>
/// <param name="Pairs">Every pair actor's state after as many windows as theta has had updates, in pair order.</param>
public sealed record Checkpoint(
    RunId RunId, string IdentitySha256, OuterState<float> State, double MeanLoss, IReadOnlyList<PairSnapshot> Pairs)
{
    /// <summary>The outer step: updates that theta has had.</summary>
    public long Step => State.Theta.Version.Value;

    /// <summary>
    /// Inner training steps up to this one, over all pairs and lanes; null where the plan tells them (<see
    /// cref="InnerStepTotal.IsProduct"/>), and in checkpoints of before version 0.4.
    /// </summary>
    public long? InnerSteps { get; init; }

    /// <summary>Theta and the meta-optimizer's memory, as a run of this plan goes on with them.</summary>
    public OuterState<float> StateIn(TrainingPlan<float> plan) =>
        State with { InnerSteps = InnerSteps ?? InnerStepTotal.Of(plan, Step) };

    /// <summary>All pairs with their states, which are loaded where they stand in parts: one group of blocks at a time.</summary>
    /// <param name="load">Loads the states of a group.</param>
    internal IEnumerable<PairSnapshot> LoadedPairs(Func<StateGroup, IReadOnlyList<PairSnapshot>> load)
    {
        StateGroup? group = null;
        foreach (var pair in Pairs)
        {
            if (pair.Stored is null)
            {
                yield return pair;
            }
            else if (!ReferenceEquals(pair.Stored, group))
            {
                group = pair.Stored;
                foreach (var loaded in load(group))
                {
                    yield return loaded;
                }
            }
        }
    }
}
