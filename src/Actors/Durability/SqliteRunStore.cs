using Involute.Actors.Verification;

namespace Involute.Actors.Durability;

/// <summary>The store of a run in its own folder: <see cref="RunDatabase"/>.</summary>
/// <param name="runFolder">The run's folder.</param>
/// <param name="runId">The run.</param>
/// <param name="lockTimeoutSeconds">How long to wait for another process's lock.</param>
public sealed class SqliteRunStore(
    string runFolder, RunId runId, int lockTimeoutSeconds = RunDatabase.LockTimeoutSeconds) : IRunStore
{
    /// <inheritdoc/>
    public RunId RunId => runId;

    /// <inheritdoc/>
    public string Place => RunDatabase.PathIn(runFolder);

    /// <inheritdoc/>
    public string PersistenceHocon => Durability.PersistenceHocon.For(runFolder, lockTimeoutSeconds);

    /// <inheritdoc/>
    public void Prepare() => RunDatabase.Prepare(runFolder, runId);

    /// <inheritdoc/>
    public bool HasBegun() => RunDatabaseReader.HasBegun(runFolder);

    /// <inheritdoc/>
    public RunHistory Read() => RunDatabaseReader.Read(runFolder);

    /// <inheritdoc/>
    public RunHistory? ReadIfBegun() => RunDatabaseReader.ReadIfBegun(runFolder);

    /// <inheritdoc/>
    public T ReadRecords<T>(Func<IRunRecords, T> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);

        // A learner makes the database a little after the folder, and the tables a little after the database.
        return RunDatabase.Exists(runFolder)
            ? RunDatabaseReader.ReadAtOneMoment(runFolder, connection => read(
                RunDatabaseReader.HasTables(connection) ? new SqlRunRecords(connection, runId: null) : NoRecords.Instance))
            : read(NoRecords.Instance);
    }

    /// <inheritdoc/>
    public string? Holder() => null;

    /// <inheritdoc/>
    public Task<IStoreHold> HoldAsync(TimeProvider time, CancellationToken cancellation) =>
        Task.FromResult<IStoreHold>(new HeldByFolder());

    // The database is in the folder, and the folder has a lock.
    private sealed class HeldByFolder : IStoreHold
    {
        public Task<RunHeldException> Lost { get; } = new TaskCompletionSource<RunHeldException>().Task;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
