using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>No infinity and no NaN in mean losses, thetas and the meta-optimizer's memory.</summary>
/// <remarks>
/// A step that consisted of resets only has no loss, which is NaN; only some settings allow such steps. States of pairs
/// are not looked at: a diverged arm is frozen with whatever it had.
/// </remarks>
internal sealed class FiniteCheck(ExpectedRun expected) : RunCheck("finite")
{
    private long _losses;
    private int _thetas;

    public override void See(JournalEntry entry, RecordedHistory before)
    {
        if (entry.Event is not StepRecorded step)
        {
            return;
        }

        _losses++;
        if (!double.IsFinite(step.MeanLoss) && !(double.IsNaN(step.MeanLoss) && expected.MayLackLoss))
        {
            Findings.Add(
                FormattableString.Invariant(
                    $"the mean loss of step {step.Step} at sequence {entry.Sequence} is {step.MeanLoss}"),
                step.Step,
                entry.Sequence);
        }
    }

    public override void See(CheckpointEntry entry, RecordedHistory ledger)
    {
        if (entry.Checkpoint is not { } checkpoint)
        {
            return;
        }

        _thetas++;
        if (!checkpoint.State.Theta.IsFinite)
        {
            Findings.Add($"theta in the checkpoint of step {entry.Step} is not finite", entry.Step);
        }

        if (checkpoint.State.MetaOptimizer.Span.ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
        {
            Findings.Add($"the meta-optimizer in the checkpoint of step {entry.Step} is not finite", entry.Step);
        }
    }

    protected override (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger) => (
        $"mean losses of {Counted.Of(_losses, "step")}, {Counted.Of(_thetas, "theta")} with the meta-optimizer",
        _losses + _thetas > 0);
}
