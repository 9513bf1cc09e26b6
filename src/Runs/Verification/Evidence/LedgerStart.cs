using Involute.Runs.Ledger;
using Involute.Runs.Stores;

namespace Involute.Runs.Verification.Evidence;

/// <summary>
/// Where a ledger can be read from without what stands before: the record of the step of the older of the checkpoints that
/// are kept.
/// </summary>
/// <param name="Anchor">What the events up to there add up to.</param>
/// <param name="First">The first event.</param>
/// <param name="Epoch">The newest start of an epoch up to there.</param>
/// <param name="Computation">The newest of those that say what computes; null if none does.</param>
/// <param name="Step">The record of the step.</param>
/// <param name="Changes">Changes of settings that decide theta up to there, oldest first.</param>
internal sealed record LedgerStart(
    LedgerAnchor Anchor, JournalEntry First, JournalEntry Epoch, JournalEntry? Computation, JournalEntry Step,
    IReadOnlyList<SettingChanged> Changes)
{
    /// <summary>The record.</summary>
    public StepRecorded Record => (StepRecorded)Step.Event!;

    /// <summary>What the events up to there add up to, for a learner that goes on.</summary>
    public LedgerState State() => new(
        Anchor, (EpochStarted)Epoch.Event!, (Computation?.Event as EpochStarted)?.Computation, Record, Changes);

    /// <summary>
    /// Finds it. Null where the ledger has to be read as a whole: it has no such place, or a row that is needed is odd.
    /// </summary>
    /// <param name="records">What the store holds.</param>
    /// <param name="persistenceId">The ledger.</param>
    public static LedgerStart? Find(IRunRecords records, string persistenceId)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (OldestKept(records, persistenceId) is not { Anchor: { } anchor } commit)
        {
            return null;
        }

        JournalEntry? At(long sequence) =>
            records.Event(persistenceId, sequence) is { } row && JournalEntry.Of(row) is { Damage: null } entry
                ? entry
                : null;
        var computation = anchor.ComputationSequence == 0 ? null : At(anchor.ComputationSequence);
        return At(1) is { } first
            && At(anchor.EpochSequence) is { Event: EpochStarted epoch } started
            && At(anchor.Sequence) is { Event: StepRecorded step } record
            && step.Step == commit.Step && step.Epoch == epoch.Epoch
            && computation is null == (anchor.ComputationSequence == 0)
            && computation is null or { Event: EpochStarted { Computation: not null } }
            && Chain(anchor.SettingSequence, At) is { } changes
                ? new LedgerStart(anchor, first, started, computation, record, changes)
                : null;
    }

    // Each names the one before it. Null if one is not there.
    private static List<SettingChanged>? Chain(long newest, Func<long, JournalEntry?> at)
    {
        List<SettingChanged> changes = [];
        while (newest > 0)
        {
            if (at(newest)?.Event is not SettingChanged { Step: not null } change || change.Previous >= newest)
            {
                return null;
            }

            changes.Insert(0, change);
            newest = change.Previous;
        }

        return changes;
    }

    // The commits that count, as a learner counts them: not those that were set aside later.
    private static CheckpointCommitted? OldestKept(IRunRecords records, string persistenceId)
    {
        CheckpointCommitted? oldest = null;
        var kept = 0;
        var aside = long.MaxValue;
        foreach (var entry in records.NewestFirst(persistenceId).Select(JournalEntry.Of))
        {
            // Any damage: a reader of the whole says what follows from it.
            if (entry.Damage is not null)
            {
                return null;
            }

            if (entry.Event is CheckpointsSetAside set)
            {
                aside = Math.Min(aside, set.At);
            }
            else if (entry.Event is CheckpointCommitted commit && commit.Step <= aside
                && (oldest is null || commit.Step < oldest.Step))
            {
                oldest = commit;
                if (++kept == LedgerState.KeptCheckpoints)
                {
                    break;
                }
            }
        }

        return oldest;
    }
}
