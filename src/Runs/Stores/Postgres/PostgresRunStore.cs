using System.Data;
using System.Data.Common;
using Involute.Runs.Claims;
using Npgsql;

namespace Involute.Runs.Stores.Postgres;

/// <summary>
/// The store of a run in a PostgreSQL database, which many runs can share: each is found by its id, on any machine that
/// its folder is on.
/// </summary>
/// <param name="address">The database.</param>
/// <param name="runId">The run.</param>
public sealed class PostgresRunStore(PostgresAddress address, RunId runId) : IRunStore
{
    // What is never given up must not be given up by the circuit breaker either; its timer needs some number.
    private const int Never = 24 * 60 * 60;
    private const int Margin = 5;

    /// <inheritdoc/>
    public RunId RunId => runId;

    /// <inheritdoc/>
    public string Place => $"run '{runId}' in {address.Place}";

    /// <inheritdoc/>
    public StoreConnection Connection => new(
        StoreDatabase.Postgres,
        address.ForWriter(runId),
        address.LongestSeconds == 0 ? Never : address.LongestSeconds + Margin);

    /// <inheritdoc/>
    public void Prepare() => Query(connection =>
    {
        PostgresSchema.Prepare(connection, Place);
        return true;
    });

    /// <inheritdoc/>
    public int SetCheckpointsAside(long step) => Query(connection => CheckpointsAside.Set(connection, runId, step));

    /// <inheritdoc/>
    public T ReadRecords<T>(Func<IRunRecords, T> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        return Query(connection =>
        {
            using var moment = connection.BeginTransaction(IsolationLevel.RepeatableRead);
            return read(
                PostgresSchema.Exists(connection) ? new SqlRunRecords(connection, runId) : NoRecords.Instance);
        });
    }

    /// <inheritdoc/>
    public string? Claimant() => Query(connection =>
        PostgresSchema.Exists(connection) && ClaimSession.IsClaimed(connection, runId)
            ? ClaimSession.Claimant(connection, runId)?.ToString() ?? "unknown"
            : null);

    /// <inheritdoc/>
    public async Task<IRunClaim> ClaimAsync(TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(time);
        Prepare();
        return await PostgresClaim.ClaimAsync(address, runId, Place, time, cancellation).ConfigureAwait(false);
    }

    private T Query<T>(Func<NpgsqlConnection, T> read)
    {
        using var connection = new NpgsqlConnection(address.ForSession(runId));
        Open(connection);
        try
        {
            return read(connection);
        }
        catch (DbException cause)
        {
            throw StoreFault.Translate(cause, Place);
        }
    }

    private void Open(NpgsqlConnection connection)
    {
        try
        {
            connection.Open();
        }
        catch (Exception cause) when (cause is DbException or TimeoutException)
        {
            throw new StoreUnreachableException($"{Place}: {StoreFault.Of(cause).Reason}", cause);
        }
    }
}
