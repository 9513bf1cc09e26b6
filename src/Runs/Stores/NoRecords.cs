using Involute.Runs.Checkpoints;

namespace Involute.Runs.Stores;

/// <summary>The records of a run that has written nothing yet.</summary>
public sealed class NoRecords : IRunRecords
{
    private NoRecords()
    {
    }

    /// <summary>There is but one.</summary>
    public static NoRecords Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> PersistenceIds => [];

    /// <inheritdoc/>
    public IReadOnlyList<string> StorageProblems() => [];

    /// <inheritdoc/>
    public IEnumerable<JournalRow> Journal(string persistenceId, long after = 0) => [];

    /// <inheritdoc/>
    public IEnumerable<JournalRow> NewestFirst(string persistenceId) => [];

    /// <inheritdoc/>
    public JournalRow? Event(string persistenceId, long sequence) => null;

    /// <inheritdoc/>
    public JournalExtent Extent(string persistenceId) => default;

    /// <inheritdoc/>
    public long LastSequence(string persistenceId) => 0;

    /// <inheritdoc/>
    public long CountEvents(string persistenceId, long after, long upTo) => 0;

    /// <inheritdoc/>
    public long LastEpoch(string persistenceId) => 0;

    /// <inheritdoc/>
    public string? FirstWriter(string persistenceId) => null;

    /// <inheritdoc/>
    public bool HasCheckpoint(string persistenceId, long step) => false;

    /// <inheritdoc/>
    public IEnumerable<CheckpointRow> Checkpoints(string persistenceId) => [];

    /// <inheritdoc/>
    public byte[]? Part(string persistenceId, StoredPart part) => null;
}
