using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>Each step's chain hash covers its theta, its contributions and the chain hash before it.</summary>
/// <remarks>Across a gap nothing can be compared; that the gap is there is for <see cref="StepCheck"/> to
/// say.</remarks>
internal sealed class ChainCheck() : RunCheck("chain")
{
    private long _links;

    public override void See(JournalEntry entry, RecordedHistory before)
    {
        if (entry.Event is not StepRecorded step || Previous(step, before) is not { } previous)
        {
            return;
        }

        _links++;
        if (LedgerState.Chain(previous, step.ThetaSha256, step.ContributionsSha256) != step.ChainSha256)
        {
            Findings.Add(
                $"the chain is broken at step {step.Step} (sequence {entry.Sequence})", step.Step, entry.Sequence);
        }
    }

    protected override (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger) =>
        ($"{Counted.Of(_links, "link")} recomputed", _links > 0);

    private static string? Previous(StepRecorded step, RecordedHistory before) =>
        before.Last is not { } last ? (step.Step == 1 ? LedgerState.ChainStart : null)
        : last.Step == step.Step - 1 ? last.ChainSha256
        : null;
}
