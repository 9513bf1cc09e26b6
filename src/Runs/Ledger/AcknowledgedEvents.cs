namespace Involute.Runs.Ledger;

/// <summary>
/// What a learner has been told is on disk, in its epoch: a store that no longer has it has gone back in time, as a copy
/// of a database or a standby without the last changes does.
/// </summary>
/// <param name="Epoch">The learner's epoch.</param>
/// <param name="Step">The last outer step.</param>
/// <param name="CheckpointStep">The step of the last checkpoint; 0 if none.</param>
/// <param name="Settings">How many changes of settings.</param>
internal sealed record AcknowledgedEvents(long Epoch, long Step, long CheckpointStep, int Settings)
{
    /// <summary>What a ledger lacks and what can be done, in one line; null if it has everything, or a later epoch.</summary>
    public string? LostBy(LedgerState ledger, RunId runId)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var checkpoint = ledger.Checkpoint?.Step ?? 0;
        if (ledger.Epoch > Epoch
            || (ledger.Epoch == Epoch && ledger.LastStep >= Step && checkpoint >= CheckpointStep
                && ledger.SettingsInEpoch >= Settings))
        {
            return null;
        }

        // A folder that knows of a later checkpoint is not resumed unasked.
        var at = ledger.LastStep < CheckpointStep ? $" --at {checkpoint}" : "";
        return $"the store lost what it had acknowledged: step {Step} and the checkpoint of step {CheckpointStep} were written, "
            + $"and it has step {ledger.LastStep} and the checkpoint of step {checkpoint} now (another copy of the database?); "
            + $"'involute resume {runId}{at}' goes on from what it has";
    }
}
