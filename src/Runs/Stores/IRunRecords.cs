using Involute.Runs.Checkpoints;

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
    /// <param name="persistenceId">The ledger.</param>
    /// <param name="after">Only rows after this sequence number; 0 for all.</param>
    IEnumerable<JournalRow> Journal(string persistenceId, long after = 0);

    /// <summary>All rows but the records of steps, newest first.</summary>
    IEnumerable<JournalRow> NewestFirst(string persistenceId);

    /// <summary>One row; null if there is none.</summary>
    JournalRow? Event(string persistenceId, long sequence);

    /// <summary>How many rows there are, without a look at what they hold.</summary>
    JournalExtent Extent(string persistenceId);

    /// <summary>The highest sequence number of one of these ledgers; 0 if it has no events.</summary>
    long LastSequence(string persistenceId);

    /// <summary>How many events one of these ledgers has after a number, up to another.</summary>
    long CountEvents(string persistenceId, long after, long upTo);

    /// <summary>The epoch of the last event of one of these ledgers; 0 if it has none.</summary>
    /// <exception cref="InvalidDataException">The event cannot be read.</exception>
    long LastEpoch(string persistenceId);

    /// <summary>The writer of the first event of one of these ledgers; null if it has none.</summary>
    string? FirstWriter(string persistenceId);

    /// <summary>Whether a checkpoint of a step is stored with one of these ledgers, with all its parts.</summary>
    bool HasCheckpoint(string persistenceId, long step);

    /// <summary>Its checkpoints by step.</summary>
    IEnumerable<CheckpointRow> Checkpoints(string persistenceId);

    /// <summary>The bytes of a part of its checkpoints, as they stand there; null if it is not there.</summary>
    byte[]? Part(string persistenceId, StoredPart part);
}

/// <summary>One event as it is stored.</summary>
/// <param name="Sequence">Its sequence number: 1 for the first.</param>
/// <param name="Manifest">Name and schema version.</param>
/// <param name="Message">Its bytes.</param>
/// <param name="Writer">Which persistent actor wrote it; null if the store does not say.</param>
/// <param name="Deleted">Whether it is marked as deleted: a learner would not read it.</param>
public sealed record JournalRow(
    long Sequence, string Manifest, ReadOnlyMemory<byte> Message, string? Writer = null, bool Deleted = false)
{
    /// <summary>When the learner wrote it, by the clock of its machine; null if the store does not say.</summary>
    public DateTimeOffset? Created { get; init; }
}

/// <summary>The rows of a ledger, counted.</summary>
/// <param name="Events">How many there are.</param>
/// <param name="First">The lowest sequence number; 0 if there is none, or it is no number.</param>
/// <param name="Last">The highest; 0 if there is none, or it is no number.</param>
/// <param name="Deleted">How many are marked as deleted.</param>
public readonly record struct JournalExtent(long Events, long First, long Last, long Deleted)
{
    /// <summary>Whether they are numbered from 1 without a hole, and none is marked.</summary>
    public bool IsWhole => Deleted == 0 && Events > 0 && First == 1 && Last == Events;
}

/// <summary>One checkpoint as it is stored.</summary>
/// <param name="Step">The outer step that its key names.</param>
/// <param name="Blob">Its bytes.</param>
/// <param name="Unreadable">Why the store cannot give the bytes; null if it can.</param>
public sealed record CheckpointRow(long Step, ReadOnlyMemory<byte> Blob, string? Unreadable = null);
