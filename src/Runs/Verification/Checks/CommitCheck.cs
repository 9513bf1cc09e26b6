using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>
/// Committed ≤ acknowledged: no checkpoint is committed before its step is in the ledger, and none is stored whose step
/// is not.
/// </summary>
/// <remarks>The start of the run, step 0, needs no record.</remarks>
internal sealed class CommitCheck() : RunCheck("commits")
{
    private long _commits;

    public override void See(JournalEntry entry, RecordedHistory before)
    {
        if (entry.Event is not CheckpointCommitted commit)
        {
            return;
        }

        _commits++;
        if (commit.Step != 0 && before.Steps.Find(commit.Step) is null)
        {
            Findings.Add(
                $"the checkpoint of step {commit.Step} is committed at sequence {entry.Sequence}, "
                    + $"{Reason(commit.Step, before)}",
                commit.Step,
                entry.Sequence);
        }
    }

    public override void See(CheckpointEntry entry, RecordedHistory ledger)
    {
        if (entry.Step != 0 && ledger.Steps.Find(entry.Step) is null)
        {
            Findings.Add($"a checkpoint of step {entry.Step} is stored, {Reason(entry.Step, ledger)}", entry.Step);
        }
    }

    protected override (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger) => (
        $"{Counted.Of(_commits, "commit")} up to acknowledged step {ledger.Acknowledged}", _commits > 0);

    private static string Reason(long step, RecordedHistory before) => step > before.Acknowledged
        ? $"beyond the last acknowledged step, {before.Acknowledged}"
        : "which the ledger does not contain";
}
