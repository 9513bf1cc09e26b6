using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>Everything is of this run and of its settings.</summary>
internal sealed class IdentityCheck(ExpectedRun expected) : RunCheck("identity")
{
    private int _epochs;
    private int _checkpoints;

    /// <summary>Something in the store has another name than this run's ledger.</summary>
    /// <param name="persistenceId">That name.</param>
    /// <param name="isAll">Whether the store holds nothing else: then the folder was copied or renamed.</param>
    public void Foreign(string persistenceId, bool isAll) => Findings.Add(
        $"the database holds '{persistenceId}', which is not of run '{expected.RunId}'"
        + (isAll && LedgerId.RunOf(persistenceId) is { } run
            ? $": the folder was copied or renamed, and a run keeps its name; 'involute runs rename {expected.RunId} {expected.RunId}' "
                + $"makes it a run of this name, or call it '{run}' again"
            : ""));

    public override void Begin(LedgerStart start) => See(start.Epoch, new RecordedHistory());

    public override void See(JournalEntry entry, RecordedHistory before)
    {
        if (entry.Event is EpochStarted epoch)
        {
            _epochs++;
            Compare($"epoch {epoch.Epoch} at sequence {entry.Sequence}", epoch.RunId, epoch.IdentitySha256, null, entry.Sequence);
        }
    }

    public override void See(CheckpointEntry entry, RecordedHistory ledger)
    {
        if (entry.Checkpoint is { } checkpoint)
        {
            _checkpoints++;
            Compare(
                $"the checkpoint of step {entry.Step}", checkpoint.RunId, checkpoint.IdentitySha256, entry.Step, null);
        }
    }

    protected override (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger) => (
        $"run and settings of {Counted.Of(_epochs, "epoch")}, {Counted.Of(_checkpoints, "checkpoint")}",
        _epochs + _checkpoints > 0);

    private void Compare(string what, RunId runId, string identity, long? step, long? sequence)
    {
        if (runId != expected.RunId)
        {
            Findings.Add($"{what} is of run '{runId}', not of '{expected.RunId}'", step, sequence);
        }

        if (identity != expected.IdentitySha256)
        {
            Findings.Add(
                $"{what} was written with other settings ({identity}; config.conf has {expected.IdentitySha256})",
                step,
                sequence);
        }
    }
}
