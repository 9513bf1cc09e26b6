using Involute.Runs.Ledger;

namespace Involute.Runs.Verification.Evidence;

/// <summary>
/// What the events so far add up to. Unlike <see cref="LedgerState"/> it accepts all events, in any order.
/// </summary>
internal sealed class RecordedHistory
{
    private readonly SortedDictionary<long, Commit> _commits = [];
    private readonly long _before;

    /// <summary>Of a ledger that is read from its first event.</summary>
    public RecordedHistory()
    {
    }

    /// <summary>Of a ledger that is read from somewhere else.</summary>
    public RecordedHistory(LedgerStart start)
    {
        _before = start.Record.Step - 1;
        Steps.Add(start.Record, start.Step.Sequence);
        (Last, Acknowledged) = (start.Record, start.Record.Step);
    }

    /// <summary>Where the run comes from, if it is a fork; null in what is read of a long one.</summary>
    public RunForked? Fork { get; private set; }

    /// <summary>All recorded steps.</summary>
    public RecordedSteps Steps { get; } = new();

    /// <summary>The newest step that was new when it was recorded; null before the first.</summary>
    public StepRecorded? Last { get; private set; }

    /// <summary>The newest committed checkpoint of each step, by step.</summary>
    public IReadOnlyDictionary<long, Commit> Commits => _commits;

    /// <summary>The highest recorded step: the last that is acknowledged; 0 if none.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Whether the recorded steps are 1, 2, … without a gap, in this order.</summary>
    public bool IsContiguous { get; private set; } = true;

    /// <summary>Whether a step is the start of the run, or older than what is read.</summary>
    public bool IsBefore(long step) => step == 0 || (step > 0 && step <= _before);

    public void Apply(JournalEntry entry)
    {
        switch (entry.Event)
        {
            case StepRecorded step when !Steps.Has(step.Step):
                IsContiguous &= step.Step == (Last?.Step ?? 0) + 1;
                Steps.Add(step, entry.Sequence);
                Last = step;
                Acknowledged = Math.Max(Acknowledged, step.Step);
                break;
            case RunForked fork when Last is null:
                Fork = fork;
                Steps.Add(fork.Record, entry.Sequence);
                (Last, Acknowledged) = (fork.Record, fork.Step);
                break;
            case CheckpointCommitted commit:
                _commits[commit.Step] = new Commit(commit.BlobSha256, entry.Sequence);
                break;
            case CheckpointsSetAside aside:
                foreach (var step in _commits.Keys.Where(step => step > aside.At).ToList())
                {
                    _commits.Remove(step);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>A committed checkpoint.</summary>
    /// <param name="BlobSha256">The hash at the end of its bytes.</param>
    /// <param name="Sequence">Its place in the ledger.</param>
    public readonly record struct Commit(string BlobSha256, long Sequence);
}
