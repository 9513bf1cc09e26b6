using Akka.Actor;
using Akka.Persistence;
using Involute.Actors.Protocol;
using Involute.Runs.Checkpoints;

namespace Involute.Actors.Ledger;

/// <summary>
/// How the writer of a ledger keeps checkpoints: those that wait for their steps, and the two actors that write rows and
/// parts. One is saved at a time; their answers go to the writer.
/// </summary>
internal sealed class CheckpointStore
{
    private readonly string _id;
    private readonly IActorRef _rows;
    private readonly IActorRef _parts;
    private readonly Queue<Checkpoint> _waiting = new();
    private string? _saving;

    /// <param name="context">The writer's: the actor for the parts becomes its child.</param>
    /// <param name="opening">Where the parts are.</param>
    /// <param name="id">The ledger.</param>
    public CheckpointStore(IUntypedActorContext context, LedgerOpening opening, string id)
    {
        _id = id;
        _rows = Persistence.Instance.Apply(context.System).SnapshotStoreFor(PersistenceHocon.SnapshotStoreId);
        _parts = context.ActorOf(PartsActor.CreateProps(opening.Store, opening.RunId), "parts");
    }

    /// <summary>Whether this run's checkpoints are so large that they have parts.</summary>
    public bool HasParts { get; private set; }

    /// <summary>The step of the one that is being saved, or comes next.</summary>
    public long Step => _waiting.Peek().Step;

    /// <summary>The hash of the row that has been written.</summary>
    public string Sha256 => _saving ?? throw new InvalidOperationException("no checkpoint is being saved");

    /// <summary>Asks for the newest row up to a step: answered as snapshots are.</summary>
    public void Look(long step) => _rows.Tell(new LoadSnapshot(_id, new SnapshotSelectionCriteria(step), long.MaxValue));

    /// <summary>Reads the checkpoint of a row.</summary>
    /// <returns>The checkpoint; null if it has parts: <see cref="PartsProtocol.CheckpointRead"/> follows.</returns>
    public Checkpoint? Read(byte[] row)
    {
        HasParts = CheckpointManifest.Is(row);
        if (!HasParts)
        {
            return CheckpointFormat.Read(row);
        }

        _parts.Tell(new PartsProtocol.ReadCheckpoint(row));
        return null;
    }

    /// <summary>A checkpoint is to be saved when its step is on disk.</summary>
    public void Add(Checkpoint checkpoint) => _waiting.Enqueue(checkpoint);

    /// <summary>
    /// Begins to save the next: its parts first, where it is large. <see cref="SaveSnapshotSuccess"/> says that it is done.
    /// </summary>
    /// <param name="savedStep">The last step that is on disk.</param>
    public void SaveNext(long savedStep)
    {
        if (_saving is not null || !_waiting.TryPeek(out var checkpoint) || checkpoint.Step > savedStep)
        {
            return;
        }

        _saving = "";
        if (CheckpointFormat.IsWhole(checkpoint))
        {
            SaveRow(CheckpointFormat.Write(checkpoint));
        }
        else
        {
            HasParts = true;
            _parts.Tell(new PartsProtocol.CutCheckpoint(checkpoint));
        }
    }

    /// <summary>Saves the row, which is all of a small checkpoint, and names the parts of a large one.</summary>
    public void SaveRow(byte[] row)
    {
        _saving = CheckpointFormat.HashText(row);

        // The row's time says nothing to us: the ledger's order does.
        _rows.Tell(new SaveSnapshot(new SnapshotMetadata(_id, Step, DateTime.UnixEpoch), row));
    }

    /// <summary>It is saved, or cannot be.</summary>
    public void Done()
    {
        _waiting.Dequeue();
        _saving = null;
    }

    /// <summary>
    /// Passes on what concerns parts alone: states of a checkpoint to come or of the one before, which are answered to the
    /// writer, and that those may go that no checkpoint names.
    /// </summary>
    public void Pass(object message)
    {
        if (HasParts || message is not PartsProtocol.DropParts)
        {
            HasParts = true;
            _parts.Tell(message);
        }
    }
}
