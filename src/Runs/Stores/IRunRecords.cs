namespace Involute.Runs.Stores;

/// <summary>
/// What the store of a run holds at one moment, as it stands there, unjudged.
/// </summary>
public interface IRunRecords
{
    /// <summary>
    /// The ledgers that have events or checkpoints in the store. A run's own is one; others do not belong.
    /// </summary>
    IReadOnlyList<string> PersistenceIds { get; }

    /// <summary>What the database itself finds wrong with its pages and indexes, one line each.</summary>
    IReadOnlyList<string> StorageProblems();

    /// <summary>Rows of one of these ledgers by sequence number, those marked as deleted included.</summary>
    IEnumerable<JournalRow> Journal(string persistenceId);

    /// <summary>The highest sequence number of one of these ledgers; 0 if it has no events.</summary>
    long LastSequence(string persistenceId);

    /// <summary>The writer of the first event of one of these ledgers; null if it has none.</summary>
    string? FirstWriter(string persistenceId);

    /// <summary>Whether a checkpoint of a step is stored with one of these ledgers.</summary>
    bool HasCheckpoint(string persistenceId, long step);

    /// <summary>Its checkpoints by step.</summary>
    IEnumerable<CheckpointRow> Checkpoints(string persistenceId);
}

/// <summary>One event as it is stored.</summary>
/// <param name="Sequence">Its sequence number: 1 for the first.</param>
/// <param name="Manifest">Name and schema version.</param>
/// <param name="Message">Its bytes.</param>
/// <param name="Writer">Which persistent actor wrote it; null if the store does not say.</param>
/// <param name="Deleted">Whether it is marked as deleted: a learner would not read it.</param>
public sealed record JournalRow(
    long Sequence, string Manifest, ReadOnlyMemory<byte> Message, string? Writer = null, bool Deleted = false);

/// <summary>One checkpoint as it is stored.</summary>
/// <param name="Step">The outer step that its key names.</param>
/// <param name="Blob">Its bytes.</param>
/// <param name="Unreadable">Why the store cannot give the bytes; null if it can.</param>
public sealed record CheckpointRow(long Step, ReadOnlyMemory<byte> Blob, string? Unreadable = null);
