using Involute.Runs.Claims;

namespace Involute.Runs.Stores.Sqlite;

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
    public StoreConnection Connection => new(
        StoreDatabase.Sqlite, RunDatabase.ConnectionString(runFolder, lockTimeoutSeconds), 4 * lockTimeoutSeconds);

    /// <inheritdoc/>
    public void Prepare() => RunDatabase.Prepare(runFolder, runId);

    /// <inheritdoc/>
    public void Relieve() => RunDatabase.BoundLog(runFolder);

    /// <inheritdoc/>
    public int SetCheckpointsAside(long step) =>
        RunDatabase.Change(runFolder, connection => CheckpointsAside.Set(connection, runId, step));

    /// <inheritdoc/>
    public int DropCheckpoints(long upTo, long newest, long committed) => RunDatabase.Change(
        runFolder, connection => SupersededCheckpoints.Delete(connection, runId, upTo, newest, committed));

    /// <inheritdoc/>
    public T ReadRecords<T>(Func<IRunRecords, T> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);

        // A learner makes the database a little after the folder, and the tables a little after the database.
        return RunDatabase.Exists(runFolder)
            ? RunDatabaseReader.ReadAtOneMoment(runFolder, connection => read(
                RunDatabaseReader.HasTables(connection)
                    ? new SqlRunRecords(connection, runId: null)
                    : NoRecords.Instance))
            : read(NoRecords.Instance);
    }

    /// <inheritdoc/>
    public string? Claimant() => null;

    /// <inheritdoc/>
    public Task<IRunClaim> ClaimAsync(TimeProvider time, CancellationToken cancellation)
    {
        // A place where no database can be made is told of before anything is trained.
        Prepare();
        return Task.FromResult<IRunClaim>(new ByFolder());
    }

    // The database is in the folder, and the folder is claimed by its lock.
    private sealed class ByFolder : IRunClaim
    {
        public Task<RunClaimedException> Lost { get; } = new TaskCompletionSource<RunClaimedException>().Task;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
