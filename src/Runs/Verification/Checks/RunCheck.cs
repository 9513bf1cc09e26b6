using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>
/// One check of a run's records: it sees every event in order, then every checkpoint by step, and is then asked for its
/// result. After a violation it goes on from what it has found, so that one cause is told once.
/// </summary>
internal abstract class RunCheck(string name)
{
    /// <summary>The violations so far.</summary>
    protected Findings Findings { get; } = new();

    /// <summary>The ledger is read from here on: what stands before is taken as it is.</summary>
    public virtual void Begin(LedgerStart start)
    {
    }

    /// <summary>Looks at an event.</summary>
    /// <param name="entry">The event.</param>
    /// <param name="before">All events before it.</param>
    public virtual void See(JournalEntry entry, RecordedHistory before)
    {
    }

    /// <summary>Looks at a checkpoint.</summary>
    /// <param name="entry">The checkpoint.</param>
    /// <param name="ledger">The whole ledger.</param>
    public virtual void See(CheckpointEntry entry, RecordedHistory ledger)
    {
    }

    /// <summary>Everything has been seen.</summary>
    public CheckResult Complete(RecordedHistory ledger)
    {
        var (lookedAt, hasLooked) = Conclude(ledger);
        return Findings.Result(name, lookedAt, hasLooked);
    }

    /// <summary>What was looked at, for a person, and whether that was anything at all.</summary>
    protected abstract (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger);
}
