using Involute.Estimators;
using Involute.Estimators.Pairs;

namespace Involute.Runs.Checkpoints;

/// <summary>The state of one pair actor, as <see cref="PairState{T}.Save"/> wrote it.</summary>
public sealed record PairSnapshot(PairBlock Block, ReadOnlyMemory<byte> State);

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
}
