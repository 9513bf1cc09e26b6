using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <summary>Akka's view of <see cref="LedgerTable"/>; bound in <see cref="PersistenceHocon"/>.</summary>
/// <remarks>
/// The rows are those of Akka.Persistence.Sql, whose journal it stands in for: that one writes at any place the
/// actor asks for, also behind a hole, and takes the database's word that it has written.
/// </remarks>
internal sealed class LedgerJournal : AsyncWriteJournal
{
    private readonly LedgerTable _table;
    private readonly CallsUnderWay _calls = new();
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;

    // What each ledger ends with: what its writer has read, or has written since.
    private readonly ConcurrentDictionary<string, LastEvent> _last = new();

    /// <param name="config">Database and connection string.</param>
    public LedgerJournal(Config config) => _table = new LedgerTable(PersistenceHocon.ConnectionOf(config));

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback) => _calls.Run(() =>
        {
            var last = new LastEvent(fromSequenceNr - 1, Writer: null);
            var read = 0L;
            foreach (var row in _table.Read(persistenceId, fromSequenceNr))
            {
                if (row.Sequence > toSequenceNr || read >= max)
                {
                    break;
                }

                if (row.Sequence != last.Sequence + 1 || row.IsDeleted)
                {
                    throw new InvalidDataException($"ledger: event {last.Sequence + 1} is missing or marked as deleted");
                }

                recoveryCallback(Persistent(persistenceId, row));
                last = new LastEvent(row.Sequence, row.Writer.Length > 0 ? row.Writer : null);
                read++;
            }

            _last[persistenceId] = last;
        });

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        _calls.Run(() => _table.LastSequence(persistenceId), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>All writes of one message go in one transaction. Null says that none was rejected.</remarks>
    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var events = messages.SelectMany(write => (IImmutableList<IPersistentRepresentation>)write.Payload).ToList();
        var writing = _calls.Run(() =>
        {
            foreach (var ledger in events.GroupBy(one => one.PersistenceId, StringComparer.Ordinal))
            {
                Append(ledger.Key, [.. ledger.Select(Row)]);
            }
        });
        await writing.ConfigureAwait(false);
        return null!;
    }

    // Who has waited for the actor system may open the run again: nothing must touch its files after that.
    /// <inheritdoc/>
    protected override void PostStop()
    {
        _calls.Wait();
        base.PostStop();
    }

    /// <inheritdoc/>
    /// <remarks>A ledger is never cut.</remarks>
    protected override Task DeleteMessagesToAsync(
        string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        Task.FromException(new NotSupportedException("events of a ledger are not deleted"));

    private void Append(string id, IReadOnlyList<LedgerRow> rows)
    {
        var before = rows[0].Sequence - 1;
        var last = _last.TryGetValue(id, out var known) && known.Sequence == before
            ? known
            : new LastEvent(before, Writer: null);
        _table.Append(id, last, rows, TimeProvider.System.GetUtcNow().Ticks);
        _last[id] = new LastEvent(rows[^1].Sequence, rows[^1].Writer);
    }

    private LedgerRow Row(IPersistentRepresentation one)
    {
        var serializer = _serialization.FindSerializerFor(one.Payload);
        return new LedgerRow(
            one.SequenceNr,
            Akka.Serialization.Serialization.ManifestFor(serializer, one.Payload),
            serializer.Identifier,
            serializer.ToBinary(one.Payload),
            one.WriterGuid);
    }

    private Persistent Persistent(string id, LedgerRow row) => new(
        _serialization.Deserialize(row.Message, row.Serializer, row.Manifest),
        row.Sequence,
        id,
        row.Manifest,
        isDeleted: false,
        ActorRefs.NoSender,
        row.Writer);
}
