using Involute.Actors.Protocol;
using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <summary>
/// Whether the store answers, how often it was asked in vain, and what the learner is to be told of it.
/// </summary>
internal sealed class StoreWatch(Backoff backoff)
{
    private int _attempt;
    private int _unwritten;
    private bool _unavailable;

    /// <summary>A new learner knows of nothing.</summary>
    public void Restart()
    {
        _attempt = 0;
        _unwritten = 0;
        _unavailable = false;
    }

    /// <summary>The store has failed.</summary>
    public StoreVerdict Failed(StoreFault fault)
    {
        switch (fault.Kind)
        {
            case StoreFaultKind.Damaged:
                return new StoreVerdict.GiveUp(new LedgerProtocol.StoreFailed(StoreFailure.Data, fault.Reason));
            case StoreFaultKind.Held:
                return new StoreVerdict.GiveUp(new LedgerProtocol.StoreFailed(StoreFailure.Held, fault.Reason));
            case StoreFaultKind.Lost:
                return new StoreVerdict.GiveUp(new LedgerProtocol.StoreFailed(StoreFailure.InputOutput, fault.Reason));
            case StoreFaultKind.Taken:
                // The store answers; opening the ledger anew tells whose the place is.
                return backoff.Before(++_attempt) is { } soon
                    ? new StoreVerdict.Retry(soon, News: null)
                    : new StoreVerdict.GiveUp(new LedgerProtocol.StoreFailed(StoreFailure.Held, fault.Reason));
            default:
                if (backoff.Before(++_attempt) is not { } pause)
                {
                    return new StoreVerdict.GiveUp(
                        new LedgerProtocol.StoreFailed(StoreFailure.InputOutput, fault.Reason));
                }

                var news = _unavailable ? null : new LedgerProtocol.StoreUnavailable(fault.Reason);
                _unavailable = true;
                return new StoreVerdict.Retry(pause, news);
        }
    }

    /// <summary>The store can be read again, and this many commands can be written.</summary>
    /// <returns>Whether the learner is to be told that the store answers again.</returns>
    public bool Reopened(int unwritten)
    {
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

    // Not before all that was kept is on disk: a disk that is full can be read well.
    private bool IsNews()
    {
        if (_unwritten > 0)
        {
            return false;
        }

        _attempt = 0;
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
