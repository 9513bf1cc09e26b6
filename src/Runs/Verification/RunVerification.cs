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
    /// <summary>Looks at everything once.</summary>
    /// <param name="records">What the store holds.</param>
    /// <param name="expected">What the configuration says.</param>
    public static VerifiedRun Of(IRunRecords records, ExpectedRun expected)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(expected);
        var (identity, checkpoints) = (new IdentityCheck(expected), new CheckpointCheck());
        RunCheck[] checks =
        [
            new JournalCheck(records.StorageProblems()), identity, new EpochCheck(), new StepCheck(), new ChainCheck(),
            new PairsCheck(expected), new FiniteCheck(expected), new CommitCheck(), new ComputationCheck(expected),
            checkpoints,
        ];
        var own = Own(records, expected, identity);
        var history = new RecordedHistory();
        var read = new RunHistory();
        foreach (var entry in (own is null ? [] : records.Journal(own)).Select(JournalEntry.Of))
        {
            Array.ForEach(checks, check => check.See(entry, history));
            history.Apply(entry);
            read.Apply(entry);
        }

        foreach (var entry in (own is null ? [] : records.Checkpoints(own)).Select(CheckpointEntry.Of))
        {
            Array.ForEach(checks, check => check.See(entry, history));
            var isGood = checkpoints.Good is [.., var newest] && ReferenceEquals(newest, entry.Checkpoint);
            read.Apply(entry.Step, isGood && history.Commits.ContainsKey(entry.Step) ? entry.Checkpoint : null);
        }

        return new VerifiedRun(
            expected, history, read, checkpoints.Good, [.. checks.Select(check => check.Complete(history))]);
    }

    // A folder that was renamed still holds one whole run, which can be checked under its old name. A learner that has
    // just begun has no tables yet to ask.
    private static string? Own(IRunRecords records, ExpectedRun expected, IdentityCheck identity)
    {
        var own = LedgerId.Of(expected.RunId);
        var others = records.PersistenceIds.Where(id => id != own && !LedgerId.IsSetAside(id, expected.RunId)).ToList();
        others.ForEach(identity.Foreign);
        return records.PersistenceIds.Contains(own) ? own
            : others.Count == 1 ? others[0]
            : null;
    }
}
