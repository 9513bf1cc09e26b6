using Akka.Actor;
using Akka.Event;
using Involute.Actors.Protocol;
using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <content>How writers begin and end: one at a time, each for as long as the store answers.</content>
public sealed partial class LedgerActor
{
    // A learner that has lost its memory: what was asked for before is not its business.
    private void StartAnew()
    {
        _learner = Sender;
        _pending.Restart();
        _epoch = null;
        _settings = 0;
        _store.Restart();
        Timers.CancelAll();
        if (_writer.IsNobody())
        {
            Open();
        }
        else
        {
            Context.Stop(_writer);
            Become(Closing);
        }
    }

    private void Open()
    {
        _fault = null;
        _writer = ActorRefs.Nobody;
        try
        {
            _database.Prepare();
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            WriterStopped(StoreFault.Of(cause));
            return;
        }

        _writer = Context.Watch(Context.ActorOf(LedgerWriter.CreateProps(_runId, _identity, _epoch)));
        Become(Opening);
    }

    private void Opened(LedgerWriterProtocol.Opened opened)
    {
        _epoch = opened.Epoch;
        _pending.SavedUpTo(opened.LastStep);
        if (opened.Recovered is { } recovered)
        {
            _learner.Tell(recovered);
        }

        Become(Writing);
        foreach (var command in _pending.Commands)
        {
            _writer.Tell(command);
        }

        Announce(_store.Reopened(_pending.Writable));
    }

    private void WriterStopped(StoreFault fault)
    {
        _writer = ActorRefs.Nobody;

        // Without an epoch of its own a learner has nothing in the ledger that could have come late.
        var known = fault.Kind == StoreFaultKind.Taken && _epoch is null
            ? fault with { Kind = StoreFaultKind.Held }
            : fault;
        switch (_store.Failed(known))
        {
            case StoreVerdict.GiveUp(var failure):
                _log.Info("{0}: {1}", _runId, failure.Reason);
                _learner.Tell(failure);
                Become(() => Failed(failure));
                break;
            case StoreVerdict.Retry(var pause, var news):
                if (news is not null)
                {
                    _log.Info("{0}: the store does not answer: {1}", _runId, news.Reason);
                    _learner.Tell(news);
                }

                Timers.StartSingleTimer(nameof(PauseOver), PauseOver.Instance, pause);
                Become(Waiting);
                break;
            default:
                break;
        }
    }
}
