using Involute.Actors.Protocol;
using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <summary>
/// Whether the store answers, how often it was asked in vain, and what the learner is to be told of it.
/// </summary>
internal sealed class StoreWatch(Backoff backoff, TimeProvider? time = null)
{
    // What no table knows is more often a mistake than an outage: some seconds, not minutes.
    private const int MostUnknown = 5;

    // An attempt lasts as long as the store lets it wait (a lock, a server that does not answer): attempts alone say
    // little about the time.
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private long? _since;
    private int _attempt;
    private int _unwritten;
    private bool _unavailable;
    private bool _hasWorked;

    /// <summary>A new learner knows of nothing.</summary>
    public void Restart()
    {
        _attempt = 0;
        _since = null;
        _unwritten = 0;
        _unavailable = false;
    }

    /// <summary>The store has failed.</summary>
    public StoreVerdict Failed(StoreFault fault) => fault.Kind switch
    {
        StoreFaultKind.Damaged => GiveUp(StoreFailure.Data, fault),
        StoreFaultKind.Held => GiveUp(StoreFailure.Held, fault),

        // The store answers; opening the ledger anew tells whose the place is.
        StoreFaultKind.Taken => backoff.Before(++_attempt) is { } soon
            ? new StoreVerdict.Retry(soon, News: null)
            : GiveUp(StoreFailure.Held, fault),
        StoreFaultKind.Temporary => Wait(fault),
        StoreFaultKind.Denied when _hasWorked => Wait(fault),
        StoreFaultKind.Unknown when _attempt < MostUnknown => Wait(fault),
        _ => GiveUp(StoreFailure.InputOutput, fault),
    };

    /// <summary>The store can be read again, and this many commands can be written.</summary>
    /// <returns>Whether the learner is to be told that the store answers again.</returns>
    public bool Reopened(int unwritten)
    {
        _hasWorked = true;
        _unwritten = unwritten;
        return IsNews();
    }

    /// <summary>One command is on disk.</summary>
    /// <returns>Whether the learner is to be told that the store answers again.</returns>
    public bool Written()
    {
        _unwritten--;
        return IsNews();
    }

    private StoreVerdict Wait(StoreFault fault)
    {
        _since ??= _time.GetTimestamp();
        if (_time.GetElapsedTime(_since.Value) >= LongestOutage || backoff.Before(++_attempt) is not { } pause)
        {
            return GiveUp(StoreFailure.InputOutput, fault);
        }

        var news = _unavailable ? null : new LedgerProtocol.StoreUnavailable(fault.Reason);
        _unavailable = true;
        return new StoreVerdict.Retry(pause, news);
    }

    private static StoreVerdict.GiveUp GiveUp(StoreFailure kind, StoreFault fault) =>
        new(new LedgerProtocol.StoreFailed(kind, fault.Reason));

    // Not before all that was kept is on disk: a disk that is full can be read well.
    private bool IsNews()
    {
        if (_unwritten > 0)
        {
            return false;
        }

        _attempt = 0;
        _since = null;
        var news = _unavailable;
        _unavailable = false;
        return news;
    }
}

/// <summary>What follows from a failure of the store.</summary>
internal abstract record StoreVerdict
{
    private StoreVerdict()
    {
    }

    /// <summary>Try again after a pause, and tell the learner, if it does not know yet.</summary>
    public sealed record Retry(TimeSpan Pause, LedgerProtocol.StoreUnavailable? News) : StoreVerdict;

    /// <summary>No use trying.</summary>
    public sealed record GiveUp(LedgerProtocol.StoreFailed Failure) : StoreVerdict;
}
