using Involute.Runs.Ledger;

namespace Involute.Runs.Checkpoints;

/// <summary>Whether a row of the store is the checkpoint that the ledger says was committed last.</summary>
/// <remarks>
/// Only what is committed counts: a row without a commit may be anything. What differs from the ledger ends the run that
/// was to go on; the row stays as it is.
/// </remarks>
internal static class CommittedCheckpoint
{
    /// <summary>Reads it.</summary>
    /// <param name="ledger">A ledger with a committed checkpoint.</param>
    /// <param name="row">The step of the newest row up to that of the committed checkpoint; null if there is none.</param>
    /// <param name="content">The row's bytes.</param>
    /// <returns>Its bytes, which are whole; its parts have still to be read.</returns>
    /// <exception cref="InvalidDataException">It is not there, damaged, or another one.</exception>
    public static byte[] Row(LedgerState ledger, long? row, object? content)
    {
        var (step, sha256) = ledger.Checkpoint ?? throw new InvalidOperationException("no checkpoint is committed");
        if (row != step)
        {
            throw Wrong(step, "it is committed, and is not there");
        }

        var bytes = content as byte[] ?? [];
        if (CheckpointFormat.Damage(bytes) is { } damage)
        {
            throw Wrong(step, damage);
        }

        if (CheckpointFormat.HashText(bytes) != sha256)
        {
            throw Wrong(step, $"its SHA-256 is {CheckpointFormat.HashText(bytes)}, and {sha256} was committed");
        }

        return bytes;
    }

    /// <summary>Throws if what was read from that row is not what the ledger says.</summary>
    /// <param name="ledger">A ledger with a committed checkpoint.</param>
    /// <param name="runId">The run.</param>
    /// <param name="identitySha256">Hash of its settings that decide theta.</param>
    /// <param name="checkpoint">What was read.</param>
    /// <exception cref="InvalidDataException">It is another one.</exception>
    public static Checkpoint Require(LedgerState ledger, RunId runId, string identitySha256, Checkpoint checkpoint)
    {
        var step = ledger.Checkpoint?.Step ?? throw new InvalidOperationException("no checkpoint is committed");
        CheckpointFormat.Require(checkpoint, runId, identitySha256);
        return checkpoint.Step != step ? throw Wrong(step, $"it is of step {checkpoint.Step}")
            : step > ledger.LastStep ? throw Wrong(step, $"the ledger ends at step {ledger.LastStep}")
            : step > 0 && ledger.ThetaHash(step) != checkpoint.State.Theta.HashText()
                ? throw Wrong(step, "its theta is not the ledger's")
            : checkpoint;
    }

    /// <summary>The row cannot be read at all.</summary>
    public static InvalidDataException Unreadable(LedgerState ledger, string reason) =>
        Wrong(ledger.Checkpoint?.Step ?? 0, reason);

    private static InvalidDataException Wrong(long step, string problem) =>
        new($"the checkpoint of step {step}: {problem}; 'involute verify' says what to do");
}
