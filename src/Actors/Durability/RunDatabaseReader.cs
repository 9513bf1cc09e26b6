using Microsoft.Data.Sqlite;

namespace Involute.Actors.Durability;

/// <summary>
/// Reads a run's database without an actor system, while a learner writes it, after a crash, or at rest.
/// </summary>
/// <remarks>It opens the file read-only, takes no lock that a writer would wait for, and creates no file.</remarks>
public static class RunDatabaseReader
{
    /// <summary>Reads everything, as of one moment.</summary>
    /// <exception cref="InvalidDataException">There is no database, or it is not a run's, or it is damaged.</exception>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public static RunHistory Read(string runFolder) =>
        ReadAtOneMoment(runFolder, connection => ReadHistory(connection, runFolder));

    /// <summary>Reads something else in the same way.</summary>
    /// <exception cref="InvalidDataException">There is no database, or it is not a run's, or it is damaged.</exception>
    /// <exception cref="IOException">It cannot be read now.</exception>
    internal static T ReadAtOneMoment<T>(string runFolder, Func<SqliteConnection, T> read)
        where T : class
    {
        if (!RunDatabase.Exists(runFolder))
        {
            throw new InvalidDataException($"{RunDatabase.PathIn(runFolder)}: no such file");
        }

        // At rest there is no write-ahead log, and reading must not make one. If a learner starts meanwhile, there is.
        return (IsAtRest(runFolder) ? ReadOnce(runFolder, read, atRest: true) : null)
            ?? ReadOnce(runFolder, read, atRest: false)!;
    }

    /// <summary>
    /// The same, or null while nothing has been written: a learner makes its database before its first event.
    /// </summary>
    /// <exception cref="InvalidDataException">The database is not a run's, or it is damaged.</exception>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public static RunHistory? ReadIfBegun(string runFolder) =>
        RunDatabase.Exists(runFolder) && !IsEmpty(runFolder) ? Read(runFolder) : null;

    // What cannot be read is not empty: reading will say what is wrong.
    private static bool IsEmpty(string runFolder)
    {
        try
        {
            using var connection = new SqliteConnection(ConnectionString(runFolder, IsAtRest(runFolder)));
            connection.Open();
            return Count(connection, "sqlite_master") == 0 || Count(connection, "journal") == 0;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private static long Count(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT 1)";
        return (long)command.ExecuteScalar()!;
    }

    private static bool IsAtRest(string runFolder) => !File.Exists(RunDatabase.PathIn(runFolder) + "-wal");

    private static T? ReadOnce<T>(string runFolder, Func<SqliteConnection, T> read, bool atRest)
        where T : class
    {
        try
        {
            using var connection = new SqliteConnection(ConnectionString(runFolder, atRest));
            connection.Open();
            using var transaction = connection.BeginTransaction(deferred: true);
            var found = read(connection);
            return atRest && !IsAtRest(runFolder) ? null : found;
        }
        catch (Exception cause) when (
            cause is SqliteException or InvalidDataException && atRest && !IsAtRest(runFolder))
        {
            return null;
        }
        catch (SqliteException cause)
        {
            throw RunDatabase.Translate(cause, runFolder);
        }
    }

    private static string ConnectionString(string runFolder, bool atRest)
    {
        var path = RunDatabase.PathIn(runFolder);
        var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        return new SqliteConnectionStringBuilder
        {
            DataSource = atRest ? $"file:{escaped}?immutable=1" : path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = RunDatabase.LockTimeoutSeconds,
        }.ConnectionString;
    }

    private static RunHistory ReadHistory(SqliteConnection connection, string runFolder)
    {
        var ledger = new LedgerState();
        var losses = new List<double>();
        var epochs = new List<EpochStarted>();
        var changes = new List<SettingChanged>();
        foreach (var ledgerEvent in Events(connection))
        {
            ledger.Apply(ledgerEvent);
            switch (ledgerEvent)
            {
                case StepRecorded step:
                    losses.Add(step.MeanLoss);
                    break;
                case EpochStarted epoch:
                    epochs.Add(epoch);
                    break;
                case SettingChanged change:
                    changes.Add(change);
                    break;
                default:
                    break;
            }
        }

        var runId = ledger.RunId
            ?? throw new InvalidDataException($"{RunDatabase.PathIn(runFolder)}: no run has been written here yet");
        var steps = CheckpointSteps(connection, runId);
        var search = Search(connection, ledger, runId);
        return new RunHistory(
            runId,
            search.Found,
            search.Warnings,
            ledger.LastStep > 0 ? ledger.ThetaHash(ledger.LastStep) : null,
            losses,
            epochs,
            changes,
            steps);
    }

    private static IEnumerable<ILedgerEvent> Events(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT message, manifest FROM journal WHERE persistence_id LIKE 'ledger-%' ORDER BY sequence_number";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return LedgerEventFormat.Read((byte[])rows[0], rows[1] as string ?? string.Empty);
        }
    }

    private static List<long> CheckpointSteps(SqliteConnection connection, RunId runId)
    {
        using var command = Query(
            connection,
            "SELECT sequence_number FROM snapshot WHERE persistence_id = $id ORDER BY sequence_number",
            runId);
        using var rows = command.ExecuteReader();
        var steps = new List<long>();
        while (rows.Read())
        {
            steps.Add(rows.GetInt64(0));
        }

        return steps;
    }

    private static CheckpointSearch Search(SqliteConnection connection, LedgerState ledger, RunId runId)
    {
        var search = new CheckpointSearch(ledger, runId, identitySha256: null);
        while (search.Limit is { } limit)
        {
            try
            {
                Look(connection, search, runId, limit);
            }
            catch (SqliteException cause) when (StoreFault.Of(cause).Kind == StoreFaultKind.Damaged)
            {
                search.Unreadable(StoreFault.Of(cause).Reason);
            }
        }

        return search;
    }

    private static void Look(SqliteConnection connection, CheckpointSearch search, RunId runId, long limit)
    {
        using var command = Query(
            connection,
            """
            SELECT sequence_number, snapshot FROM snapshot
            WHERE persistence_id = $id AND sequence_number <= $limit ORDER BY sequence_number DESC LIMIT 1
            """,
            runId);
        command.Parameters.AddWithValue("$limit", limit);
        using var rows = command.ExecuteReader();
        if (rows.Read())
        {
            search.Loaded(rows.GetInt64(0), rows[1]);
        }
        else
        {
            search.Missing();
        }
    }

    private static SqliteCommand Query(SqliteConnection connection, string sql, RunId runId)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", LedgerWriter.PersistenceIdOf(runId));
        return command;
    }
}
