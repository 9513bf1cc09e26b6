using Akka.Persistence;
using Akka.Persistence.Snapshot;

namespace Involute.Actors.Ledger;

/// <summary>
/// Tells a persistent actor where to begin to read its events. It stores nothing: the actor has the state of that place, and
/// names the place as it asks.
/// </summary>
/// <remarks>Akka.Persistence knows no other way to begin elsewhere than at the first event.</remarks>
internal sealed class LedgerStartStore : SnapshotStore
{
    private const string Nothing = "";

    /// <summary>How an actor asks to begin after an event.</summary>
    /// <param name="sequence">The event.</param>
    public static SnapshotSelectionCriteria At(long sequence) => new(sequence);

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        return Task.FromResult(criteria.MaxSequenceNr is > 0 and < long.MaxValue
            ? new SelectedSnapshot(
                new SnapshotMetadata(persistenceId, criteria.MaxSequenceNr, DateTime.UnixEpoch), Nothing)
            : null);
    }

    /// <inheritdoc/>
    protected override Task SaveAsync(
        SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    protected override Task DeleteAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
