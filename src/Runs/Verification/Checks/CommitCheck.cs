using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>
/// Committed ≤ acknowledged: no checkpoint is committed before its step is in the ledger, and none is stored whose step
/// is not. What a commit says of the ledger up to its step's record is so.
/// </summary>
/// <remarks>The start of the run, step 0, needs no record. What stands before the part that is read is not asked for.</remarks>
/// <param name="newestFirst">The ledger's events but for the records of steps, in any order.</param>
internal sealed class CommitCheck(IEnumerable<JournalEntry> newestFirst) : RunCheck("commits")
{
    private readonly Dictionary<long, List<JournalEntry>> _anchored = newestFirst
        .Where(entry => entry.Event is CheckpointCommitted { Anchor: not null })
        .GroupBy(entry => ((CheckpointCommitted)entry.Event!).Anchor!.Sequence)
        .ToDictionary(group => group.Key, group => group.ToList());

    private AnchorFold _fold = new();
    private long _commits;

    public override void Begin(LedgerStart start)
    {
        _fold = new AnchorFold(start.Anchor);
        foreach (var older in _anchored.Keys.Where(sequence => sequence <= start.Anchor.Sequence).ToList())
        {
            _anchored.Remove(older);
        }
    }

    public override void See(JournalEntry entry, RecordedHistory before)
    {
        _fold.Add(entry);
        if (_anchored.Remove(entry.Sequence, out var commits))
        {
            commits.ForEach(claimed => Compare(claimed, entry));
        }

        if (entry.Event is not CheckpointCommitted commit)
        {
            return;
        }

        _commits++;
        if (!before.IsBefore(commit.Step) && !before.Steps.Has(commit.Step))
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
        // Also of one that is older than what is read: then the whole ledger is read.
        if (entry.Step != 0 && !ledger.Steps.Has(entry.Step))
        {
            Findings.Add($"a checkpoint of step {entry.Step} is stored, {Reason(entry.Step, ledger)}", entry.Step);
        }
    }

    protected override (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger)
    {
        foreach (var claimed in _fold.IsBroken ? [] : _anchored.Values.SelectMany(commits => commits))
        {
            Differs(claimed);
        }

        return ($"{Counted.Of(_commits, "commit")} up to acknowledged step {ledger.Acknowledged}", _commits > 0);
    }

    // Where an event is missing or cannot be read, another check has said so.
    private void Compare(JournalEntry claimed, JournalEntry at)
    {
        var commit = (CheckpointCommitted)claimed.Event!;
        if (!_fold.IsBroken && (_fold.Anchor != commit.Anchor || (at.Event as StepRecorded)?.Step != commit.Step))
        {
            Differs(claimed);
        }
    }

    private void Differs(JournalEntry claimed)
    {
        var commit = (CheckpointCommitted)claimed.Event!;
        Findings.Add(
            $"the commit of checkpoint {commit.Step} at sequence {claimed.Sequence} knows other events up to sequence "
                + $"{commit.Anchor!.Sequence} than the ledger has: they were changed later",
            commit.Step,
            claimed.Sequence);
    }

    private static string Reason(long step, RecordedHistory before) => step > before.Acknowledged
        ? $"beyond the last acknowledged step, {before.Acknowledged}"
        : "which the ledger does not contain";
}
