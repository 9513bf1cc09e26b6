using Akka.Actor;
using Akka.Persistence;
using Involute.Actors.Protocol;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <content>
/// From the end of replay to the first command: may it write, what can be gone on from, the new epoch.
/// </content>
internal sealed partial class LedgerWriter
{
    private CheckpointSearch? _search;

    private void Open()
    {
        if (Refusal() is { } fault)
        {
            Fail(fault);
        }
        else if (_epoch is not null)
        {
            Context.Parent.Tell(new LedgerWriterProtocol.Opened(null, _state.Epoch, _state.LastStep));
        }
        else
        {
            _search = new CheckpointSearch(_state, _runId, _identity);
            if (_state.LastStep == 0 && _state.Checkpoints.Count == 0)
            {
                StartEpoch();
            }
            else
            {
                LookForCheckpoint();
            }
        }
    }

    private StoreFault? Refusal()
    {
        if (_epoch is not null && _state.Epoch != _epoch)
        {
            return new StoreFault(
                StoreFaultKind.Held,
                $"another learner has begun epoch {_state.Epoch} of this run (this one has {_epoch})");
        }

        return _state.IdentitySha256 is { } identity && identity != _identity
            ? new StoreFault(
                StoreFaultKind.Damaged, $"the ledger was written with other settings ({identity}, now {_identity})")
            : null;
    }

    private void LookForCheckpoint()
    {
        if (_search!.Limit is { } limit)
        {
            _store.Tell(new LoadSnapshot(PersistenceId, new SnapshotSelectionCriteria(limit), long.MaxValue));
        }
        else
        {
            StartEpoch();
        }
    }

    private void Look(SelectedSnapshot? row)
    {
        try
        {
            if (row is null)
            {
                _search!.Missing();
            }
            else
            {
                _search!.Loaded(row.Metadata.SequenceNr, row.Snapshot);
            }
        }
        catch (InvalidDataException foreign)
        {
            Fail(FaultOf(foreign));
            return;
        }

        LookForCheckpoint();
    }

    // A busy store is asked again later; a row that it cannot give is damaged.
    private void LookFailed(Exception cause)
    {
        var fault = FaultOf(cause);
        if (fault.Kind == StoreFaultKind.Temporary)
        {
            Fail(fault);
            return;
        }

        _search!.Unreadable(fault.Reason);
        LookForCheckpoint();
    }

    private void StartEpoch() => Persist(new EpochStarted(_state.Epoch + 1, _runId, _identity), started =>
    {
        _state.Apply(started);
        var recovered = new LedgerProtocol.Recovered(
            _search!.Found, started.Epoch, _state.LastStep, _search.Warnings);
        Context.Parent.Tell(new LedgerWriterProtocol.Opened(recovered, started.Epoch, _state.LastStep));
    });
}
