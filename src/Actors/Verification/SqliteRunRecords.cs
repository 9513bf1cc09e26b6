using Involute.Actors.Durability;
using Microsoft.Data.Sqlite;

namespace Involute.Actors.Verification;

/// <summary>The records of a run in its SQLite database; see <see cref="RunDatabaseReader"/> for how it is opened.</summary>
public sealed class SqliteRunRecords : IRunRecords
{
    private readonly SqliteConnection _connection;

    private SqliteRunRecords(SqliteConnection connection)
    {
        _connection = connection;
        PersistenceIds = ReadPersistenceIds();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> PersistenceIds { get; }

    /// <summary>Reads a run's database as of one moment, also while a learner writes it.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="read">Makes something of the records; called again if a learner begins to write meanwhile.</param>
    /// <exception cref="InvalidDataException">There is no database, or it is not a run's, or it is damaged.</exception>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public static T Read<T>(string runFolder, Func<IRunRecords, T> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        return RunDatabaseReader.ReadAtOneMoment(runFolder, connection => read(new SqliteRunRecords(connection)));
    }

    /// <inheritdoc/>
    public IEnumerable<JournalRow> Journal(string persistenceId)
    {
        using var command = Query(
            """
            SELECT sequence_number, manifest, message, writer_uuid, deleted FROM journal
            WHERE persistence_id = $id ORDER BY sequence_number, ordering
            """,
            persistenceId);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return new JournalRow(
                rows.GetInt64(0),
                rows[1] as string ?? string.Empty,
                rows[2] as byte[] ?? [],
                rows[3] as string,
                rows.GetBoolean(4));
        }
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointRow> Checkpoints(string persistenceId)
    {
        // One by one: a row that cannot be read must not hide the others.
        foreach (var step in CheckpointSteps(persistenceId))
        {
            yield return ReadCheckpoint(persistenceId, step);
        }
    }

    private List<long> CheckpointSteps(string persistenceId)
    {
        using var command = Query(
            "SELECT sequence_number FROM snapshot WHERE persistence_id = $id ORDER BY sequence_number", persistenceId);
        using var rows = command.ExecuteReader();
        var steps = new List<long>();
        while (rows.Read())
        {
            steps.Add(rows.GetInt64(0));
        }

        return steps;
    }

    private CheckpointRow ReadCheckpoint(string persistenceId, long step)
    {
        using var command = Query(
            "SELECT snapshot FROM snapshot WHERE persistence_id = $id AND sequence_number = $step", persistenceId);
        command.Parameters.AddWithValue("$step", step);
        try
        {
            return new CheckpointRow(step, command.ExecuteScalar() as byte[] ?? []);
        }
        catch (SqliteException cause) when (StoreFault.Of(cause) is { Kind: StoreFaultKind.Damaged } fault)
        {
            return new CheckpointRow(step, default, fault.Reason);
        }
    }

    // A learner makes its database before the tables in it.
    private List<string> ReadPersistenceIds()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master";
        if ((long)command.ExecuteScalar()! == 0)
        {
            return [];
        }

        command.CommandText =
            "SELECT persistence_id FROM journal UNION SELECT persistence_id FROM snapshot ORDER BY persistence_id";
        using var rows = command.ExecuteReader();
        var ids = new List<string>();
        while (rows.Read())
        {
            ids.Add(rows.GetString(0));
        }

        return ids;
    }

    private SqliteCommand Query(string sql, string persistenceId)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", persistenceId);
        return command;
    }
}
