using Involute.Actors.Verification;

namespace Involute.Actors.Durability;

/// <summary>Where the ledger and the checkpoints of one run are.</summary>
/// <remarks>
/// Its methods throw <see cref="InvalidDataException"/> where the store is damaged or holds something else than this run,
/// <see cref="StoreUnreachableException"/> where it does not answer or lets nobody in, and other <see cref="IOException"/>s
/// where it cannot be used now. Each message is one line.
/// </remarks>
public interface IRunStore
{
    /// <summary>The run.</summary>
    RunId RunId { get; }

    /// <summary>The store, as messages call it: a path, or server and database. No secrets.</summary>
    string Place { get; }

    /// <summary>Akka settings of an actor system with the run's <see cref="LedgerActor"/>.</summary>
    string PersistenceHocon { get; }

    /// <summary>Makes the tables if there are none; else checks them.</summary>
    void Prepare();

    /// <summary>Whether anything has been written of the run.</summary>
    bool HasBegun();

    /// <summary>Reads everything about the run, as of one moment, while a learner writes, after a crash, or at rest.</summary>
    RunHistory Read();

    /// <summary>The same, or null while nothing has been written.</summary>
    RunHistory? ReadIfBegun();

    /// <summary>Makes something of the records as they stand there, as of one moment; called again if a learner begins to
    /// write meanwhile.</summary>
    T ReadRecords<T>(Func<IRunRecords, T> read)
        where T : class;

    /// <summary>
    /// Number of the newest event in the run's ledger, 0 before the first: whoever leads the run makes it grow.
    /// </summary>
    long LastEvent() =>
        (long)ReadRecords<object>(records => records.LastSequence(LedgerWriter.PersistenceIdOf(RunId)));

    /// <summary>Who holds the run through the store now; null if nobody does, or if the store holds no runs.</summary>
    string? Holder();

    /// <summary>Keeps other learners, on any machine, away from the run, as far as the store can.</summary>
    /// <param name="time">For the pauses between attempts, and for the line about the holder.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RunHeldException">Another learner has it.</exception>
    Task<IStoreHold> HoldAsync(TimeProvider time, CancellationToken cancellation);
}

/// <summary>A run that is held through its store, until this is disposed or the process ends, however it ends.</summary>
public interface IStoreHold : IAsyncDisposable
{
    /// <summary>Completes if another learner has taken the run: this one must not write any more.</summary>
    Task<RunHeldException> Lost { get; }
}
