using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>Steps are recorded from 1 on, or from the one after a fork's, without a gap, each once.</summary>
/// <remarks>
/// A learner that goes on after a crash recomputes steps and compares them with the ledger; it records none again
/// (<see cref="LedgerState.Judge"/>). So a second record of a step is wrong, even if it says the same.
/// </remarks>
internal sealed class StepCheck() : RunCheck("steps")
{
    public override void See(JournalEntry entry, RecordedHistory before)
    {
        if (entry.Event is not StepRecorded step)
        {
            return;
        }

        if (before.Steps.Find(step.Step) is { } known)
        {
            Findings.Add(
                $"step {step.Step} is recorded again at sequence {entry.Sequence}, {Difference(known, step)} "
                    + $"at sequence {known.Sequence}",
                step.Step,
                entry.Sequence);
        }
        else if (step.Step != (before.Last?.Step ?? 0) + 1)
        {
            Findings.Add(
                $"step {step.Step} at sequence {entry.Sequence} follows step {before.Last?.Step ?? 0}",
                step.Step,
                entry.Sequence);
        }
    }

    protected override (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger)
    {
        // That which a fork comes from is another run's.
        var own = ledger.Steps.Count - (ledger.Fork is null ? 0 : 1);
        return own == 0 ? ("no steps", false) : ($"{Counted.Of(own, "step")}, the last is {ledger.Acknowledged}", true);
    }

    private static string Difference(RecordedStep known, StepRecorded step) =>
        known.ThetaSha256 != step.ThetaSha256 ? "with another theta than"
        : known.ContributionsSha256 != step.ContributionsSha256 ? "with other contributions than"
        : "the same as";
}
