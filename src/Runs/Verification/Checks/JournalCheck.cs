using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>
/// Events are numbered from 1 without a hole, and each is as it was written, in a database whose pages are whole.
/// </summary>
/// <param name="storage">What the database finds wrong with itself.</param>
internal sealed class JournalCheck(IReadOnlyList<string> storage) : RunCheck("journal")
{
    private long _last;
    private long _events;

    public override void Begin(LedgerStart start) => _last = _events = start.Anchor.Sequence;

    public override void See(JournalEntry entry, RecordedHistory before)
    {
        _events++;
        if (entry.Sequence == _last && _events > 1)
        {
            Findings.Add($"sequence {entry.Sequence} is taken twice", sequence: entry.Sequence);
        }
        else if (entry.Sequence != _last + 1)
        {
            Findings.Add(Hole(_last + 1, entry.Sequence - 1), sequence: _last + 1);
        }

        if (entry.Damage is not null)
        {
            Findings.Add($"sequence {entry.Sequence}: {entry.Damage}", sequence: entry.Sequence);
        }

        _last = entry.Sequence;
    }

    protected override (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger)
    {
        foreach (var problem in storage)
        {
            Findings.Add($"the database says of itself: {problem}");
        }

        return (_events == 0 ? "no events" : $"{_events} events, sequence 1 to {_last}", _events > 0);
    }

    private static string Hole(long from, long to) =>
        to < from ? $"sequence {to + 1} stands where {from} is expected"
        : to == from ? $"sequence {from} is missing"
        : $"sequences {from} to {to} are missing";
}
