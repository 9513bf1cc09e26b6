using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Snapshot;
using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <summary>Akka's view of <see cref="CheckpointTable"/>; bound in <see cref="PersistenceHocon"/>.</summary>
/// <remarks>
/// The rows are those of Akka.Persistence.Sql, whose store of snapshots it stands in for: that one compiles some 5,000
/// methods to read one row, which was a third of the time of a command that goes on with a run. Superseded checkpoints
/// are removed by
/// <see cref="IRunStore.DropCheckpoints"/>, which looks at what is committed.
/// </remarks>
internal sealed class CheckpointRowStore : SnapshotStore
{
    private readonly CheckpointTable _table;
    private readonly CallsUnderWay _calls = new();

    /// <param name="config">Database and connection string.</param>
    public CheckpointRowStore(Config config) => _table = new CheckpointTable(PersistenceHocon.ConnectionOf(config));

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        return _calls.Run(
            () => _table.Newest(persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr) is { } row
                ? new SelectedSnapshot(
                    new SnapshotMetadata(persistenceId, row.Step, DateTime.UnixEpoch), row.Content)
                : null,
            cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task SaveAsync(
        SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return _calls.Run(() => _table.Save(
            metadata.PersistenceId, metadata.SequenceNr, (byte[])snapshot, metadata.Timestamp.Ticks));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _calls.Wait();
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    protected override Task DeleteAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
