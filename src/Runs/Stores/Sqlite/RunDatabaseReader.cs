using Involute.Runs.Claims;
using Microsoft.Data.Sqlite;

namespace Involute.Runs.Stores.Sqlite;

/// <summary>
/// Reads a run's database without an actor system, while a learner writes it, after a crash, or at rest.
/// </summary>
/// <remarks>It opens the file read-only, takes no lock that a writer would wait for, and creates no file in the run's
/// folder: where the folder is read-only and has a write-ahead log, a copy is read.</remarks>
public static class RunDatabaseReader
{
    private const string Log = "-wal";
    private const int WriteVersion = 18;
    private const int NewestWriteVersion = 2;
    private const int SqliteReadOnly = 8;
    private const int SqliteCannotOpen = 14;
    private const int CopyAttempts = 3;

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

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

        var path = RunDatabase.PathIn(runFolder);
        if (!FolderClaim.IsClaimed(runFolder))
        {
            RequireWritableFormat(path);
        }

        try
        {
            // At rest there is no write-ahead log, and reading must not make one. If a learner starts meanwhile, there is.
            return (IsAtRest(path) ? ReadOnce(path, path, read, atRest: true) : null)
                ?? ReadOnce(path, path, read, atRest: false)!;
        }
        catch (IOException cause) when (
            cause.InnerException is SqliteException { SqliteErrorCode: SqliteCannotOpen or SqliteReadOnly }
            && !FolderClaim.IsClaimed(runFolder))
        {
            Presence.RequireReadable(path);
            if (IsAtRest(path))
            {
                throw;
            }

            return ReadCopy(path, read);
        }
    }

    /// <summary>Whether anything is in the database at all.</summary>
    internal static bool HasTables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1 FROM sqlite_master LIMIT 1";
        return command.ExecuteScalar() is not null;
    }

    // SQLite reads a file whose header tells of a later format for writing, and says nothing. Never in a learner's process:
    // closing the file by other means than SQLite's gives up all locks that the process has on it.
    private static void RequireWritableFormat(string path)
    {
        Presence.RequireReadable(path);
        using var file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[WriteVersion + 1];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
            && header.StartsWith(Magic)
            && header[WriteVersion] > NewestWriteVersion)
        {
            throw new InvalidDataException(
                $"{path}: byte {WriteVersion} of its header is {header[WriteVersion]}, a format that cannot be written; a run's database has "
                    + $"{NewestWriteVersion}");
        }
    }

    private static bool IsAtRest(string path) => !File.Exists(path + Log);

    // A write-ahead log needs an index beside it, which cannot be made in a folder that is read-only.
    private static T ReadCopy<T>(string path, Func<SqliteConnection, T> read)
        where T : class
    {
        var folder = Directory.CreateTempSubdirectory("involute-");
        try
        {
            var copy = Path.Combine(folder.FullName, RunDatabase.FileName);
            for (var attempt = 1; ; attempt++)
            {
                var before = Stamp(path);

                // A copy keeps the modes: one of a file that may only be read could not be written over.
                File.Delete(copy);
                File.Delete(copy + Log);
                File.Copy(path, copy);
                File.Copy(path + Log, copy + Log);
                if (Stamp(path) == before)
                {
                    return ReadOnce(copy, path, read, atRest: false)!;
                }

                if (attempt == CopyAttempts)
                {
                    throw new IOException($"{path}: it is written all the time, and this user may not take part");
                }
            }
        }
        catch (UnauthorizedAccessException failed)
        {
            throw new IOException($"{path}: it cannot be copied to read it ({failed.Message})", failed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (long, DateTime, long, DateTime) Stamp(string path)
    {
        var (file, log) = (new FileInfo(path), new FileInfo(path + Log));
        return (file.Length, file.LastWriteTimeUtc, log.Length, log.LastWriteTimeUtc);
    }

    private static T? ReadOnce<T>(string path, string place, Func<SqliteConnection, T> read, bool atRest)
        where T : class
    {
        try
        {
            using var connection = new SqliteConnection(ConnectionString(path, atRest));
            connection.Open();
            using var transaction = connection.BeginTransaction(deferred: true);
            var found = read(connection);
            return atRest && !IsAtRest(path) ? null : found;
        }
        catch (Exception cause) when (
            cause is SqliteException or InvalidDataException && atRest && !IsAtRest(path))
        {
            return null;
        }
        catch (SqliteException cause)
        {
            throw StoreFault.Translate(cause, place);
        }
    }

    private static string ConnectionString(string path, bool atRest)
    {
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
