using Microsoft.Data.Sqlite;

namespace Involute.Runs.Stores.Sqlite;

/// <summary>
/// Reads a run's database without an actor system, while a learner writes it, after a crash, or at rest.
/// </summary>
/// <remarks>It opens the file read-only, takes no lock that a writer would wait for, and creates no file.</remarks>
public static class RunDatabaseReader
{
    /// <summary>Reads something, as of one moment.</summary>
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

    /// <summary>Whether anything is in the database at all.</summary>
    internal static bool HasTables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1 FROM sqlite_master LIMIT 1";
        return command.ExecuteScalar() is not null;
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
            throw StoreFault.Translate(cause, RunDatabase.PathIn(runFolder));
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
}
