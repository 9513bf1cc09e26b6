using System.Text;
using Involute.Runs.Ledger;
using Microsoft.Data.Sqlite;

namespace Involute.Runs.Stores.Sqlite;

/// <summary>
/// The database of a run, <c>run.db</c> in its folder: ledger in table journal, checkpoints in table snapshot.
/// </summary>
public static class RunDatabase
{
    /// <summary>Its file name.</summary>
    public const string FileName = "run.db";

    /// <summary>
    /// Seconds that a statement waits for another process's lock before the store counts as unavailable.
    /// </summary>
    public const int LockTimeoutSeconds = 5;

    // SQLite's limit of 512 leaves room for the "-journal" that it adds to a database's name.
    private const int LongestPath = 504;

    // More than the database itself: a log that SQLite can empty is seldom longer than one checkpoint.
    private const long LongestLog = 64L << 20;

    // What Akka.Persistence.Sql's auto-initialize makes. We do it ourselves: the plugin's journal stops for good when
    // its own attempt meets a lock, and asking the schema costs it a good part of a second at every start.
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        BEGIN IMMEDIATE;
        CREATE TABLE IF NOT EXISTS journal (
          ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
          created INTEGER NOT NULL,
          deleted Bit NOT NULL,
          persistence_id NVarChar(255) NOT NULL,
          sequence_number INTEGER NOT NULL,
          message VarBinary NOT NULL,
          manifest NVarChar(500) NULL,
          identifier INTEGER NULL,
          writer_uuid NVarChar(128) NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);
        CREATE TABLE IF NOT EXISTS snapshot (
          persistence_id NVarChar(255) NOT NULL,
          sequence_number INTEGER NOT NULL,
          created INTEGER NOT NULL,
          snapshot VarBinary NULL,
          manifest NVarChar(500) NULL,
          serializer_id INTEGER NULL,
          CONSTRAINT PK_snapshot PRIMARY KEY (persistence_id, sequence_number));
        CREATE TABLE IF NOT EXISTS tags (
          ordering_id INTEGER NOT NULL,
          tag NVarChar(64) NOT NULL,
          sequence_nr INTEGER NOT NULL,
          persistence_id NVarChar(255) NOT NULL,
          CONSTRAINT PK_tags PRIMARY KEY (ordering_id, tag));
        COMMIT;
        """;

    /// <summary>The database's path.</summary>
    public static string PathIn(string runFolder) => Path.GetFullPath(Path.Combine(runFolder, FileName));

    /// <summary>Whether a run has been written here.</summary>
    public static bool Exists(string runFolder) => Presence.OfFile(PathIn(runFolder));

    /// <summary>Connection string of the one writer; a database that was moved away is not made again.</summary>
    public static string ConnectionString(string runFolder, int lockTimeoutSeconds = LockTimeoutSeconds) =>
        ConnectionString(runFolder, lockTimeoutSeconds, SqliteOpenMode.ReadWrite);

    /// <summary>
    /// Makes the database if there is none, with a write-ahead log, so that readers never wait; else checks it.
    /// </summary>
    /// <exception cref="InvalidDataException">It is no database, or that of another run.</exception>
    /// <exception cref="IOException">It cannot be opened or written now.</exception>
    public static void Prepare(string runFolder, RunId runId)
    {
        RequireShortPath(runFolder);
        try
        {
            // Not of a pool: a run that cannot be computed is removed, and a connection that stays open would show the
            // next run of that name the database that is gone.
            using var connection = new SqliteConnection(
                ConnectionString(runFolder, LockTimeoutSeconds, SqliteOpenMode.ReadWriteCreate, pooling: false));
            connection.Open();
            switch (CountTables(connection))
            {
                case (0, 0):
                    Execute(connection, Schema);
                    break;
                case (3, _):
                    break;
                default:
                    throw new InvalidDataException($"{PathIn(runFolder)}: the database of another program");
            }

            if (OtherRun(connection, runId) is { } other)
            {
                throw new InvalidDataException($"{PathIn(runFolder)}: of {other}, not of run '{runId}'");
            }
        }
        catch (SqliteException cause)
        {
            throw StoreFault.Translate(cause, PathIn(runFolder));
        }
    }

    /// <summary>Changes a database that is there.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be written now.</exception>
    public static T Change<T>(string runFolder, Func<SqliteConnection, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            using var connection = new SqliteConnection(ConnectionString(runFolder));
            connection.Open();
            return change(connection);
        }
        catch (SqliteException cause)
        {
            throw StoreFault.Translate(cause, PathIn(runFolder));
        }
    }

    /// <summary>
    /// Empties the write-ahead log when it has grown: a process that reads the database for long keeps SQLite from doing so.
    /// </summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="longest">Bytes beyond those of the database that the log may have.</param>
    /// <exception cref="IOException">Another process holds the database.</exception>
    internal static void BoundLog(string runFolder, long longest = LongestLog)
    {
        var (file, log) = (new FileInfo(PathIn(runFolder)), new FileInfo(PathIn(runFolder) + "-wal"));
        if (!log.Exists || log.Length < longest + (file.Exists ? file.Length : 0))
        {
            return;
        }

        if (!TryEmptyLog(runFolder))
        {
            throw new IOException(
                $"{PathIn(runFolder)}: another process has been reading it while its write-ahead log grew to "
                + $"{ByteSize.Text(log.Length)}");
        }
    }

    /// <summary>Empties the write-ahead log, so that the file of the database alone has everything.</summary>
    /// <exception cref="IOException">Another process holds the database.</exception>
    internal static void EmptyLog(string runFolder)
    {
        if (!TryEmptyLog(runFolder))
        {
            throw new IOException($"{PathIn(runFolder)}: another process is reading it: try again later");
        }
    }

    private static bool TryEmptyLog(string runFolder) => Change(runFolder, connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        return (long)command.ExecuteScalar()! == 0;
    });

    private static void RequireShortPath(string runFolder)
    {
        var path = PathIn(runFolder);
        if (Encoding.UTF8.GetByteCount(path) is var bytes && bytes > LongestPath)
        {
            throw new PathTooLongException(
                $"{path}: a path of {bytes} bytes; SQLite opens paths of at most {LongestPath} bytes: choose a shorter "
                    + "'--runs' or '--name'");
        }
    }

    private static string ConnectionString(
        string runFolder, int lockTimeoutSeconds, SqliteOpenMode mode, bool pooling = true) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = PathIn(runFolder),
            DefaultTimeout = lockTimeoutSeconds,
            Mode = mode,
            Pooling = pooling,
        }.ConnectionString;

    private static (long Ours, long All) CountTables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT count(*) FILTER (WHERE name IN ('journal', 'snapshot', 'tags')), count(*)
            FROM sqlite_master WHERE type = 'table'
            """;
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private static string? OtherRun(SqliteConnection connection, RunId runId)
    {
        using var command = connection.CreateCommand();
        // By the index, before and behind the run's own: a ledger has millions of rows.
        command.CommandText = """
            SELECT min(persistence_id) FROM journal WHERE persistence_id >= 'ledger-' AND persistence_id < $own
            UNION ALL
            SELECT min(persistence_id) FROM journal WHERE persistence_id > $own AND persistence_id < 'ledger.'
            ORDER BY 1 DESC LIMIT 1
            """;
        command.Parameters.AddWithValue("$own", LedgerId.Of(runId));
        return command.ExecuteScalar() is string other ? $"'{other}'" : null;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
