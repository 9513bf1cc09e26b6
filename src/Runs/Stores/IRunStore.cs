using Involute.Runs.Claims;
using Involute.Runs.Ledger;

namespace Involute.Runs.Stores;

/// <summary>Where the ledger and the checkpoints of one run are.</summary>
/// <remarks>
/// Its methods throw <see cref="InvalidDataException"/> where the store is damaged or holds something else than this
/// run, <see cref="StoreUnreachableException"/> where it does not answer or refuses the connection, and other <see
/// cref="IOException"/>s where it cannot be used now. Each message is one line.
/// </remarks>
public interface IRunStore : IClaimableStore
{
    /// <summary>The run.</summary>
    RunId RunId { get; }

    /// <summary>The store, as messages call it: a path, or server and database. No secrets.</summary>
    string Place { get; }

    /// <summary>How the writer of the ledger and the checkpoints reaches their database.</summary>
    StoreConnection Connection { get; }

    /// <summary>Makes the tables if there are none; else checks them.</summary>
    void Prepare();

    /// <summary>Makes something of the records as they stand there, as of one moment; called again if a learner begins
    /// to write meanwhile.</summary>
    T ReadRecords<T>(Func<IRunRecords, T> read)
        where T : class;

    /// <summary>Keeps the checkpoints after a step under another name, where they do not count.</summary>
    /// <param name="step">The last step whose checkpoint stays.</param>
    /// <returns>How many were renamed.</returns>
    int SetCheckpointsAside(long step);

    /// <summary>
    /// Deletes checkpoints that two newer ones supersede, if those and the event that commits the newest are really there: a
    /// store that has gone back in time keeps what it has.
    /// </summary>
    /// <param name="upTo">The last step whose checkpoint goes.</param>
    /// <param name="newest">The step of the newest checkpoint.</param>
    /// <param name="committed">The number of the event that commits it.</param>
    /// <returns>How many were deleted.</returns>
    int DropCheckpoints(long upTo, long newest, long committed);

    /// <summary>
    /// Before a run begins: deletes checkpoints under its name whose ledger is gone, if the store is shared with runs of
    /// before. Nothing where there is a ledger.
    /// </summary>
    /// <returns>How many were deleted.</returns>
    int ForgetFormerRun() => 0;

    /// <summary>
    /// Deletes all that a store which holds other runs too has of this one, so that its name is free. Only for a process
    /// that has claimed the run. Nothing where the store is in the run's own folder.
    /// </summary>
    /// <returns>How many rows were deleted.</returns>
    int DeleteRun() => 0;

    /// <summary>Keeps the store small while others read it.</summary>
    /// <exception cref="IOException">It grows because another process holds it: the run should wait.</exception>
    void Relieve()
    {
    }

    /// <summary>The writer of the ledger's first event, which no other ledger has; null if there is none.</summary>
    string? FirstWriter() => ReadRecords(records => records.FirstWriter(LedgerId.Of(RunId)) ?? "") is { Length: > 0 } id
        ? id
        : null;

    /// <summary>The epoch of the run's ledger, 0 before the first: another learner that goes on with the run begins one.</summary>
    long LastEpoch() => (long)ReadRecords<object>(records => records.LastEpoch(LedgerId.Of(RunId)));

    /// <summary>
    /// Number of the newest event in the run's ledger, 0 before the first: it grows with each step of the run's
    /// learner.
    /// </summary>
    long LastEvent() =>
        (long)ReadRecords<object>(records => records.LastSequence(LedgerId.Of(RunId)));
}
