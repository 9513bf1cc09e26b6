using Akka.Actor;
using Akka.Persistence;
using Involute.Actors.Protocol;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <content>Checkpoints, one at a time: the row, then the fact that it is committed, then older rows go.</content>
internal sealed partial class LedgerWriter
{
    private readonly Queue<Checkpoint> _checkpoints = new();
    private string? _savingBlob;

    private void SaveNextCheckpoint()
    {
        if (_savingBlob is not null || !_checkpoints.TryPeek(out var checkpoint) || checkpoint.Step > _savedStep)
        {
            return;
        }

        var blob = CheckpointFormat.Write(checkpoint);
        _savingBlob = CheckpointFormat.HashText(blob);

        // The row's time says nothing to us: the ledger's order does.
        _store.Tell(new SaveSnapshot(new SnapshotMetadata(PersistenceId, checkpoint.Step, DateTime.UnixEpoch), blob));
    }

    private void Commit()
    {
        var committed = new CheckpointCommitted(_checkpoints.Peek().Step, _state.Epoch, _savingBlob!);
        PersistAsync(committed, _ =>
        {
            _state.Apply(committed);
            CheckpointDone(new LedgerProtocol.CheckpointSaved(committed.Step));
            if (_state.PruneUpTo is { } step)
            {
                _store.Tell(new DeleteSnapshots(PersistenceId, new SnapshotSelectionCriteria(step)));
            }
        });
    }

    private void CheckpointNotSaved(Exception cause)
    {
        var fault = FaultOf(cause);
        if (fault.Kind == StoreFaultKind.TooBig)
        {
            CheckpointDone(new LedgerProtocol.CheckpointFailed(_checkpoints.Peek().Step, fault.Reason));
        }
        else
        {
            Fail(fault);
        }
    }

    private void CheckpointDone(object answer)
    {
        _checkpoints.Dequeue();
        _savingBlob = null;
        Context.Parent.Tell(answer);
        SaveNextCheckpoint();
    }
}
