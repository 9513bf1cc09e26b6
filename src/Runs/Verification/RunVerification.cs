using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification.Checks;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification;

/// <summary>
/// Checks a recorded history: a function of what the store holds and of what the configuration says. docs/verify.md
/// explains each check.
/// </summary>
public static class RunVerification
{
    /// <summary>
    /// Ledgers with no more events before the checkpoints that are kept are always read as a whole: it takes a few hundredths
    /// of a second.
    /// </summary>
    public const int EventsReadAnyway = 10_000;

    /// <summary>Looks at everything once.</summary>
    /// <param name="records">What the store holds.</param>
    /// <param name="expected">What the configuration says.</param>
    /// <param name="progress">Hears of each event that has been looked at.</param>
    public static VerifiedRun Of(
        IRunRecords records, ExpectedRun expected, Action<VerificationProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(expected);
        return Read(records, expected, start: null, progress);
    }

    /// <summary>
    /// Looks at the ledger from the record of the older checkpoint that is kept, and of the events before only that all are
    /// there; at everything if that shows anything wrong, so that the verdict is then the same.
    /// </summary>
    /// <param name="records">What the store holds.</param>
    /// <param name="expected">What the configuration says.</param>
    /// <param name="eventsReadAnyway">At everything too if there are no more events before that record.</param>
    public static VerifiedRun SinceCheckpoints(
        IRunRecords records, ExpectedRun expected, int eventsReadAnyway = EventsReadAnyway)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(expected);
        var own = LedgerId.Of(expected.RunId);
        return records.PersistenceIds.Contains(own)
            && LedgerStart.Find(records, own) is { } start && start.Anchor.Sequence > eventsReadAnyway
            && records.Extent(own).IsWhole
            && Read(records, expected, start, progress: null) is { Problem: null } run
                ? run
                : Of(records, expected);
    }

    private static VerifiedRun Read(
        IRunRecords records, ExpectedRun expected, LedgerStart? start, Action<VerificationProgress>? progress)
    {
        var (identity, checkpoints) = (new IdentityCheck(expected), new CheckpointCheck());
        var own = Own(records, expected, identity);
        var from = start?.Anchor.Sequence ?? 0;
        var commits = new CommitCheck(own is null
            ? []
            : records.NewestFirst(own).TakeWhile(row => row.Sequence > from || start is null).Select(JournalEntry.Of));
        var origin = new OriginCheck(expected.Parent);
        RunCheck[] checks =
        [
            new JournalCheck(start is null ? records.StorageProblems() : []), identity, new EpochCheck(), new StepCheck(),
            new ChainCheck(), new PairsCheck(expected), new FiniteCheck(expected), commits, new ComputationCheck(expected),
            checkpoints, origin,
        ];
        var history = start is null ? new RecordedHistory() : new RecordedHistory(start);
        var read = start is null ? new RunHistory() : new RunHistory(start);
        if (start is not null)
        {
            Array.ForEach(checks, check => check.Begin(start));
        }

        var last = own is null || progress is null ? 0 : records.LastSequence(own);
        foreach (var row in own is null ? [] : records.Journal(own, from))
        {
            var entry = JournalEntry.Of(row);
            Array.ForEach(checks, check => check.See(entry, history));
            history.Apply(entry);
            read.Apply(entry);
            progress?.Invoke(new VerificationProgress(entry.Sequence, last));
        }

        foreach (var entry in (own is null ? [] : records.Checkpoints(own))
            .Select(row => CheckpointEntry.Of(row, part => records.Part(own!, part))))
        {
            Array.ForEach(checks, check => check.See(entry, history));
            read.Apply(entry.Step, checkpoints.IsGood && history.Commits.ContainsKey(entry.Step) ? entry.Checkpoint : null);
        }

        return new VerifiedRun(
            expected, history, read, checkpoints.Good,
            [.. checks.Where(check => check != origin || origin.IsFork).Select(check => check.Complete(history))])
        {
            Ledger = own,
        };
    }

    // A folder that was renamed still holds one whole run, which can be checked under its old name. A learner that has
    // just begun has no tables yet to ask.
    private static string? Own(IRunRecords records, ExpectedRun expected, IdentityCheck identity)
    {
        var own = LedgerId.Of(expected.RunId);
        var others = records.PersistenceIds.Where(id => id != own && !LedgerId.IsSetAside(id, expected.RunId)).ToList();
        var isOwn = records.PersistenceIds.Contains(own);
        others.ForEach(other => identity.Foreign(other, isAll: !isOwn && others.Count == 1));
        return isOwn ? own
            : others.Count == 1 ? others[0]
            : null;
    }
}

/// <summary>How far a verification is.</summary>
/// <param name="Sequence">The event that has been looked at.</param>
/// <param name="Last">The newest event.</param>
public readonly record struct VerificationProgress(long Sequence, long Last);
