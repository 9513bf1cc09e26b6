using Involute.Runs.Ledger;

namespace Involute.Runs.Verification.Evidence;

/// <summary>What the events so far add up to, as the commit of a checkpoint says it.</summary>
internal sealed class AnchorFold
{
    private Sha256Value _journal;
    private long _sequence;
    private long _epoch;
    private long _computation;
    private int _settings;
    private long _setting;

    /// <summary>From the first event on.</summary>
    public AnchorFold()
    {
    }

    /// <summary>From another on.</summary>
    public AnchorFold(LedgerAnchor start)
    {
        (_sequence, _journal) = (start.Sequence, Sha256Value.Of(start.JournalSha256));
        (_epoch, _computation, _settings) = (start.EpochSequence, start.ComputationSequence, start.SettingsInEpoch);
        _setting = start.SettingSequence;
    }

    /// <summary>Whether an event was missing, or could not be read: then nothing can be said.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>What they add up to.</summary>
    public LedgerAnchor Anchor => new(_sequence, _journal.ToString(), _epoch, _computation, _settings)
    {
        SettingSequence = _setting,
    };

    /// <summary>Adds the next one.</summary>
    public void Add(JournalEntry entry)
    {
        IsBroken |= entry.Damage is not null || entry.Sequence != _sequence + 1 || entry.Row is null;
        if (IsBroken)
        {
            return;
        }

        _sequence = entry.Sequence;
        _journal = JournalHash.Next(_journal, entry.Row!.Manifest, entry.Row.Message.Span);
        if (entry.Event is EpochStarted epoch)
        {
            (_epoch, _settings) = (_sequence, 0);
            _computation = epoch.Computation is null ? _computation : _sequence;
        }
        else if (entry.Event is SettingChanged change)
        {
            _settings++;
            _setting = change.Step is null ? _setting : _sequence;
        }
    }
}
