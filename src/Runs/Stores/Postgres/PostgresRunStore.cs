using System.Data;
using Involute.Runs.Claims;
using Involute.Runs.Ledger;
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
    public int DropCheckpoints(long upTo, long newest, long committed) =>
        Query(connection => SupersededCheckpoints.Delete(connection, runId, upTo, newest, committed));

    /// <inheritdoc/>
    public int ForgetFormerRun() => Query(connection =>
    {
        var left = new SqlRunRecords(connection, runId).PersistenceIds;
        using var parts = connection.CreateCommand();
        parts.CommandText = $"""
            DELETE FROM {PartTable.Name} WHERE persistence_id = @id
              AND NOT EXISTS (SELECT 1 FROM journal WHERE persistence_id = @id)
            """;
        parts.Add("@id", LedgerId.Of(runId)).ExecuteNonQuery();
        using var delete = connection.CreateCommand();
        delete.CommandText = """
            DELETE FROM snapshot WHERE persistence_id = ANY (@left)
              AND NOT EXISTS (SELECT 1 FROM journal WHERE persistence_id = @id)
            """;
        delete.Add("@left", left.ToArray()).Add("@id", LedgerId.Of(runId));
        return left.Count > 0 ? delete.ExecuteNonQuery() : 0;
    });

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

    /// <inheritdoc/>
    public int DeleteRun() => Query(connection => PostgresRuns.Delete(connection, runId));

    private T Query<T>(Func<NpgsqlConnection, T> read) =>
        PostgresQuery.Run(address.ForSession(runId), Place, read);
}
