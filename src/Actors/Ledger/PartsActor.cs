using System.Data.Common;
using Akka.Actor;
using Akka.Event;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using static Involute.Actors.Protocol.PartsProtocol;

namespace Involute.Actors.Ledger;

/// <summary>
/// Writes and reads the parts of a run's checkpoints, one message at a time: a child of the ledger's writer, on a thread that
/// may wait for the disk.
/// </summary>
internal sealed class PartsActor : ReceiveActor
{
    // Parts are small or large; what is written between two commits is about the same, and so is how long others wait.
    private const long BytesPerTransaction = StoredPart.Largest;

    // With 444 MiB of states the most memory was 90 MiB above that before the checkpoint where this was 32 MiB, and 30 where it
    // is 8; there was no difference in time.
    private const long BytesBetweenCollections = 8L << 20;

    private readonly StoreConnection _store;
    private readonly RunId _runId;
    private readonly string _id;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private long _written;

    // Those of checkpoints that no row names yet.
    private readonly HashSet<string> _needed = new(StringComparer.Ordinal);

    /// <summary>Use <see cref="CreateProps"/>.</summary>
    public PartsActor(StoreConnection store, RunId runId)
    {
        _store = store;
        _runId = runId;
        _id = LedgerId.Of(runId);
        Receive<CutCheckpoint>(it => Answer(() => new CheckpointCut(Cut(it.Checkpoint))));
        Receive<ReadCheckpoint>(it => Answer(() => new CheckpointRead(Read(it.Row))));
        Receive<LedgerProtocol.StoreStates>(it => Answer(() => new LedgerProtocol.StatesStored(it.Group, Store(it.States))));
        Receive<LedgerProtocol.LoadStates>(it => Answer(() => new LedgerProtocol.StatesLoaded(Load(it.Groups))));
        Receive<DropParts>(it => Drop(it.LastEvent));
    }

    public static Props CreateProps(StoreConnection store, RunId runId) =>
        Props.Create(() => new PartsActor(store, runId)).WithDispatcher(PersistenceHocon.BlockingDispatcher);

    private void Answer(Func<object> work)
    {
        try
        {
            Sender.Tell(work());
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            Sender.Tell(new PartsFailed(cause));
        }
    }

    private byte[] Cut(Checkpoint checkpoint)
    {
        using var connection = _store.Open();
        var table = new PartTable(connection, _id);
        var manifest = Write(connection, table, store => CheckpointParts.Write(checkpoint, store));

        // Also those that were there, or were written before: a database can be put back to an earlier state.
        return table.HasAll(manifest.Parts)
            ? manifest.Write()
            : throw new StoreFaultException(
                StoreFaultKind.Lost, $"parts of the checkpoint of step {checkpoint.Step} were written and are not there");
    }

    private StateGroup Store(IReadOnlyList<PairSnapshot> states)
    {
        Reclaim(states.Sum(it => (long)it.State.Length));
        using var connection = _store.Open();
        return Write(connection, new PartTable(connection, _id), store => CheckpointParts.Write(states, store));
    }

    private List<PairSnapshot> Load(IReadOnlyList<StateGroup> groups)
    {
        using var connection = _store.Open();
        var table = new PartTable(connection, _id);
        return [.. groups.SelectMany(group => CheckpointParts.Read(group, table.Read))];
    }

    // Large arrays that are given up are collected late, when there are about as many as living ones. These live for a moment
    // only, and there would soon be as much garbage as there is state. Few objects have to be looked at for it.
    private void Reclaim(long bytes)
    {
        _written += bytes;
        if (_written >= BytesBetweenCollections)
        {
            _written = 0;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        }
    }

    private T Write<T>(
        DbConnection connection, PartTable table, Func<Action<StoredPart, ReadOnlyMemory<byte>>, T> cut)
    {
        table.Prepare();
        var transaction = connection.BeginTransaction();
        try
        {
            var bytes = 0L;
            var written = cut((part, content) =>
            {
                _needed.Add(part.Sha256);
                if (table.Has(part))
                {
                    return;
                }

                table.Add(part, content);
                bytes += part.Length;
                if (bytes >= BytesPerTransaction)
                {
                    transaction.Commit();
                    transaction.Dispose();
                    transaction = connection.BeginTransaction();
                    bytes = 0;
                }
            });
            transaction.Commit();
            return written;
        }
        finally
        {
            transaction.Dispose();
        }
    }

    // The run's reader has looked at every part; states are loaded, and looked at again, when pairs are placed.
    private Checkpoint Read(byte[] row)
    {
        using var connection = _store.Open();
        var table = new PartTable(connection, _id);
        var manifest = CheckpointManifest.Read(row);
        return table.HasAll(manifest.Parts)
            ? CheckpointParts.Read(manifest, table.Read, StateReading.Leave)
            : throw new InvalidDataException(
                $"the checkpoint of step {manifest.Version}: parts of it are missing; 'involute verify' says what to do");
    }

    // What cannot be removed now goes with the next.
    private void Drop(long lastEvent)
    {
        try
        {
            using var connection = _store.Open();
            new PartTable(connection, _id).Drop(new SqlRunRecords(connection, _runId), lastEvent, _needed.Contains);

            // The row that names them is committed.
            _needed.Clear();
        }
        catch (Exception cause) when (StoreFault.Of(cause).Kind != StoreFaultKind.Unknown)
        {
            _log.Warning("parts of old checkpoints are not deleted for now: {0}", cause.Message);
        }
    }
}
